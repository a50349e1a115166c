import { request } from 'node:https';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { watch } from '../../src/cli/commands/watch.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { WatchReport } from '../../src/jobs/watch-report.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { builtInRole } from '../../src/sandbox/generate/role-definitions.ts';
import { scenarios, writeScenario } from '../../src/sandbox/generate/scenarios/index.ts';
import { parseAz } from '../rules/az-line.ts';
import { folder } from './mi-audit.ts';

type Environment = Readonly<Record<string, string>>;

/** What the incident tells one to run, run: the next diagnosis must not tell it again. */
test.each([
  'missing-role/vault',
  'missing-role/queue',
  'missing-role/service-bus',
  'control-plane-role-only/contributor-on-account',
  'role-at-wrong-scope/other-group',
  'role-removed/vault',
  'recreated-identity/machine',
  'vault-on-rbac/flipped',
])('%s: the printed grant, made, is on its way', { timeout: 60_000 }, async (id) => {
  const scenario = scenarios.find((one) => one.id === id)!;
  const dir = join(await folder(), 'world');
  await writeScenario(scenario, dir);
  const sandbox = await startSandbox({ worldDir: dir, storage: false });
  const restore = enter(sandbox.environment);
  try {
    const before = await pass(sandbox.environment, `${dir}.before`);
    expect(before.incidents.map((one) => one.causes[0]?.id)).toEqual([scenario.cause]);
    const grants = before.incidents
      .flatMap((one) => one.causes[0]?.fix ?? [])
      .flatMap((step) => (step.cli?.startsWith('az role assignment create ') ? [step.cli] : []));
    expect(grants.length).toBeGreaterThan(0);
    for (const line of grants) expect(await create(line, sandbox.environment)).toBe(201);
    const after = await pass(sandbox.environment, `${dir}.after`);
    expect(after.incidents.map((one) => one.causes[0]?.id)).toEqual(['still-propagating']);
  } finally {
    restore();
    await sandbox.close();
  }
});

const pass = (environment: Environment, store: string): Promise<WatchReport> =>
  watch({ store, format: 'json', quiet: true }, terminalWith(environment));

const terminalWith = (environment: Environment): Terminal => ({
  environment,
  input: Readable.from([]),
  print: () => {},
  note: () => {},
  progress: () => {},
  columns: 120,
  colours: false,
});

/** As az makes it: a PUT of a new name at the scope. */
async function create(line: string, environment: Environment): Promise<number> {
  const option = parseAz(line);
  const given = (name: string): string => option.get(name)?.[0] ?? '';
  const role = /^[0-9a-f-]{36}$/i.test(given('role')) ? given('role') : builtInRole(given('role')).guid;
  const body = JSON.stringify({
    properties: {
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId: given('assignee-object-id'),
      principalType: given('assignee-principal-type'),
    },
  });
  const arm = environment['CLOUD_RESOURCE_MANAGER_URL']!;
  const asked = await fetch(`${environment['IDENTITY_ENDPOINT']!}?resource=${encodeURIComponent(`${arm}/`)}&api-version=2019-08-01`, {
    headers: { 'X-IDENTITY-HEADER': environment['IDENTITY_HEADER']! },
  });
  const { access_token: token } = (await asked.json()) as { readonly access_token: string };
  const url = `${arm}${given('scope')}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=2022-04-01`;
  const ca = await readFile(environment['CLOUD_CA_FILE']!, 'utf8');
  return new Promise((resolve, reject) => {
    const put = request(
      url,
      { method: 'PUT', ca, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } },
      (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    put.on('error', reject).end(body);
  });
}

/** Azure's identity library reads the process's own environment. */
function enter(environment: Environment): () => void {
  const names = ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER'] as const;
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) process.env[name] = environment[name];
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
