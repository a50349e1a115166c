import { describe, expect, it } from 'vitest';
import { findingId } from '../../src/findings/index.ts';
import type { StoredIncident } from '../../src/incidents/index.ts';
import { acceptFinding } from '../../src/jobs/accept-finding.ts';
import { openStore } from '../../src/store/index.ts';
import { estate } from '../build/estate.ts';
import { dyingTable, orDeath } from '../fakes/dying-table.ts';
import { memoryTable } from '../fakes/record-table.ts';
import { checked, day, violation } from '../findings/world.ts';
import { all, audit, auditOn, clock, type World } from './audit.ts';

const [a, b, c] = [violation('/a'), violation('/b', { severity: 'low' }), violation('/c')];
const world = (more: Partial<World>): World => ({ now: day(1), estate: estate(), violations: [a, b], verdicts: [checked()], ...more });
const span = { from: day(1), to: day(28) };

describe('the trend', () => {
  it('has a point a day: what stood after the last audit, what all of them saw come and go', async () => {
    const store = openStore(memoryTable(), clock);
    await audit(store, world({}));
    await audit(store, world({ now: '2026-11-01T20:00:00Z', violations: [a, b, c] }));
    await audit(store, world({ now: day(3), violations: [b] }));
    const points = await store.trend(span);
    expect(
      points.map((point) => [point.day, point.open.high, point.open.low, point.new, point.resolved, point.audits, point.complete]),
    ).toEqual([
      ['2026-11-01', 2, 1, 3, 0, 2, true],
      ['2026-11-03', 0, 1, 0, 2, 1, true],
    ]);
    expect(await store.trend({ from: day(2), to: day(2) })).toEqual([]);
  });

  it('counts a run once, however often it died and began again', async () => {
    for (let deaths = 0; deaths < 60; deaths += 3) {
      const table = memoryTable();
      await orDeath(auditOn(dyingTable(table, deaths), world({})));
      const [run] = await openStore(table, clock).runs(1);
      if (run?.state !== 'finished') await auditOn(table, world({ now: day(2) }));
      const points = await openStore(table, clock).trend(span);
      expect(points.reduce((sum, point) => sum + point.new, 0)).toBe(2);
      expect(points.reduce((sum, point) => sum + point.audits, 0)).toBe(1);
    }
  });

  it('says what stood after a later pass of the watch, until the next audit, and nothing of a day without one', async () => {
    const store = openStore(memoryTable(), clock);
    const pass = async (now: string): Promise<void> => {
      const run = await store.beginRun('watch', now, 't');
      await store.finishRun({ ...run, state: 'finished', finishedAt: now });
    };
    const shown = async () => (await store.trend(span)).map((point) => [point.day, point.open.high, point.open.low, point.accepted]);
    await audit(store, world({}));
    await acceptFinding(store, { findingId: findingId(a.rule, a.subject), reason: 'x', author: 'ada', until: day(9), now: day(1) });
    expect(await shown()).toEqual([['2026-11-01', 1, 1, 0]]);
    await pass('2026-11-01T09:00:00Z');
    await pass('2026-11-01T09:05:00Z');
    expect(await shown()).toEqual([['2026-11-01', 0, 1, 1]]);
    await audit(store, world({ now: '2026-11-01T20:00:00Z', violations: [a, b, c] }));
    expect(await shown()).toEqual([['2026-11-01', 1, 1, 1]]);
    await pass(day(2));
    expect(await shown()).toEqual([['2026-11-01', 1, 1, 1]]);
  });

  it('counts more audits of one day than it keeps apart', async () => {
    const store = openStore(memoryTable(), clock);
    for (let minute = 0; minute < 59; minute++)
      await audit(
        store,
        world({ now: `2026-11-01T08:${String(minute).padStart(2, '0')}:00Z`, violations: minute % 2 === 0 ? [a] : [a, b] }),
      );
    const [point] = await store.trend(span);
    expect([point?.audits, point?.new, point?.reopened, point?.resolved, point?.open.low]).toEqual([59, 2, 28, 29, 0]);
  });

  it('counts incidents on the days they opened and ended, once', async () => {
    const store = openStore(memoryTable(), clock);
    const incident = (id: string, more: Partial<StoredIncident>): StoredIncident => ({
      id,
      kind: 'outage',
      status: 'opened',
      severity: 'high',
      principal: { id: 'p', kind: 'user-assigned', name: 'n', resourceId: '', clientId: '' },
      attribution: 'named',
      service: 'key-vault',
      targets: [],
      operations: [],
      statusCodes: [],
      denials: 1,
      firstDenialAt: day(1),
      lastDenialAt: day(1),
      openedAt: day(1),
      causes: [],
      ruledOut: [],
      toldDenials: 1,
      ...more,
    });
    const state = await store.watchState();
    const save = (...incidents: readonly StoredIncident[]) =>
      store.saveWatch({ ...state, incidents: new Map(incidents.map((each) => [each.id, each])) });
    await save(incident('incident-1', {}), incident('incident-2', { severity: 'low', openedAt: day(2), lastDenialAt: day(2) }));
    await save(incident('incident-1', { status: 'resolved', denials: 9, resolvedAt: day(2) }));
    await save(incident('incident-1', { status: 'resolved', denials: 10, resolvedAt: day(2) }));
    expect((await store.trend(span)).map((point) => [point.day, point.incidentsOpened, point.incidentsResolved, point.audits])).toEqual([
      ['2026-11-01', 1, 0, 0],
      ['2026-11-02', 1, 1, 0],
    ]);
    const first = await store.incidentPage({ filter: {}, limit: 1 });
    expect(first.items.map(({ id }) => id)).toEqual(['incident-2']);
    const second = await store.incidentPage({ filter: {}, limit: 1, cursor: first.cursor });
    expect([second.items.map(({ id }) => id), second.cursor]).toEqual([['incident-1'], undefined]);
    expect((await store.incidentPage({ filter: {}, sort: 'severity', limit: 9 })).items.map(({ id }) => id)).toEqual([
      'incident-1',
      'incident-2',
    ]);
  });
});

describe('pruning', () => {
  const before = { audits: day(10), watches: day(20), findings: day(10) };

  it('forgets old runs, and findings resolved long ago with all that points at them; everything else stays', async () => {
    const table = memoryTable();
    const store = openStore(table, clock);
    await audit(store, world({ violations: [a, b, c] }));
    await acceptFinding(store, { findingId: findingId(b.rule, b.subject), reason: 'x', author: 'ada', until: day(3), now: day(1) });
    await audit(store, world({ now: day(2), violations: [a, b] }));
    await audit(store, world({ now: day(12), violations: [a] }));
    for (const at of [5, 19, 21]) {
      const run = await store.beginRun('watch', day(at), 't');
      await store.finishRun({ ...run, state: 'finished', finishedAt: day(at) });
    }
    const pruned = await store.prune(before);
    expect(pruned).toMatchObject({ runs: 4, findings: 1 });
    expect((await store.runs(99)).map(({ job, startedAt }) => [job, startedAt])).toEqual([
      ['watch', day(21)],
      ['audit', day(12)],
    ]);
    expect((await store.runs(9, 'watch')).length).toBe(1);
    expect((await all(store.findings({}))).map(({ subject }) => subject).toSorted()).toEqual(['/a', '/b']);
    expect(JSON.stringify(table.dump())).not.toContain(findingId(c.rule, c.subject));
    expect((await store.countFindings()).reduce((sum, { count }) => sum + count, 0)).toBe(2);
    expect(await store.prune(before)).toEqual({ runs: 0, findings: 0, history: 0 });
    expect((await store.finding(findingId(a.rule, a.subject)))?.history.length).toBe(1);
  });

  it('ends alike whenever it died and was done again', async () => {
    const made = async () => {
      const table = memoryTable();
      await auditOn(table, world({ violations: [a, b, c] }));
      await auditOn(table, world({ now: day(2), violations: [a] }));
      return table;
    };
    const undisturbed = await made();
    await openStore(undisturbed, clock).prune(before);
    for (let deaths = 0; deaths < 60; deaths += 2) {
      const table = await made();
      await orDeath(openStore(dyingTable(table, deaths), clock).prune(before));
      await openStore(table, clock).prune(before);
      expect(table.dump()).toEqual(undisturbed.dump());
    }
  });
});
