import { assert, asyncProperty, constantFrom, integer } from 'fast-check';
import { expect, it } from 'vitest';
import { openAccess } from '../../src/access/index.ts';
import { inOrder, type Estate } from '../../src/estate/index.ts';
import { exceptionId, type Exception, type Exclusions } from '../../src/findings/index.ts';
import { inventoryOf } from '../../src/inventory/index.ts';
import { rules } from '../../src/rules/index.ts';
import { contextOf, judgePart, memoryOfVanished, partOf, splitOff } from '../../src/shards/index.ts';
import { difference, rememberedAfter, sharded, single, storedAfter, type Run } from './both-ways.ts';
import { dice, now, randomTenant } from './random-estate.ts';

const later = '2026-11-21T08:00:00Z';
const partCounts = [1, 2, 3, 7] as const;

it('tells in parts what became of findings, acceptances and exclusions as it does at once', { timeout: 120_000 }, async () => {
  const statuses = new Set<string>();
  await assert(
    asyncProperty(integer({ min: 1, max: 1_000_000 }), constantFrom(...partCounts), async (seed, parts) => {
      const first = { ...randomTenant(seed), now };
      const told = single(first);
      const findings = storedAfter(first, told);
      const die = dice(seed + 1);
      const second: Run = {
        ...first,
        estate: thinned(first.estate, seed),
        now: later,
        runId: 'run-2',
        known: { findings, exceptions: die.some([...findings.keys()], 8).map((id, at) => acceptance(id, at)) },
        exclusions: exclusionsOf(seed),
      };
      const whole = single(second);
      expect(difference(await sharded(second, parts, seed), whole)).toBe('');
      // And once more over what that left: resolved findings come back.
      const third: Run = {
        ...first,
        now: '2026-11-22T08:00:00Z',
        runId: 'run-3',
        known: { ...second.known!, findings: storedAfter(second, whole) },
      };
      const again = single(third);
      expect(difference(await sharded(third, parts, seed), again)).toBe('');
      for (const { status, unjudged } of [...whole.reconciled.findings, ...again.reconciled.findings])
        statuses.add(unjudged === undefined ? status : 'unjudged');
      if (whole.reconciled.excluded.length > 0) statuses.add('excluded');
      if (whole.reconciled.idleExceptions.length > 0) statuses.add('idle');
    }),
    { seed: 20261120, numRuns: 20 },
  );
  expect([...statuses].sort()).toEqual(['accepted', 'excluded', 'idle', 'new', 'open', 'reopened', 'resolved', 'unjudged']);
});

it('remembers the same without assignments and hosts', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const run = { ...randomTenant(seed), now };
    const told = single(run);
    const slim = { ...run, estate: { ...run.estate, assignments: [], hosts: [], vaults: [], policyAssignments: [], clusters: [] } };
    const listed = ({ federatedCredentials, ...rest }: ReturnType<typeof rememberedAfter>) => ({
      ...rest,
      federatedCredentials: [...federatedCredentials],
    });
    expect(difference(listed(rememberedAfter(slim, told)), listed(rememberedAfter(run, told)))).toBe('');
  }
});

it('keeps in each part all that the sheets of its identities show', { timeout: 60_000 }, async () => {
  for (let seed = 1; seed <= 25; seed++) {
    const { estate, memory, settings } = randomTenant(seed);
    const { facts, rows } = splitOff(estate);
    const context = await contextOf({ facts, rows });
    const parts = partCounts[seed % partCounts.length]!;
    const sheets = [];
    for (let part = 0; part < parts; part++) {
      const judged = await judgePart({ context, rows, memory, settings, rules, now, part, parts });
      for (const sheet of inventoryOf({ ...judged, now })) if (partOf(sheet.principalId, parts) === part) sheets.push(sheet);
    }
    const whole = inOrder(estate);
    const byPrincipal = (a: { readonly principalId: string }, b: { readonly principalId: string }) =>
      a.principalId < b.principalId ? -1 : 1;
    expect(
      difference(sheets.sort(byPrincipal), [...inventoryOf({ estate: whole, access: openAccess(whole), now })].sort(byPrincipal)),
    ).toBe('');
  }
});

it('needs of what it remembers only the vanished', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const run = { ...randomTenant(seed), now };
    const memory = memoryOfVanished(await contextOf(splitOff(run.estate)), run.memory);
    expect(memory.lastSeen.size).toBeLessThan(run.memory.lastSeen.size);
    expect(difference(single({ ...run, memory }), single(run))).toBe('');
  }
});

/** Some assignments were taken away, and some things were out of sight. */
function thinned(estate: Estate, seed: number): Estate {
  const { chance } = dice(seed + 2);
  return {
    ...estate,
    assignments: estate.assignments.filter(() => chance(0.7)),
    vaults: estate.vaults.filter(() => chance(0.8)),
    gaps: chance(0.5) ? [] : [...estate.gaps, { slice: 'groupMembers', scope: '/', state: 'missing', why: 'nobody may read groups' }],
  };
}

const acceptance = (findingId: string, at: number): Exception => ({
  id: exceptionId(findingId, now),
  findingId,
  rule: findingId.slice(0, findingId.lastIndexOf('-')),
  reason: 'known and wanted',
  author: 'somebody',
  createdAt: now,
  until: at % 3 === 0 ? '2026-11-20T20:00:00Z' : '2027-01-01T00:00:00Z',
});

function exclusionsOf(seed: number): Exclusions {
  const { chance } = dice(seed + 3);
  return {
    rules: chance(0.3) ? ['shared-identity'] : [],
    scopes: chance(0.3) ? ['/providers/Microsoft.Management/managementGroups/platform'] : [],
    tags: chance(0.5) ? ['environment=prod'] : [],
  };
}
