import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultWatchSettings } from '../../src/denials/index.ts';
import { resourceKey, type Estate } from '../../src/estate/index.ts';
import type { Change } from '../../src/incidents/index.ts';
import { auditEstate } from '../../src/jobs/audit-estate.ts';
import { watch } from '../../src/jobs/watch.ts';
import { watchDenials } from '../../src/jobs/watch-denials.ts';
import { watchGrants } from '../../src/jobs/watch-grants.ts';
import type { RecordTable } from '../../src/ports/index.ts';
import type { WatchRequest } from '../../src/jobs/watch-request.ts';
import { defaultRuleSettings, rules } from '../../src/rules/index.ts';
import { openStore } from '../../src/store/index.ts';
import {
  assign,
  blobDataReader,
  contributor,
  estate,
  federatedCredential,
  guid,
  managementGroup,
  mg,
  owner,
  pid,
  reader,
  sub,
  subscription,
  userAccessAdministrator,
  userAssigned,
} from '../build/estate.ts';
import { Died, dyingTable } from '../fakes/dying-table.ts';
import { memoryTable } from '../fakes/record-table.ts';

const app = userAssigned('app-id');
const group = `${sub('prod')}/resourceGroups/rg-app`;
const now = Date.parse('2026-11-20T08:00:00Z');
const minute = 60_000;
const ago = (minutes: number): string => new Date(now - minutes * minute).toISOString();
const nobody = { resourceGraph: 0, arm: 0, graph: 0, logs: 0, tables: 0 };
const none = { denials: [], touched: [], changes: [], rows: 0, coverage: [] };

const broad = (minutes: number, more: Parameters<typeof assign>[3] = {}) =>
  assign(app.principalId, contributor, sub('prod'), { createdAt: ago(minutes), ...more });
const standing = (...assignments: Estate['assignments']): Estate =>
  estate({ identities: [app], containers: [managementGroup('corp'), subscription('prod', mg('corp'))], assignments });

function change(
  kind: Change['kind'],
  resourceId: string,
  minutes: number,
  details: Change['details'] = {},
  more: Partial<Change> = {},
): Change {
  return {
    kind,
    at: ago(minutes),
    eventId: guid(`${kind} ${resourceId} ${minutes}`),
    correlationId: guid(`correlation ${kind} ${resourceId} ${minutes}`),
    resourceId,
    caller: 'operator@contoso.example',
    callerObjectId: guid('operator'),
    succeeded: true,
    details,
    ...more,
  };
}

const bodyOf = (one: Estate['assignments'][number]): Change['details'] => ({
  principalId: one.principalId.toUpperCase(),
  principalType: 'ServicePrincipal',
  roleDefinitionId: `${sub('prod')}/providers/Microsoft.Authorization/roleDefinitions/${one.roleId}`,
  scope: one.scopeId,
});
const made = (one: Estate['assignments'][number], minutes: number, more: Partial<Change> = {}): Change =>
  change('assignment-made', one.id, minutes, bodyOf(one), more);
const removed = (one: Estate['assignments'][number], minutes: number, details: Change['details'] = bodyOf(one)): Change =>
  change('assignment-removed', one.id, minutes, details);

interface PassOfTest {
  readonly at: number;
  /** The process dies at this write. */
  readonly dies?: number | undefined;
  /** One of the timers alone. */
  readonly only?: 'grants' | 'denials' | undefined;
}

interface World {
  readonly estate: Estate;
  readonly changes: readonly Change[];
}

/** One tenant over time: each pass sees the estate of that moment and the changes that arrived since the last one. */
function tenant(table: RecordTable = memoryTable()) {
  let readings = 0;
  const source = (world: Estate) => ({
    collect: async () => {
      readings += 1;
      return { estate: world, calls: nobody };
    },
  });
  const settings = {
    scope: { managementGroups: [], subscriptions: [] },
    watch: defaultWatchSettings,
    workspaces: [],
    rules: defaultRuleSettings,
    exclusions: { rules: [], scopes: [], tags: [] },
  };
  const requestAt = ({ estate: world, changes }: World, minutes: number, on: RecordTable): WatchRequest => {
    const at = now - minutes * minute;
    return {
      workspaces: { list: async () => ({ workspaces: [], subscriptions: [], coverage: [] }) },
      log: {
        read: async () => ({ ...none, signIns: [], activitySubscriptions: [] }),
        changes: async () => ({ changes: [], subscriptions: [], coverage: [] }),
        callersOf: async () => ({ callers: new Map(), coverage: [] }),
      },
      activity: { read: async () => ({ ...none, changes }) },
      source: source(world),
      store: openStore(on, { nowMs: () => at, isGone: () => true }),
      settings,
      now: () => new Date(at).toISOString(),
      holder: `pass ${minutes}`,
      dryRun: false,
      calls: () => nobody,
      progress: () => {},
    };
  };
  return {
    readings: () => readings,
    async pass(world: World, minutes = 0, on: RecordTable = table) {
      const report = await watch(requestAt(world, minutes, on));
      return report.grants.map(({ status, severity, subject }) => ({ status, severity, subject }));
    },
    /** What the timers do, each alone. */
    grants: (world: World, minutes: number, on: RecordTable = table) => watchGrants(requestAt(world, minutes, on)),
    denials: (world: World, minutes: number, on: RecordTable = table) => watchDenials(requestAt(world, minutes, on)),
    async audit(world: Estate, minutes = 0) {
      const report = await auditEstate({
        source: source(world),
        store: openStore(table, { nowMs: () => now, isGone: () => true }),
        settings,
        rules,
        now: () => new Date(now - minutes * minute).toISOString(),
        holder: 'audit',
        dryRun: false,
        progress: () => {},
      });
      return report.findings.filter(({ rule }) => rule === 'broad-grant-made').map(({ status, subject }) => ({ status, subject }));
    },
    async stored() {
      const all: unknown[] = [];
      const store = openStore(table, { nowMs: () => now });
      for await (const { rule, subject, severity, status } of store.findings({}))
        all.push({ rule, subject, severity, isOpen: status !== 'resolved' });
      return {
        findings: all,
        followed: (await store.grantState()).memory.grants
          .filter(({ quiet }) => quiet !== true)
          .map(({ id, firstId }) => ({ id, firstId })),
      };
    },
  };
}

describe('grants in the watch', () => {
  it('are told once as new, then as open, and as resolved when the log or the estate shows that they are gone', async () => {
    const t = tenant();
    const one = broad(30);
    expect(await t.pass({ estate: standing(one), changes: [made(one, 30)] }, 25)).toEqual([
      { status: 'new', severity: 'high', subject: one.id },
    ]);
    expect(await t.pass({ estate: standing(one), changes: [] }, 20)).toEqual([{ status: 'open', severity: 'high', subject: one.id }]);
    expect(await t.pass({ estate: standing(), changes: [removed(one, 18)] }, 15)).toEqual([
      { status: 'resolved', severity: 'high', subject: one.id },
    ]);
    expect(await t.pass({ estate: standing(), changes: [] }, 10)).toEqual([]);
    expect(await t.stored()).toMatchObject({ followed: [] });
  });

  it('ask for the estate only when something became of one', async () => {
    const t = tenant();
    const one = broad(30);
    const narrow = assign(app.principalId, blobDataReader, `${group}/providers/Microsoft.Storage/storageAccounts/st`, {
      createdAt: ago(20),
    });
    const look = assign(app.principalId, reader, sub('prod'), { createdAt: ago(20) });
    await t.pass({ estate: standing(one), changes: [] }, 40);
    expect(t.readings()).toBe(0);
    await t.pass({ estate: standing(one), changes: [made(one, 30)] }, 25);
    expect(t.readings()).toBe(1);
    const also = [made(one, 30), made(narrow, 20), made(look, 20), removed(narrow, 19), made(one, 29, { succeeded: false })];
    await t.pass({ estate: standing(one, look), changes: also }, 15);
    expect(t.readings()).toBe(1);
  });

  it('are followed at the same moment as refused calls are watched, and neither writes over the other', async () => {
    const table = memoryTable();
    const t = tenant(table);
    const one = broad(30);
    const world = { estate: standing(one), changes: [made(one, 30)] };
    const [denials, grants] = await Promise.all([t.denials(world, 25), t.grants(world, 25)]);
    expect(denials.runId).not.toBe(grants.runId);
    const store = openStore(table, { nowMs: () => now });
    expect((await store.runs(9)).map(({ job, state }) => `${job} ${state}`).toSorted()).toEqual([
      'watch finished',
      'watch-grants finished',
    ]);
    expect([(await store.watchState()).cursor, (await store.grantState()).cursor]).toEqual([ago(25), ago(25)]);
    expect(await t.stored()).toMatchObject({ findings: [{ subject: one.id, isOpen: true }], followed: [{ id: one.id }] });
    // A later pass over refused calls leaves the cursor and the memory of the other alone.
    await t.denials({ estate: standing(), changes: [] }, 20);
    expect([(await store.watchState()).cursor, (await store.grantState()).cursor]).toEqual([ago(20), ago(25)]);
    expect(await t.stored()).toMatchObject({ followed: [{ id: one.id }] });
  });

  it('are none where the attempt failed', async () => {
    const t = tenant();
    expect(await t.pass({ estate: standing(), changes: [made(broad(30), 30, { succeeded: false })] })).toEqual([]);
    expect(t.readings()).toBe(0);
  });

  it('are none where a pipeline deletes and makes the same one again, whatever comes first in the logs', async () => {
    const before = broad(400 * 24 * 60);
    const after = broad(30, {
      id: `${sub('prod')}/providers/Microsoft.Authorization/roleAssignments/${guid('after')}`,
      key: resourceKey(`${sub('prod')}/providers/Microsoft.Authorization/roleAssignments/${guid('after')}`),
    });
    for (const order of [
      [removed(before, 33), made(after, 30)],
      [made(after, 30), removed(before, 33)],
    ]) {
      const t = tenant();
      expect(await t.pass({ estate: standing(after), changes: order })).toEqual([]);
    }
    const late = tenant();
    expect(await late.pass({ estate: standing(after), changes: [made(after, 30)] }, 25)).toMatchObject([{ status: 'new' }]);
    expect(await late.pass({ estate: standing(after), changes: [removed(before, 33)] }, 20)).toMatchObject([{ status: 'resolved' }]);
  });

  it('are none where the log of the removal does not say what was removed, and a finding does', async () => {
    const t = tenant();
    const before = broad(400 * 24 * 60);
    await t.audit(standing(before), 60);
    const id = `${sub('prod')}/providers/Microsoft.Authorization/roleAssignments/${guid('after')}`;
    const after = broad(30, { id, key: resourceKey(id) });
    expect(await t.pass({ estate: standing(after), changes: [removed(before, 33, {}), made(after, 30)] })).toEqual([]);
  });

  it('are told where an assignment comes back under its id with another role', async () => {
    const t = tenant();
    const before = assign(app.principalId, blobDataReader, sub('prod'));
    const after = { ...assign(app.principalId, owner, sub('prod'), { createdAt: ago(30) }), id: before.id, key: before.key };
    expect(await t.pass({ estate: standing(after), changes: [removed(before, 33), made(after, 30)] })).toMatchObject([
      { severity: 'high' },
    ]);
  });

  it('stay the same finding when a pipeline makes a followed one again', async () => {
    const t = tenant();
    const one = broad(300);
    const id = `${sub('prod')}/providers/Microsoft.Authorization/roleAssignments/${guid('again')}`;
    const again = broad(100, { id, key: resourceKey(id) });
    await t.pass({ estate: standing(one), changes: [made(one, 300)] }, 290);
    expect(await t.pass({ estate: standing(again), changes: [removed(one, 105, {}), made(again, 100)] }, 90)).toEqual([
      { status: 'open', severity: 'high', subject: one.id },
    ]);
    expect(await t.pass({ estate: standing(), changes: [removed(again, 20)] }, 10)).toMatchObject([
      { status: 'resolved', subject: one.id },
    ]);
  });

  it('are told on the word of the log until Resource Graph must show them, and looked for once more then', async () => {
    const t = tenant();
    const one = broad(10);
    expect(await t.pass({ estate: standing(), changes: [made(one, 30)] }, 25)).toMatchObject([{ status: 'new' }]);
    expect(await t.pass({ estate: standing(), changes: [] }, 15)).toMatchObject([{ status: 'open' }]);
    expect(t.readings()).toBe(1);
    expect(await t.pass({ estate: standing(), changes: [] }, -31)).toMatchObject([{ status: 'resolved' }]);
    expect(await t.pass({ estate: standing(), changes: [] }, -40)).toEqual([]);
    expect(t.readings()).toBe(2);
  });

  it('are judged by the daily audit too, which says when one was narrowed', async () => {
    const t = tenant();
    const one = broad(30);
    await t.pass({ estate: standing(one), changes: [made(one, 30)] }, 25);
    expect(await t.audit(standing(one), 10)).toEqual([{ status: 'open', subject: one.id }]);
    expect(await t.audit(standing(assign(app.principalId, contributor, group)), 5)).toEqual([{ status: 'resolved', subject: one.id }]);
  });

  it('do not resolve while the estate cannot be read', async () => {
    const t = tenant();
    const one = broad(90);
    const two = assign(app.principalId, owner, sub('prod'), { createdAt: ago(20) });
    const blind = { ...standing(), gaps: [{ slice: 'roleAssignments' as const, scope: '/', state: 'missing' as const, why: 'throttled' }] };
    await t.pass({ estate: standing(one), changes: [made(one, 90)] }, 80);
    expect(await t.pass({ estate: blind, changes: [made(two, 20)] }, 15)).toEqual([{ status: 'open', severity: 'high', subject: one.id }]);
    expect(await t.pass({ estate: standing(one, two), changes: [removed(two, 12)] }, 10)).toMatchObject([
      { status: 'open', subject: one.id },
    ]);
  });

  it('tell elevated access whoever it is, until the assignment at the root is gone', async () => {
    const t = tenant();
    const root = assign(pid('operator'), userAccessAdministrator, '/', { createdAt: ago(30) });
    const elevated = change('access-elevated', '/providers/Microsoft.Authorization', 30);
    expect(await t.pass({ estate: standing(root), changes: [elevated] }, 25)).toEqual([
      { status: 'new', severity: 'critical', subject: guid('operator') },
    ]);
    expect(await t.audit(standing(), 10)).toMatchObject([{ status: 'resolved' }]);
  });

  it('tell a federated credential that was added to an identity with a broad grant, and not one that was written again', async () => {
    const old = assign(app.principalId, contributor, sub('prod'));
    const credential = federatedCredential(app, 'github', { readAt: ago(60) });
    const world = { ...standing(old), federatedCredentials: [credential], federatedCredentialsReadAt: new Map([[app.key, ago(60)]]) };
    const written = change('federated-credential-written', credential.id, 30);
    const t = tenant();
    expect(await t.pass({ estate: world, changes: [written] })).toMatchObject([{ status: 'new', subject: credential.id }]);
    const again = tenant();
    await again.audit(world, 60);
    expect(await again.pass({ estate: world, changes: [written] })).toEqual([]);
  });

  it('end alike with passes of either watch or both, missing, doubled, dead at any write, and the log out of order', async () => {
    const one = broad(1_000);
    const two = assign(app.principalId, owner, sub('prod'), { createdAt: ago(700) });
    const id = `${sub('prod')}/providers/Microsoft.Authorization/roleAssignments/${guid('two again')}`;
    const twoAgain = { ...two, id, key: resourceKey(id), createdAt: ago(300) };
    const gone = assign(app.principalId, userAccessAdministrator, group, { createdAt: ago(600) });
    const log = [made(one, 1_000), made(two, 700), made(gone, 600), removed(gone, 570), removed(two, 310, {}), made(twoAgain, 300)];
    const estateAt = (minutes: number): Estate =>
      standing(
        ...(minutes < 1_000 ? [one] : []),
        ...(minutes < 700 && minutes >= 310 ? [two] : []),
        ...(minutes < 300 ? [twoAgain] : []),
        ...(minutes < 600 && minutes >= 570 ? [gone] : []),
      );
    const run = async (passes: readonly PassOfTest[], late: number) => {
      const table = memoryTable();
      const t = tenant(table);
      let seen = 2_000;
      for (const { at, dies, only } of [{ at: 1_500 }, ...passes.toSorted((a, b) => b.at - a.at), { at: 0 }] as typeof passes) {
        const arrived = log.filter(({ at: instant }) => {
          const ageMinutes = (now - Date.parse(instant)) / minute - late;
          // The API goes back an hour and tells what it told before.
          return Math.max(ageMinutes, 0) >= at && ageMinutes < seen + 60;
        });
        const died = await t[only ?? 'pass'](
          { estate: estateAt(at), changes: arrived.toReversed() },
          at,
          dies === undefined ? table : dyingTable(table, dies),
        ).then(
          () => false,
          (error: unknown) => {
            if (error instanceof Died) return true;
            throw error;
          },
        );
        if (!died && only !== 'denials') seen = at;
      }
      const { findings, followed } = await t.stored();
      return { open: findings.filter((each) => (each as { isOpen: boolean }).isOpen), followed };
    };
    const once = await run([], 0);
    expect(once).toMatchObject({ open: [{ subject: one.id }, { subject: two.id }] });
    const passes = fc.array(
      fc.record({
        at: fc.integer({ min: 1, max: 1_400 }),
        dies: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
        only: fc.constantFrom(undefined, 'grants' as const, 'denials' as const),
      }),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(passes, fc.integer({ min: 0, max: 45 }), async (between, late) => {
        // The second is told under the id by which it was first seen.
        expect(await run(between, late)).toEqual(once);
      }),
      { numRuns: 60 },
    );
  });
});
