import { describe, expect, it } from 'vitest';
import { openAccess } from '../../src/access/index.ts';
import { inventoryOf, runbookOf, type RunbookFinding, type RunbookIncident } from '../../src/inventory/index.ts';
import {
  assign,
  attached,
  contributor,
  estate,
  federatedCredential,
  guid,
  host,
  keyVaultSecretsUser,
  sub,
  userAssigned,
  vault,
} from '../build/estate.ts';
import { parseAz } from '../rules/az-line.ts';
import { poisoned } from '../rules/hostile.ts';

const now = '2026-11-20T08:00:00Z';
const identity = userAssigned('app');
const kv = vault('app', {
  rbac: false,
  policies: [{ tenantId: '', objectId: identity.principalId, keys: [], secrets: ['get'], certificates: [] }],
});
const world = {
  estate: estate({
    identities: [{ ...identity, tags: { owner: 'app' } }],
    hosts: [attached(host('app'), identity)],
    vaults: [kv],
    federatedCredentials: [federatedCredential(identity, 'app', { subject: 'repo:contoso/app:ref' })],
    assignments: [assign(identity.principalId, contributor, sub('prod')), assign(identity.principalId, keyVaultSecretsUser, kv.id)],
  }),
  findings: [
    {
      id: 'shared-identity-0123456789abcdef',
      rule: 'shared-identity',
      severity: 'medium',
      status: 'open',
      title: 'app is shared',
      scope: identity.resourceId,
    },
  ] satisfies RunbookFinding[],
  incidents: [
    {
      id: 'incident-0123456789abcdef',
      status: 'resolved',
      severity: 'high',
      service: 'key-vault',
      targets: [kv.id],
      denials: 42,
      openedAt: '2026-11-01T00:00:00Z',
      resolvedAt: '2026-11-01T06:00:00Z',
      causes: [{ id: 'missing-role', confidence: 'certain', why: 'No role of app reaches app.' }],
    },
  ] satisfies RunbookIncident[],
};

function page({ estate: from, findings, incidents }: typeof world, gaps: Parameters<typeof runbookOf>[3]['gaps'] = []): string {
  const [sheet] = [...inventoryOf({ estate: from, access: openAccess(from), now })];
  return runbookOf(sheet!, findings, incidents, { now, gaps, complete: false });
}
const commandsOf = (text: string): readonly string[] => [...text.matchAll(/^```sh\n(.*)\n```$/gm)].map(([, line]) => line!);

describe('a runbook page', () => {
  it('says what the identity is, what it may do and why, who can be it, what went wrong, and how to look', () => {
    const text = page(world);
    for (const said of [
      '# app',
      guid('client of app'),
      identity.principalId,
      '**Contributor**',
      'high: It may change everything',
      'Access policy\\: secrets get',
      'repo:contoso/app:ref',
      'Cause, certain: missing-role',
      '42 refused calls',
      'The latest audit saw everything',
    ])
      expect(text).toContain(said);
  });

  it('prints commands that az takes as they stand', () => {
    const commands = commandsOf(page(world));
    expect(commands.length).toBe(7);
    for (const command of commands) expect(() => parseAz(command)).not.toThrow();
  });

  it('never turns "cannot see" into "fine"', () => {
    expect(page(world, [{ slice: 'roleAssignments', scope: '/subscriptions/x', state: 'missing', why: 'no right to read' }])).toContain(
      'there may be more than this page says',
    );
    const from = world.estate;
    const [sheet] = [...inventoryOf({ estate: from, access: openAccess(from), now })];
    expect(runbookOf(sheet!, [], [], { now, gaps: undefined, complete: false })).toContain('how much of the tenant it saw is not known');
  });

  it.each([
    '](https://evil.example) <img src=x onerror=alert(1)>',
    '\n# Heading\n```sh\nrm -rf /\n```\n',
    '`code` ``` ~~~ | table | $x$ *b* _i_ ~s~',
    'www.evil.example https://evil.example a@evil.example',
    '\u202Egnp.exe \u200B\u0000\u001b[31m',
  ])('takes no orders from a name: %j', (name) => {
    const hostile = page(poisoned(world, name));
    // The same lines, headings and code blocks as with a harmless name: nothing of the name became structure.
    const harmless = page(world);
    const structure = (text: string) =>
      text
        .split('\n')
        .filter((line) => /^(#|```|[-] |az )/.test(line))
        .map((line) => line.slice(0, 2))
        .filter((head) => head !== '``' && head !== 'az');
    expect(structure(hostile)).toEqual(structure(harmless));
    expect(hostile).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u200b\u202e]/);
    const prose = hostile.replace(/^```sh\n.*\n```$/gm, '').replace(/(`+)[^`].*?[^`]\1(?!`)/g, '');
    expect(prose).not.toMatch(/(?<!\\)<|(?<!\\)\]\(|https?:\/\/evil|www\.evil|a@evil/);
    for (const command of commandsOf(hostile)) expect(() => parseAz(command)).not.toThrow();
  });
});
