import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { permissions } from '../../src/access/index.ts';
import { az, ran, sayIfSkipped, signedIn, type Ran } from '../sandbox/az-cli.ts';
import { auditor, containers, guid, serve, type SmallWorld } from '../sandbox/small-world.ts';

const script = join(import.meta.dirname, '../../infra/graph-permissions.sh');
const graphPermissions = permissions.filter(({ plane }) => plane === 'graph').map(({ permission }) => permission);

const microsoftGraph = guid(900);
const roleId = (at: number): string => guid(910 + at);
/** Names that end quotes, cells, lines and commands: whatever a name says, it is not run and not printed. */
const hostile = `'; touch /tmp/owned "$(touch owned)" \`touch owned\`\t${roleId(0)}\n${roleId(1)}`;

const world = (more: SmallWorld = {}): SmallWorld => ({
  ...more,
  files: {
    'arg/resourcecontainers': containers,
    'graph/servicePrincipals': [
      { id: auditor.principalId, appId: auditor.clientId, displayName: hostile, servicePrincipalType: 'ManagedIdentity' },
      {
        id: microsoftGraph,
        appId: '00000003-0000-0000-c000-000000000000',
        displayName: 'Microsoft Graph',
        servicePrincipalType: 'Application',
        appRoles: [
          // The same name as a permission for people comes first.
          { id: guid(999), value: graphPermissions[0], displayName: hostile, allowedMemberTypes: ['User'] },
          ...graphPermissions.map((value, at) => ({ id: roleId(at), value, displayName: hostile, allowedMemberTypes: ['Application'] })),
        ],
      },
    ],
    // The same role id on another resource is another permission.
    'graph/appRoleAssignments': [
      { id: 'other', principalId: auditor.principalId, resourceId: guid(901), appRoleId: roleId(0), principalDisplayName: hostile },
    ],
    ...more.files,
  },
});

test('the script knows the permissions of the one list', () => {
  expect(/^all=\((.*)\)$/m.exec(readFileSync(script, 'utf8'))?.[1]?.split(' ')).toEqual(graphPermissions);
});

sayIfSkipped('test/infra/graph-permissions.test.ts');
describe.skipIf(az === undefined)('infra/graph-permissions.sh, with the real Azure CLI', { timeout: 180_000 }, () => {
  const writes = (requests: readonly { readonly method: string; readonly service: string }[]): number =>
    requests.filter(({ method, service }) => service === 'graph' && method !== 'GET').length;

  it('says what it would do, names what was refused, goes on from there, and then has nothing to do', async () => {
    const fault = { match: `POST /v1.0/servicePrincipals/`, status: 403, code: 'Authorization_RequestDenied', after: 1, times: 1 };
    await using s = await serve(world({ settings: { faults: [fault] } }));
    using cli = await signedIn(s.sandbox);
    const asked = graphPermissions.slice(0, 3);
    const run = (...args: readonly string[]) => cli.run('bash', script, '--principal', auditor.principalId, ...args);

    const plan = await run('--what-if');
    expect(plan).toMatchObject({ code: 0, stderr: '' });
    expect(linesOf(plan)).toEqual(graphPermissions.map((name) => `missing  ${name} (would be granted)`));
    expect(writes(s.sandbox.requests())).toBe(0);

    const first = await run(...asked);
    expect(linesOf(first)).toEqual([`granted  ${asked[0]}`, `refused  ${asked[1]} (az says why, above)`, `granted  ${asked[2]}`]);
    expect(first.code).toBe(1);
    expect(first.stderr).toContain('Authorization_RequestDenied');
    expect(first.stderr).toContain(`Not granted: ${asked[1]}. What was granted stays`);

    const second = await run(...asked);
    expect(linesOf(second)).toEqual([`held     ${asked[0]}`, `granted  ${asked[1]}`, `held     ${asked[2]}`]);
    expect(second).toMatchObject({ code: 0, stderr: '' });

    const done = writes(s.sandbox.requests());
    const third = await run(...asked);
    expect(linesOf(third)).toEqual(asked.map((name) => `held     ${name}`));
    expect(third).toMatchObject({ code: 0, stderr: '' });
    expect(writes(s.sandbox.requests())).toBe(done);
    const { body } = await s.graph('GET', `/servicePrincipals/${microsoftGraph}/appRoleAssignedTo`);
    expect((body as { readonly value: readonly unknown[] }).value).toHaveLength(asked.length);

    const stranger = await run('--principal', guid(77));
    expect(stranger.code).toBe(1);
    expect(stranger.stderr).toContain('Is it the object id of the identity (not its client id)');
    expect(writes(s.sandbox.requests())).toBe(done);
  });
});

test('the script refuses what it was called with before it asks anybody', async () => {
  const run = (...args: readonly string[]): Promise<Ran> => ran('bash', [script, ...args], { PATH: process.env['PATH'] ?? '' });
  for (const wrong of [hostile, '', 'app-name'])
    expect(await run('--principal', wrong)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('a GUID') as unknown });
  expect(await run('--principal', auditor.principalId, 'Directory.ReadWrite.All')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is not a permission that the auditor uses') as unknown,
  });
  expect(await run('--grant')).toMatchObject({ code: 2, stderr: 'unknown option --grant\n' });
  expect((await run('--help')).stdout).toContain('--what-if');
});

const linesOf = ({ stdout }: Ran): readonly string[] => stdout.trim().split('\n');
