import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { contosoPage, writeContoso, type Planted } from '../../../src/sandbox/generate/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'contoso-'));
afterAll(() => rm(folder, { recursive: true }));

const dir = join(folder, 'seed-1');
const planted = await writeContoso(dir);

interface Line {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}
const rows = async (file: string): Promise<readonly Line[]> =>
  (await readFile(join(dir, file), 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line): Line => JSON.parse(line));

const everyFile = async (world: string): Promise<string> => {
  const files = (await readdir(world, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.toSorted().map((file) => readFile(file, 'utf8')))).join('\n');
};

/** Issue 2, section 4. */
const rulesOfTheFirstAudit = [
  'orphaned-assignment',
  'soft-deleted-principal',
  'recreated-identity',
  'orphaned-vault-policy',
  'relict-policy-identity',
  'privileged-role-at-broad-scope',
  'escalation-capable-role',
  'data-access-at-broad-scope',
  'wildcard-custom-role',
  'unnarrowed-broad-grant',
  'redundant-assignment',
  'assignment-limit-near',
  'unattached-identity',
  'dormant-door',
  'identity-without-role',
  'shared-identity',
  'ambiguous-identities',
  'vault-role-without-effect',
  'vault-policy-without-effect',
  'federated-credential-too-open',
  'unowned-identity',
];

test.each(rulesOfTheFirstAudit)('%s is planted, and something beside it only looks like it', (rule) => {
  const found = (expected: Planted['expect'], problem: string): boolean =>
    planted.some((one) => one.expect === expected && one.problem === problem);
  expect(found('finding', rule)).toBe(true);
  expect(found('silent', `look-alike of ${rule}`)).toBe(true);
});

test('no subject is both a problem and a look-alike of the same rule under the same settings', () => {
  const verdicts = Map.groupBy(planted, (one) => `${one.problem.replace('look-alike of ', '')} ${one.subject} ${one.setting ?? ''}`);
  const contradictions = [...verdicts].filter(([, all]) => new Set(all.map((one) => one.expect)).size > 1);
  expect(contradictions).toEqual([]);
});

test('every planted subject is in the world', async () => {
  const text = (await everyFile(dir)).toLowerCase();
  // A role is named by its GUID; a name with quotes is escaped in JSON.
  const missing = planted.filter((one) => !text.includes(JSON.stringify(one.subject).slice(1, -1).toLowerCase()));
  expect(missing).toEqual([]);
});

test('the same seed writes the same world, another seed another one with the same stories', async () => {
  await writeContoso(join(folder, 'again'));
  const other = await writeContoso(join(folder, 'seed-2'), { seed: 2 });
  expect(await everyFile(join(folder, 'again'))).toBe(await everyFile(dir));
  expect(other.map((one) => one.note)).toEqual(planted.map((one) => one.note));
  expect(other.map((one) => one.subject)).not.toEqual(planted.map((one) => one.subject));
});

test('rows have the columns of Resource Graph, types in lower case and ids of their own', async () => {
  for (const table of ['resources', 'resourcecontainers', 'authorizationresources', 'policyresources']) {
    const all = await rows(`arg/${table}.jsonl`);
    for (const row of all) {
      expect(Object.keys(row).toSorted()).toEqual([
        'extendedLocation',
        'id',
        'identity',
        'kind',
        'location',
        'managedBy',
        'name',
        'plan',
        'properties',
        'resourceGroup',
        'sku',
        'subscriptionId',
        'tags',
        'tenantId',
        'type',
        'zones',
      ]);
      expect(row.type).toBe(row.type.toLowerCase());
    }
    expect(new Set(all.map((row) => row.id.toLowerCase())).size).toBe(all.length);
  }
});

test('every assignment names a role that is defined, in both spellings of its id', async () => {
  const all = await rows('arg/authorizationresources.jsonl');
  const defined = new Set(all.filter((row) => row.type.endsWith('/roledefinitions')).map((row) => row.name));
  const named = all.filter((row) => row.type.endsWith('/roleassignments')).map((row) => String(row.properties['roleDefinitionId']));
  expect(named.filter((id) => !defined.has(id.slice(id.lastIndexOf('/') + 1)))).toEqual([]);
  expect(named.some((id) => id.startsWith('/subscriptions/'))).toBe(true);
  expect(named.some((id) => id.startsWith('/providers/'))).toBe(true);
});

test('the page in docs is the one the stories write', async () => {
  const page = await readFile(new URL('../../../docs/contoso.md', import.meta.url), 'utf8');
  expect(page).toBe(contosoPage());
});
