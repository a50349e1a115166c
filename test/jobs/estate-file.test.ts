import { describe, expect, it } from 'vitest';
import type { Estate } from '../../src/estate/index.ts';
import { estateLines, readEstate } from '../../src/jobs/estate-file.ts';
import { redactedLines } from '../../src/jobs/redact-estate.ts';
import { principalsNamed } from '../../src/jobs/principals-named.ts';
import { listIdentities } from '../../src/jobs/list-identities.ts';
import {
  assign,
  attached,
  contributor,
  directory,
  estate,
  federatedCredential,
  guid,
  host,
  managementGroup,
  owner,
  pid,
  principal,
  reader,
  role,
  sub,
  subscription,
  systemAssignedOf,
  userAssigned,
  vault,
} from '../build/estate.ts';

async function* from(lines: Iterable<string>): AsyncIterable<string> {
  yield* lines;
}
const read = (lines: Iterable<string>): Promise<Estate> => readEstate(from(lines));

const app = userAssigned('id-app', undefined, { tags: { owner: 'Team Ünïcode "quoted"' } });
const web = attached(host('web', undefined, { systemAssigned: undefined }), app);
const vm = host('vm');
const full = estate({
  containers: [managementGroup('corp'), subscription('prod', '/providers/Microsoft.Management/managementGroups/corp')],
  identities: [app, systemAssignedOf(vm)],
  hosts: [web, vm],
  assignments: [
    assign(app.principalId, reader, sub('prod'), { condition: '@Resource[x] == 1' }),
    assign(pid('gone'), owner, '/', { createdAt: undefined }),
  ],
  denyAssignments: [],
  federatedCredentials: [
    federatedCredential(app, 'github'),
    federatedCredential(app, 'flexible', { subject: undefined, expression: "claims['sub'] matches 'repo:contoso/*'" }),
  ],
  policyAssignments: [{ id: '/p', key: '/p' as Estate['policyAssignments'][number]['key'], name: 'policy' }],
  vaults: [
    vault('kv', {
      rbac: false,
      policies: [{ tenantId: guid('t'), objectId: app.principalId, keys: ['get'], secrets: [], certificates: [] }],
    }),
  ],
  clusters: [{ id: '/c', key: '/c' as Estate['clusters'][number]['key'], name: 'aks', issuer: 'https://issuer/' }],
  workspaces: [{ id: '/w', key: '/w' as Estate['workspaces'][number]['key'], name: 'law', customerId: guid('w') }],
  directory: directory({
    found: [principal(app)],
    absent: [pid('gone')],
    deleted: [{ id: pid('bin'), deletedAt: '2026-11-01T00:00:00Z' }],
    unresolved: [pid('dark')],
  }),
  memberships: new Map([[app.principalId, [pid('group')]]]),
  appRoleGrants: [{ principalId: app.principalId, resourceId: guid('graph'), resourceName: 'Microsoft Graph', appRoleId: guid('role') }],
  directoryRoles: [{ principalId: app.principalId, roleTemplateId: guid('t'), roleName: 'Global Reader' }],
  auditorPrincipalId: guid('auditor'),
  gaps: [
    { slice: 'vaults', scope: '/', state: 'partial', why: 'one row was odd', permission: 'x/read' },
    { slice: 'denyAssignments', scope: '/', state: 'missing', why: 'not read', harmless: true },
  ],
  roles: [
    role(contributor, 'Contributor', { actions: ['*'] }),
    role(guid('custom role'), 'Contoso Operator', { actions: ['*/read'] }, { custom: true, assignableScopes: [sub('prod')] }),
  ],
});

describe('an estate file', () => {
  it('holds everything', async () => {
    expect(await read(estateLines(full))).toEqual(full);
  });

  it('tells "none" from "not asked"', async () => {
    const { denyAssignments: _none, ...unasked } = full;
    expect((await read(estateLines(unasked))).denyAssignments).toBeUndefined();
    expect((await read(estateLines(full))).denyAssignments).toEqual([]);
  });

  const lines = [...estateLines(full)];
  it.each<[string, readonly string[], RegExp]>([
    ['nothing', [], /empty/],
    ['another format', ['{"format":"x"}'], /first line must name the format/],
    ['no JSON', [lines[0]!, 'x'], /Line 2 is not JSON/],
    ['a file cut short', lines.slice(0, -1), /cut short/],
    ['a line lost', lines.toSpliced(3, 1), /cut short/],
    ['more after the end', [...lines, lines[1]!], /more after the last line/],
    ['a kind that is none', [lines[0]!, '["toString",{}]'], /no kind of item/],
    ['an item of the wrong shape', [lines[0]!, '["assignments",{"id":1}]'], /Line 2 \(assignments\): id/],
    ['a list for an item', [lines[0]!, '["hosts",[],{}]'], /no kind of item/],
  ])('is refused as a whole: %s', async (_name, given, words) => {
    await expect(read(given)).rejects.toThrow(words);
  });
});

describe('a redacted estate file', () => {
  const redacted = [...redactedLines(estateLines(full), 'a secret')];
  const text = redacted.join('\n');

  it('names nobody and nothing', () => {
    for (const secret of [
      'id-app',
      'sites/web',
      'Ünïcode',
      'corp"',
      'Contoso',
      'contoso',
      'law',
      guid('gone'),
      guid('prod').slice(0, 8),
      'github"',
      'rg-app',
    ])
      expect([secret, text.includes(secret)]).toEqual([secret, false]);
  });

  it('is alike where the estate was alike', async () => {
    const estate = await read(redacted);
    const [one] = estate.identities;
    expect(estate.assignments[0]?.principalId).toBe(one?.principalId);
    expect(one?.key).toBe(one?.resourceId.toLowerCase());
    expect(estate.hosts[0]?.userAssigned[0]?.key).toBe(one?.key);
    expect(estate.federatedCredentials[0]?.identity).toBe(one?.key);
    expect(estate.containers[1]?.parent).toBe(estate.containers[0]?.key);
  });

  it('keeps what rules judge by', async () => {
    const estate = await read(redacted);
    expect(estate.roles.get([...full.roles.keys()][0]!)?.name).toBe('Contributor');
    expect(estate.assignments[0]?.roleId).toBe(reader);
    expect(estate.federatedCredentials[0]).toMatchObject({
      issuer: 'https://token.actions.githubusercontent.com',
      subject: expect.stringMatching(/^repo:x\w+\/x\w+:environment:x\w+$/),
    });
    expect(estate.federatedCredentials[1]?.expression).toMatch(/^claims\['sub'\] matches 'repo:x\w+\/\*'$/);
    expect(estate.gaps).toHaveLength(2);
  });

  it('looks different under another salt', () => {
    expect([...redactedLines(estateLines(full), 'another')].join('\n')).not.toBe(text);
  });
});

describe('naming a principal', () => {
  it.each([app.principalId.toUpperCase(), app.clientId!, app.resourceId.toUpperCase(), 'ID-APP'])('takes %s', (given) => {
    expect(principalsNamed(full, ` ${given} `).map(({ id }) => id)).toEqual([app.principalId]);
  });

  it('takes an unknown GUID for an object id, and an unknown name for nobody', () => {
    expect(principalsNamed(full, guid('stranger'))).toMatchObject([{ id: guid('stranger'), kind: 'unknown' }]);
    expect(principalsNamed(full, 'stranger')).toEqual([]);
  });

  it('gives all who share a name', () => {
    const twin = userAssigned('id-app', `${sub('dev')}/resourceGroups/rg`, { principalId: pid('twin') });
    expect(principalsNamed({ ...full, identities: [...full.identities, twin] }, 'id-app')).toHaveLength(2);
  });
});

it('lists identities with their hosts and grants', () => {
  const views = listIdentities(full);
  expect(views.map(({ name, hosts, grants, federatedCredentials }) => [name, hosts.length, grants.length, federatedCredentials])).toEqual([
    ['id-app', 1, 1, 2],
    ['vm', 1, 0, 0],
  ]);
});
