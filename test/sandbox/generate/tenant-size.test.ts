import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, expect, test } from 'vitest';
import { presets, writeTenant, type TenantSize } from '../../../src/sandbox/generate/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'sized-'));
afterAll(() => rm(folder, { recursive: true }));

const small: TenantSize = {
  seed: 7,
  subscriptions: 12,
  resourceGroupsPerSubscription: 3,
  resources: 600,
  managementGroups: 9,
  assignments: 2_500,
  principals: 300,
  identities: 40,
  days: 1,
};

interface Line {
  readonly id: string;
  readonly type: string;
  readonly tenantId: string;
  readonly properties: Readonly<Record<string, unknown>>;
}
const rows = async (dir: string, file: string): Promise<readonly Line[]> =>
  (await readFile(join(dir, file), 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line): Line => JSON.parse(line));
const ofType = (all: readonly Line[], type: string): readonly Line[] => all.filter((row) => row.type === type);

test('a sized tenant has as many rows as it was told', async () => {
  const dir = join(folder, 'small');
  await writeTenant(dir, small);
  const containers = await rows(dir, 'arg/resourcecontainers.jsonl');
  const resources = await rows(dir, 'arg/resources.jsonl');
  const authorization = await rows(dir, 'arg/authorizationresources.jsonl');
  expect(ofType(containers, 'microsoft.resources/subscriptions')).toHaveLength(12);
  expect(ofType(containers, 'microsoft.management/managementgroups')).toHaveLength(9);
  expect(ofType(containers, 'microsoft.resources/subscriptions/resourcegroups')).toHaveLength(36);
  expect(ofType(resources, 'microsoft.managedidentity/userassignedidentities')).toHaveLength(40);
  // One workspace more, since logs were asked for.
  expect(resources).toHaveLength(601);
  const assignments = ofType(authorization, 'microsoft.authorization/roleassignments');
  expect(assignments).toHaveLength(2_500);
  for (const all of [containers, resources, authorization]) expect(new Set(all.map((row) => row.id.toLowerCase())).size).toBe(all.length);
  expect(new Set([...containers, ...resources, ...authorization].map((row) => row.tenantId)).size).toBe(1);
});

test('nearly every assignment belongs to somebody whom the directory knows', async () => {
  const dir = join(folder, 'directory');
  await writeTenant(dir, small);
  const known = new Set<string>();
  for (const set of ['servicePrincipals', 'users', 'groups']) for (const row of await rows(dir, `graph/${set}.jsonl`)) known.add(row.id);
  const assignments = ofType(await rows(dir, 'arg/authorizationresources.jsonl'), 'microsoft.authorization/roleassignments');
  const unknown = assignments.filter((row) => !known.has(String(row.properties['principalId'])));
  expect(unknown).toHaveLength(2);
  expect(known.size).toBe(small.principals);
});

test('the two tenants on which calls are counted have the same rows, spread over ten times the subscriptions', () => {
  const { reference, wide } = presets;
  expect(wide.subscriptions).toBe(reference.subscriptions * 10);
  expect(wide.subscriptions * wide.resourceGroupsPerSubscription).toBe(reference.subscriptions * reference.resourceGroupsPerSubscription);
  expect({ ...wide, subscriptions: 0, resourceGroupsPerSubscription: 0 }).toEqual({
    ...reference,
    subscriptions: 0,
    resourceGroupsPerSubscription: 0,
  });
});

test('rows go to disk as they are made: a world larger than the memory allowed is written', { timeout: 60_000 }, async () => {
  const size: TenantSize = { ...small, days: 0, assignments: 80_000 };
  const module = new URL('../../../src/sandbox/generate/index.ts', import.meta.url).href;
  const code = `const { workerData } = require('node:worker_threads'); import(${JSON.stringify(module)}).then(({ writeTenant }) => writeTenant(workerData.dir, workerData.size)).catch((error) => { throw error; });`;
  const worker = new Worker(code, {
    eval: true,
    workerData: { dir: join(folder, 'large'), size },
    resourceLimits: { maxOldGenerationSizeMb: 40 },
    execArgv: [],
  });
  const outcome = await new Promise<string>((resolve) => {
    worker.on('error', (error) => resolve(error.message));
    worker.on('exit', (exitCode) => resolve(`ended with ${exitCode}`));
  });
  expect(outcome).toBe('ended with 0');
});
