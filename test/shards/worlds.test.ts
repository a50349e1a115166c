import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Estate } from '../../src/estate/index.ts';
import { defaultRuleSettings } from '../../src/rules/index.ts';
import { writeContoso, writeTenant } from '../../src/sandbox/generate/index.ts';
import { scenarios, writeScenario } from '../../src/sandbox/generate/scenarios/index.ts';
import { collectFolder } from '../azure/sandboxed.ts';
import { difference, sharded, single } from './both-ways.ts';
import { now } from './random-estate.ts';

/** Worlds as they are collected, and the same ones half in the dark: parts say what the whole says. */
const folder = await mkdtemp(join(tmpdir(), 'shards-'));
afterAll(() => rm(folder, { recursive: true }));

const sized = {
  subscriptions: 4,
  resourceGroupsPerSubscription: 3,
  managementGroups: 5,
  resources: 300,
  assignments: 900,
  principals: 200,
  identities: 60,
};
const some = scenarios.filter((_, at) => at % Math.ceil(scenarios.length / 4) === 0);

const worlds: readonly (readonly [string, (dir: string) => Promise<unknown>])[] = [
  ['contoso', (dir) => writeContoso(dir)],
  ...[1, 2].map((seed) => [`a generated tenant (${seed})`, (dir: string) => writeTenant(dir, { seed, ...sized })] as const),
  ...some.map((scenario) => [scenario.id, (dir: string) => writeScenario(scenario, dir)] as const),
];

describe.each(worlds)('%s', (name, write) => {
  it('is told in parts as it is at once', { timeout: 120_000 }, async () => {
    const dir = join(folder, name.replace(/\W+/g, '-'));
    await write(dir);
    const { estate } = await collectFolder(dir);
    for (const [at, seen] of [estate, withoutGraph(estate), withoutSubscription(estate)].entries()) {
      const run = {
        estate: seen,
        memory: { missingSince: new Map(), lastSeen: new Map() },
        settings: { ...defaultRuleSettings, requiredTags: ['owner'] },
        now,
      };
      const whole = single(run);
      for (const parts of at === 0 ? [1, 2, 3, 7] : [3]) expect(difference(await sharded(run, parts), whole)).toBe('');
      expect(whole.judgement.verdicts.length).toBeGreaterThan(20);
    }
  });
});

/** No permission of Microsoft Graph. */
const withoutGraph = (estate: Estate): Estate => ({
  ...estate,
  directory: {
    ...estate.directory,
    found: new Map(),
    deleted: new Map(),
    canary: 'not-asked',
    unresolved: new Map([...estate.directory.asked].map((id) => [id, 'not allowed'])),
  },
  memberships: new Map(),
  appRoleGrants: [],
  directoryRoles: [],
  gaps: [
    ...estate.gaps,
    ...(['principals', 'deletedPrincipals', 'groupMembers', 'appRoleGrants', 'directoryRoles'] as const).map((slice) => ({
      slice,
      scope: '/',
      state: 'missing' as const,
      why: 'not allowed',
    })),
  ],
});

/** One subscription is out of sight. */
function withoutSubscription(estate: Estate): Estate {
  const hidden = estate.containers.find(({ kind }) => kind === 'subscription')?.key ?? '';
  const seen = ({ key }: { readonly key: string }): boolean => key !== hidden && !key.startsWith(`${hidden}/`);
  return {
    ...estate,
    containers: estate.containers.filter(seen),
    identities: estate.identities.filter(seen),
    hosts: estate.hosts.filter(seen),
    assignments: estate.assignments.filter(seen),
    gaps: [
      ...estate.gaps,
      ...(['hosts', 'identities', 'roleAssignments'] as const).map((slice) => ({
        slice,
        scope: hidden,
        state: 'missing' as const,
        why: 'nobody may read it',
      })),
    ],
  };
}
