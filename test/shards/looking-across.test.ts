import { describe, expect, it } from 'vitest';
import type { Estate, PrincipalId } from '../../src/estate/index.ts';
import { defaultRuleSettings, type Memory, type RuleSettings } from '../../src/rules/index.ts';
import { partOf } from '../../src/shards/index.ts';
import {
  assign,
  attached,
  blobDataReader,
  builtIns,
  contributor,
  directory,
  estate,
  host,
  owner,
  pid,
  principal,
  reader,
  role,
  sub,
  userAssigned,
  guid,
} from '../build/estate.ts';
import { difference, sharded, single } from './both-ways.ts';
import { now } from './random-estate.ts';

const parts = 3;

/** Names whose principals fall to different parts. */
const [here, there, elsewhere] = [0, 1, 2].map((part) => {
  let at = 0;
  while (partOf(pid(`app-${at}`), parts) !== part) at += 1;
  return `app-${at}`;
}) as [string, string, string];

const group = `${sub('prod')}/resourceGroups/rg-app`;
const one = userAssigned(here);
const other = userAssigned(there);
const wild = role(guid('custom role wild'), 'Everything of the web', { actions: ['Microsoft.Web/*'] }, { custom: true });

interface Case {
  readonly rule: string;
  readonly name: string;
  readonly estate: Estate;
  readonly says: readonly RegExp[];
  readonly saysNot?: readonly RegExp[];
  readonly memory?: Partial<Memory>;
  readonly settings?: Partial<RuleSettings>;
}

/** What decides lies with a principal of another part; next to each the look-alike that looks the same from one part alone. */
const cases: readonly Case[] = [
  {
    rule: 'ambiguous-identities',
    name: 'two identities of one host hold different grants',
    estate: withIdentities({
      hosts: [attached(host('web', group, { systemAssigned: undefined }), one, other)],
      assignments: [assign(one.principalId, reader, group), assign(other.principalId, owner, group)],
    }),
    says: [/web has 2 identities with different grants/],
  },
  {
    rule: 'ambiguous-identities',
    name: 'two identities of one host hold the same grants',
    estate: withIdentities({
      hosts: [attached(host('web', group, { systemAssigned: undefined }), one, other)],
      assignments: [assign(one.principalId, reader, group), assign(other.principalId, reader, group)],
    }),
    says: [],
  },
  {
    rule: 'attach-right-on-powerful-identity',
    name: 'another identity may attach it',
    estate: withIdentities({
      assignments: [assign(one.principalId, contributor, sub('prod')), assign(other.principalId, contributor, group)],
    }),
    says: [new RegExp(`1 other identity may act as ${here}`)],
  },
  {
    rule: 'attach-right-on-powerful-identity',
    name: 'who may attach it holds as much already',
    estate: withIdentities({
      assignments: [
        assign(one.principalId, contributor, sub('prod')),
        assign(other.principalId, contributor, group),
        assign(other.principalId, contributor, sub('prod')),
      ],
    }),
    says: [],
  },
  {
    rule: 'recreated-identity',
    name: 'the new identity lacks the grants of the old one',
    estate: withIdentities({
      assignments: [assign(pid(there), blobDataReader, group)],
      identities: [one],
      directory: directory({ found: [principal(one)], absent: [pid(there)] }),
    }),
    memory: {
      lastSeen: new Map([
        [pid(there), { kind: 'user-assigned', resourceId: one.resourceId, name: one.name, lastSeenAt: '2026-11-01T08:00:00Z' }],
      ]),
    },
    says: [/was re-created and lacks a grant/],
  },
  {
    rule: 'recreated-identity',
    name: 'the new identity holds what the old one held',
    estate: withIdentities({
      assignments: [assign(pid(there), blobDataReader, group), assign(one.principalId, blobDataReader, group)],
      identities: [one],
      directory: directory({ found: [principal(one)], absent: [pid(there)] }),
    }),
    memory: {
      lastSeen: new Map([
        [pid(there), { kind: 'user-assigned', resourceId: one.resourceId, name: one.name, lastSeenAt: '2026-11-01T08:00:00Z' }],
      ]),
    },
    says: [],
  },
  {
    rule: 'redundant-assignment',
    name: 'a group of another part holds it already',
    estate: withIdentities({
      assignments: [assign(one.principalId, reader, group), assign(pid(elsewhere), reader, sub('prod'))],
      memberships: members(one.principalId, pid(elsewhere)),
    }),
    says: [/Reader on resource group rg-app adds nothing to Reader/],
  },
  {
    rule: 'redundant-assignment',
    name: 'somebody else holds it',
    estate: withIdentities({ assignments: [assign(one.principalId, reader, group), assign(other.principalId, reader, sub('prod'))] }),
    says: [],
  },
  {
    rule: 'assignment-limit-near',
    name: 'all parts together are near the limit',
    estate: withIdentities({
      assignments: [
        assign(one.principalId, reader, group),
        assign(other.principalId, reader, group),
        assign(pid(elsewhere), reader, group),
      ],
    }),
    settings: { assignmentsPerSubscription: 3 },
    says: [/3 of 3 role assignments used/],
  },
  {
    rule: 'assignment-limit-near',
    name: 'the same row twice is one',
    estate: withIdentities({
      assignments: [
        assign(one.principalId, reader, group),
        assign(one.principalId, reader, group),
        assign(other.principalId, reader, group),
      ],
    }),
    settings: { assignmentsPerSubscription: 3 },
    says: [],
  },
  {
    rule: 'wildcard-custom-role',
    name: 'two parts hold the role',
    estate: withIdentities({
      roles: [...builtIns, wild],
      assignments: [assign(one.principalId, wild.id, group), assign(other.principalId, wild.id, sub('prod'))],
    }),
    says: [/2 identities hold it in 2 assignments/],
  },
  {
    rule: 'orphaned-assignment',
    name: 'nobody else administers the subscription',
    estate: withIdentities({
      assignments: [assign(pid(there), owner, sub('prod'))],
      identities: [one],
      directory: directory({ found: [principal(one)], absent: [pid(there)] }),
    }),
    says: [/It is the last assignment at this subscription/],
  },
  {
    rule: 'orphaned-assignment',
    name: 'somebody of another part administers the subscription',
    estate: withIdentities({
      assignments: [assign(pid(there), owner, sub('prod')), assign(one.principalId, owner, sub('prod'))],
      identities: [one],
      directory: directory({ found: [principal(one)], absent: [pid(there)] }),
    }),
    says: [/no longer exists/],
    saysNot: [/It is the last assignment/],
  },
];

describe('what decides lies in another part', () => {
  it('has principals in three parts', () => {
    expect(new Set([here, there, elsewhere].map((name) => partOf(pid(name), parts))).size).toBe(parts);
  });

  it.each(cases)('$rule: $name', async ({ rule, says, saysNot = [], memory = {}, settings = {}, estate: tenant }) => {
    const run = {
      estate: tenant,
      memory: { missingSince: new Map(), lastSeen: new Map(), ...memory },
      settings: { ...defaultRuleSettings, ...settings },
      now,
    };
    const told = await sharded(run, parts);
    const found = told.judgement.violations.filter((each) => each.rule === rule).map(({ title, message }) => `${title}. ${message}`);
    expect(found).toHaveLength(says.length);
    for (const words of says) expect(found.join('\n')).toMatch(words);
    for (const words of saysNot) expect(found.join('\n')).not.toMatch(words);
    expect(difference(told, single(run))).toBe('');
  });
});

function withIdentities(part: Parameters<typeof estate>[0]): Estate {
  return estate({ identities: [one, other], ...part });
}

function members(member: PrincipalId, of: PrincipalId): Estate['memberships'] {
  return new Map([[member, [of]]]);
}
