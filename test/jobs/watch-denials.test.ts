import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binStart, defaultWatchSettings, type Denial } from '../../src/denials/index.ts';
import type { StoredIncident } from '../../src/incidents/index.ts';
import { watch } from '../../src/jobs/watch.ts';
import { watchDenials } from '../../src/jobs/watch-denials.ts';
import { watchGrants } from '../../src/jobs/watch-grants.ts';
import type { WatchRequest } from '../../src/jobs/watch-request.ts';
import { resourceKey } from '../../src/estate/index.ts';
import type { DenialLog, LogGap, RecordTable } from '../../src/ports/index.ts';
import { defaultRuleSettings } from '../../src/rules/index.ts';
import { openStore } from '../../src/store/index.ts';
import { appSaid, blobRefused, storageId } from '../build/denials.ts';
import { assign, attached, contributor, estate, host, sub, userAssigned } from '../build/estate.ts';
import { Died, dyingTable } from '../fakes/dying-table.ts';
import { memoryTable } from '../fakes/record-table.ts';

/** A refused call as a log row: when it happened, when it arrived, whose it was and on what. */
interface RowSeen {
  readonly at: number;
  readonly arrived: number;
  readonly who: 'app' | 'api';
  readonly target: string;
  /** The application's own log says it, not the service's. */
  readonly isLine?: boolean;
}

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-11-18T08:00:00Z');
const end = start + 44 * hour;
const windowHours = 24;
const identities = { app: userAssigned('app'), api: userAssigned('api') };
const hosts = { app: attached(host('ca-app'), identities.app), api: attached(host('ca-api'), identities.api) };
const world = estate({
  identities: Object.values(identities),
  hosts: Object.values(hosts),
  assignments: [assign(identities.api.principalId, contributor, sub('prod'))],
});
const noChanges = { changes: [], subscriptions: [], coverage: [] };
const none = { denials: [], touched: [], changes: [], rows: 0, coverage: [] };

const workspaceId = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/logs';
const workspace = { id: workspaceId, key: resourceKey(workspaceId), name: 'logs', customerId: 'w' };
const refusedGap: LogGap = {
  slice: 'denials',
  scope: workspaceId,
  state: 'missing',
  why: 'HTTP 403.',
  permission: 'Log Analytics Data Reader',
  command: '',
  failed: true,
};

/** What Kusto would answer: complete counts of every bin that received a row in the window; twice over when `doubled`, a refusal when `denied`. */
function logOf(rows: readonly RowSeen[], { doubled = false, denied = false } = {}): DenialLog {
  return {
    async read({ from: since, until, earlier }) {
      if (denied) return { ...none, signIns: [], activitySubscriptions: [], coverage: [refusedGap] };
      const from = earlier?.get('w')?.from ?? since;
      const arrived = rows.filter((row) => row.arrived <= Date.parse(until));
      const bins = new Set(arrived.filter((row) => row.arrived > Date.parse(from)).map((row) => binStart(row.at)));
      const inBins = arrived.filter((row) => bins.has(binStart(row.at)));
      const denials = [...Map.groupBy(inBins, ({ who, target, isLine }) => `${who} ${target} ${isLine}`).values()].map(aggregate);
      return {
        ...none,
        denials: doubled ? [...denials, ...denials] : denials,
        touched: [{ workspace: 'w', table: 'StorageBlobLogs', bins: [...bins] }],
        signIns: [],
        activitySubscriptions: [],
        rows: inBins.length,
      };
    },
    changes: async () => noChanges,
    callersOf: async (tokens) => ({
      callers: new Map(
        tokens.flatMap((token) => (token === 'token-of-api' ? [[token, { objectId: identities.api.principalId }] as const] : [])),
      ),
      coverage: [],
    }),
  };
}

function aggregate(rows: readonly RowSeen[]): Denial {
  const [{ who, target, isLine }] = rows as readonly [RowSeen, ...RowSeen[]];
  const instants = rows.map((row) => row.at).toSorted((a, b) => a - b);
  const words = 'AuthorizationPermissionMismatch';
  const said = appSaid(hosts[who].id, words, {
    target: `${target}.blob.core.windows.net`,
    operation: 'storage-permission',
    table: 'StorageBlobLogs',
  });
  return {
    ...(isLine === true ? said : blobRefused(identities[who], { target: storageId(target) })),
    bins: [...Map.groupBy(rows, (row) => binStart(row.at))].map(([at, list]) => ({ start: at, count: list.length })),
    firstAt: new Date(instants[0]!).toISOString(),
    lastAt: new Date(instants.at(-1)!).toISOString(),
  };
}

const pass = (table: RecordTable, log: DenialLog, at: number, coverage: readonly LogGap[] = []) =>
  watch(requestAt(table, log, at, coverage));

function requestAt(table: RecordTable, log: DenialLog, at: number, coverage: readonly LogGap[] = []): WatchRequest {
  return {
    workspaces: { list: async () => ({ workspaces: [workspace], subscriptions: [], coverage: [] }) },
    log,
    activity: { read: async () => ({ ...none, coverage }) },
    source: { collect: async () => ({ estate: world, calls: { resourceGraph: 0, arm: 0, graph: 0, logs: 0, tables: 0 } }) },
    store: openStore(table, { nowMs: () => at, isGone: () => true }),
    settings: {
      scope: { managementGroups: [], subscriptions: [] },
      watch: { ...defaultWatchSettings, windowHours },
      workspaces: [],
      rules: defaultRuleSettings,
      exclusions: { rules: [], scopes: [], tags: [] },
    },
    now: () => new Date(at).toISOString(),
    holder: `pass at ${at}`,
    dryRun: false,
    calls: () => ({ resourceGraph: 0, arm: 0, graph: 0, logs: 0, tables: 0 }),
    progress: () => {},
  };
}

interface Pass {
  readonly at: number;
  readonly doubled?: boolean;
  /** The auditor has no role on the workspace. */
  readonly denied?: boolean;
  /** One of the timers alone. */
  readonly only?: 'denials' | 'grants' | undefined;
  /** The process dies at this write. */
  readonly dies?: number;
}

/** The first pass is at `start` and the last at `end`, whatever happens in between. */
async function watched(rows: readonly RowSeen[], between: readonly Pass[]): Promise<readonly StoredIncident[]> {
  const table = memoryTable();
  await pass(table, logOf(rows), start);
  for (const { at, doubled, denied, only, dies } of between.toSorted((a, b) => a.at - b.at)) {
    const request = requestAt(dies === undefined ? table : dyingTable(table, dies), logOf(rows, { doubled, denied }), at);
    const job = only === undefined ? watch : only === 'denials' ? watchDenials : watchGrants;
    const died = await job(request).then(
      () => false,
      (error: unknown) => {
        if (error instanceof Died) return true;
        throw error;
      },
    );
    if (died && dies === undefined) throw new Error('it died by itself');
  }
  await pass(table, logOf(rows), end);
  const all: StoredIncident[] = [];
  for await (const incident of openStore(table, { nowMs: () => end }).incidents({})) all.push(incident);
  return all;
}

/** Of the window that the last pass judged, and not taken back by rows that came late. */
const gist = (incidents: readonly StoredIncident[]) =>
  incidents
    .filter(
      ({ openedAt, resolvedBy = '' }) => Date.parse(openedAt) > end - (windowHours - 2) * hour && !/^(?:joined|no burst)/.test(resolvedBy),
    )
    .map(({ id, kind, status, denials, targets, openedAt, firstDenialAt, lastDenialAt, principal, causes }) => ({
      id,
      kind,
      // Whether it has grown depends on when it was first told.
      status: status === 'grown' ? 'opened' : status,
      denials,
      targets,
      openedAt,
      // Aggregates know the instants to the bin.
      first: binStart(Date.parse(firstDenialAt)),
      last: binStart(Date.parse(lastDenialAt)),
      who: principal.name,
      causes: causes.map((cause) => `${cause.id} ${cause.confidence}`),
    }));

const refused = (
  atHour: number,
  count: number,
  gapSeconds: number,
  lateMinutes: number,
  who: RowSeen['who'] = 'app',
  target = 'stpay',
  isLine = false,
) =>
  Array.from({ length: count }, (_, n): RowSeen => {
    const at = start + Math.round(atHour * hour) + n * gapSeconds * 1000;
    return { at, arrived: Math.min(end, at + lateMinutes * minute), who, target, isLine };
  });

const story = fc
  .record({
    // Mostly in the window that the last pass judges, some before it.
    hours: fc.integer({ min: 15 * 60, max: 43 * 60 }).map((minutes) => minutes / 60),
    count: fc.integer({ min: 3, max: 40 }),
    gap: fc.integer({ min: 1, max: 600 }),
    late: fc.integer({ min: 0, max: 90 }),
    who: fc.constantFrom('app' as const, 'api' as const),
    target: fc.constantFrom('stpay', 'stlogs'),
    isLine: fc.boolean(),
  })
  .map(({ hours, count, gap, late, who, target, isLine }) =>
    refused(hours, count, gap, late, who, target, isLine).filter((row) => row.at <= end),
  );
const rowsOf = fc.array(story, { minLength: 1, maxLength: 6 }).map((stories) => stories.flat());
/** Both watches, or one of the timers alone: they interleave as they like. */
const only = fc.constantFrom(undefined, 'denials' as const, 'grants' as const);
const at = fc.integer({ min: 15 * 60, max: 43 * 60 + 50 }).map((minutes) => start + minutes * minute);

describe('the watch, pass after pass', () => {
  it('ends in the same incidents with passes of either watch or both, missing, doubled and late', async () => {
    const passes = fc.array(fc.record({ at, doubled: fc.boolean(), only }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(rowsOf, passes, async (rows, between) => {
        expect(gist(await watched(rows, between))).toEqual(gist(await watched(rows, [])));
      }),
      { numRuns: 60 },
    );
  });

  it('ends in the same incidents when the role that reads the logs comes and goes', async () => {
    const passes = fc.array(fc.record({ at, denied: fc.boolean(), only }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(rowsOf, passes, async (rows, between) => {
        expect(gist(await watched(rows, between))).toEqual(gist(await watched(rows, [])));
      }),
      { numRuns: 60 },
    );
  });

  it('ends in the same incidents when it dies between any two writes', async () => {
    const passes = fc.array(fc.record({ at, dies: fc.integer({ min: 0, max: 12 }), only }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(rowsOf, passes, async (rows, between) => {
        expect(gist(await watched(rows, between))).toEqual(gist(await watched(rows, [])));
      }),
      { numRuns: 60 },
    );
  });

  it('tells the same when a pass is doubled, or dies at each of its writes in turn', async () => {
    const rows = [...refused(30, 30, 20, 0), ...refused(36, 12, 20, 5, 'api', 'stlogs')];
    const once = gist(await watched(rows, []));
    expect(once.map(({ who, status, causes }) => [who, status, causes[0]])).toEqual([
      ['api', 'resolved', 'control-plane-role-only certain'],
      ['app', 'resolved', 'missing-role certain'],
    ]);
    expect(
      gist(
        await watched(rows, [
          { at: start + 31 * hour, doubled: true },
          { at: start + 37 * hour, doubled: true },
        ]),
      ),
    ).toEqual(once);
    for (let dies = 0; dies < 20; dies += 1) expect(gist(await watched(rows, [{ at: start + 37 * hour, dies }]))).toEqual(once);
  });

  it.each([
    ['of the subscription', sub('prod'), true, 'missing-role likely'],
    ['of another subscription', sub('dev'), true, 'missing-role certain'],
    ['of the tenant, which only few may read', '/', false, 'missing-role certain'],
  ])('is not certain without the Activity Log %s, if it needs it', async (_, scope, failed, expected) => {
    const table = memoryTable();
    const gap = { slice: 'activityLog', scope, state: 'missing', why: 'Refused.', permission: '', command: '', failed } as const;
    const log = logOf(refused(43, 20, 20, 0));
    await pass(table, log, start);
    const { incidents } = await pass(table, log, end, [gap]);
    expect(incidents.map(({ causes: [first] }) => `${first?.id} ${first?.confidence}`)).toEqual([expected]);
  });

  it('loses no burst that fell into a window in which the workspace was busy', async () => {
    const table = memoryTable();
    const log = logOf(refused(36.8, 30, 20, 0));
    const busy: LogGap = {
      slice: 'denials',
      scope: 'w',
      state: 'missing',
      why: 'HTTP 503',
      permission: '',
      command: '',
      failed: true,
      passes: true,
    };
    const down: DenialLog = {
      read: async () => ({ ...none, touched: [], signIns: [], activitySubscriptions: [], coverage: [busy] }),
      changes: async () => noChanges,
      callersOf: async () => ({ callers: new Map(), coverage: [] }),
    };
    await pass(table, log, start);
    expect((await pass(table, down, start + 37 * hour)).run.complete).toBe(false);
    const { run, incidents } = await pass(table, log, start + 37 * hour + 5 * minute);
    expect(run.from).toBe(new Date(start).toISOString());
    expect(incidents.map(({ status }) => status)).toEqual(['opened']);
  });

  it('tells what the application and the service both log as one incident, and look-alikes as two', async () => {
    const told = async (...rows: readonly RowSeen[]) =>
      gist(await watched(rows, [{ at: start + 40.1 * hour }])).map(({ who, targets, denials }) => [
        who,
        targets[0]?.split('/').at(-1),
        denials,
      ]);
    const service = refused(40, 30, 20, 8);
    const line = (who: RowSeen['who'], target: string) => refused(40, 12, 25, 0, who, target, true);
    expect(await told(...service, ...line('app', 'stpay'))).toEqual([['app', 'stpay', 30]]);
    expect((await told(...service, ...line('app', 'stlogs'))).toSorted()).toEqual([
      ['app', 'stlogs.blob.core.windows.net', 12],
      ['app', 'stpay', 30],
    ]);
    expect((await told(...service, ...line('api', 'stpay'))).toSorted()).toEqual([
      ['api', 'stpay.blob.core.windows.net', 12],
      ['app', 'stpay', 30],
    ]);
  });

  it('joins the incident that the application had opened when the service at last tells the same', async () => {
    const table = memoryTable();
    const log = logOf([...refused(40, 30, 20, 60), ...refused(40, 12, 25, 0, 'app', 'stpay', true)]);
    await pass(table, log, start);
    const first = await pass(table, log, start + 40.5 * hour);
    expect(first.incidents.map(({ service, status }) => [service, status])).toEqual([['app', 'opened']]);
    const { incidents } = await pass(table, log, start + 41.5 * hour);
    expect(incidents.map(({ service, status }) => [service, status]).toSorted()).toEqual([
      ['app', 'resolved'],
      ['storage', 'quiet'],
    ]);
    const labels = incidents.find(({ service }) => service === 'storage')?.causes[0]?.evidence.map(({ label }) => label);
    expect(labels).toContain('application log');
    expect((await pass(table, log, start + 42 * hour)).incidents.map(({ service }) => service)).toEqual(['storage']);
  });

  it('asks the sign-ins whose a token was that a log names without its holder', async () => {
    const table = memoryTable();
    const rows = logOf(refused(43, 20, 20, 0));
    const nameless = (tokenId: string): DenialLog => ({
      ...rows,
      async read(...asked) {
        const reading = await rows.read(...asked);
        return { ...reading, denials: reading.denials.map((denial) => ({ ...denial, caller: { kind: 'unknown' as const, tokenId } })) };
      },
    });
    await pass(table, nameless('token-of-api'), start);
    const { incidents } = await pass(table, nameless('token-of-api'), end);
    expect(incidents.map(({ principal, attribution }) => [principal.name, attribution])).toEqual([['api', 'named']]);
    const other = memoryTable();
    await pass(other, nameless('token-of-nobody'), start);
    expect((await pass(other, nameless('token-of-nobody'), end)).incidents.map(({ attribution }) => attribution)).toEqual(['inferred']);
  });

  describe('where no permission lets it read a workspace', () => {
    const readAt = (rows: readonly RowSeen[], denied = false) => logOf(rows, { denied });

    it('goes on with the others, says since when nobody saw it, and reads those hours when the role has come', async () => {
      const table = memoryTable();
      const rows = refused(36.8, 30, 20, 0);
      await pass(table, readAt(rows), start);
      const lost = await pass(table, readAt(rows, true), start + 37 * hour);
      expect([lost.run.complete, lost.incidents]).toEqual([false, []]);
      expect(lost.coverage).toMatchObject([
        { state: 'missing', why: expect.stringContaining('Nobody saw what was logged there since 2026-11-18T08:00:00.000Z') as unknown },
      ]);
      const again = await pass(table, readAt(rows, true), start + 38 * hour);
      expect(again.run.from).toBe(lost.run.to);
      expect(again.coverage[0]?.why).toBe(lost.coverage[0]?.why);
      const { run, incidents, coverage } = await pass(table, readAt(rows), start + 39 * hour);
      expect(run).toMatchObject({ from: again.run.to, complete: true });
      expect(incidents.map(({ status, denials }) => [status, denials])).toEqual([['quiet', 30]]);
      expect(coverage).toEqual([
        expect.objectContaining({
          state: 'whole',
          why: 'The workspace logs can be read again; this pass went back to 2026-11-18T08:00:00.000Z.',
        }),
      ]);
      expect((await pass(table, readAt(rows), start + 39.1 * hour)).coverage).toEqual([]);
    });

    it('says which hours stay unseen when they are more than two days', async () => {
      const table = memoryTable();
      await pass(table, readAt([]), start - 60 * hour);
      await pass(table, readAt([], true), start - 59 * hour);
      await pass(table, readAt([], true), start - hour);
      const { run, coverage } = await pass(table, readAt([]), start);
      expect(run.complete).toBe(false);
      expect(coverage).toMatchObject([
        {
          state: 'partial',
          why: 'The workspace logs can be read again; this pass went back to 2026-11-16T08:00:00.000Z. What was logged there between 2026-11-15T20:00:00.000Z and then nobody saw.',
        },
      ]);
    });

    it('takes what is usual in a workspace that comes into sight for no burst', async () => {
      const table = memoryTable();
      // One in every five minutes, for days: against a baseline of nothing an hour of it would be a burst.
      const usual = refused(-60, 1_247, 300, 0);
      const burst = refused(43, 60, 10, 0, 'api', 'stlogs');
      for (let at = start - 60 * hour; at < start + 42 * hour; at += 6 * hour) await pass(table, readAt([], true), at);
      await pass(table, readAt([...usual, ...burst]), start + 43.5 * hour);
      const { incidents } = await pass(table, readAt([...usual, ...burst]), end);
      expect(incidents.map(({ principal, status }) => [principal.name, status])).toEqual([['api', 'opened']]);
    });
  });

  it('is not complete and silent when a second pass of the same moment cannot read either', async () => {
    const table = memoryTable();
    const gap: LogGap = {
      slice: 'activityLog',
      scope: '/x',
      state: 'missing',
      why: 'Refused.',
      permission: 'p',
      command: '',
      failed: true,
    };
    await pass(table, logOf([]), start, [gap]);
    const { run, coverage } = await pass(table, logOf([]), start, [gap]);
    expect(run.complete).toBe(false);
    expect(coverage).toMatchObject([{ slice: 'activityLog', why: 'Refused.' }]);
  });
});
