import { describe, expect, it } from 'vitest';
import { acceptFinding, unacceptFinding } from '../../src/jobs/accept-finding.ts';
import { reconcile, type Exception, type Reconciled, type StoredFinding } from '../../src/findings/index.ts';
import { findingNotices, incidentNotices, type Notice } from '../../src/outbox/index.ts';
import { openStore } from '../../src/store/index.ts';
import { memoryTable } from '../fakes/record-table.ts';
import { day, inconclusive, request, stored, violation } from '../findings/world.ts';
import { clock } from '../jobs/outbox-world.ts';

const told = ({ changes }: Pick<Reconciled, 'changes'>, first = false): readonly Notice[] =>
  findingNotices(changes, { tagsOf: () => [], first }).filter(({ silent }) => silent !== true);
const events = (outcome: Reconciled): readonly string[] => told(outcome).map(({ event, severity }) => `${event} ${severity}`);
const run = (number: number, known: ReadonlyMap<string, StoredFinding>, violations = [violation('/a')], more: object = {}) =>
  reconcile(request({ known: { findings: known, exceptions: [] }, violations, now: day(number), runId: `run-${number}`, ...more }));
const none = new Map<string, StoredFinding>();

describe('what of a run is told about findings', () => {
  it('is what changed, and nothing twice', () => {
    const first = run(1, none);
    const known = stored(none, first);
    expect(events(first)).toEqual(['opened high']);
    expect(events(run(2, known))).toEqual([]);
    expect(events(run(2, known, [violation('/a', { severity: 'critical' })]))).toEqual(['severity-changed critical']);
    const gone = run(2, known, []);
    expect(events(gone)).toEqual(['resolved high']);
    expect(events(run(3, stored(known, gone)))).toEqual(['reopened high']);
  });

  it('is not what only reads differently, was not judged, or is excluded by a setting', () => {
    const known = stored(none, run(1, none));
    expect(events(run(2, known, [violation('/a', { message: 'In other words.' })]))).toEqual([]);
    expect(events(run(2, known, [], { verdicts: [inconclusive()] }))).toEqual([]);
    const excluded = run(2, known, [violation('/a')], { exclusions: { rules: ['orphaned-assignment'], scopes: [], tags: [] } });
    expect(excluded.changes.findings).toHaveLength(1);
    expect(events(excluded)).toEqual([]);
  });

  it('carries the severity that it had', () => {
    const known = stored(none, run(1, none));
    expect(told(run(2, known, [violation('/a', { severity: 'low' })]))).toMatchObject([{ severity: 'low', was: 'high' }]);
  });

  it('is the end of an acceptance, not its beginning', () => {
    const before = run(1, none);
    const known = stored(none, before);
    const acceptance: Exception = {
      id: 'x',
      findingId: before.findings[0]!.id,
      rule: 'orphaned-assignment',
      reason: 'wanted',
      author: 'ada',
      createdAt: day(1),
      until: day(5),
    };
    const withIt = (number: number, from: ReadonlyMap<string, StoredFinding>, severity: 'high' | 'critical' | 'low' = 'high') =>
      reconcile(
        request({
          known: { findings: from, exceptions: [acceptance] },
          violations: [violation('/a', { severity })],
          now: day(number),
          runId: `run-${number}`,
        }),
      );
    const accepted = withIt(2, known);
    expect(events(accepted)).toEqual([]);
    const after = stored(known, accepted);
    expect(events(withIt(3, after))).toEqual([]);
    expect(events(withIt(4, after, 'low'))).toEqual([]);
    expect(events(withIt(4, after, 'critical'))).toEqual(['severity-changed critical']);
    expect(events(withIt(6, after))).toEqual(['acceptance-expired high']);
  });

  it('has a silent notice for each revision that nobody hears of', () => {
    const { changes } = run(1, none);
    const silent = findingNotices(
      {
        ...changes,
        history: [...changes.history, { ...changes.history[0]!, revision: 2, kind: 'accepted' }],
        findings: [{ ...changes.findings[0]!, revision: 2, status: 'accepted' }],
      },
      { tagsOf: () => [], first: false },
    );
    expect(silent.map(({ revision, silent: is }) => [revision, is])).toEqual([
      [1, true],
      [2, true],
    ]);
  });

  it('is old when the first audit found it', () => {
    expect(told(run(1, none), true)).toMatchObject([{ event: 'opened', old: true }]);
    expect(told(run(2, stored(none, run(1, none)), []), true)[0]).not.toHaveProperty('old');
  });

  it('carries the tags in force, the nearest first, and the places', () => {
    const { changes } = run(1, none);
    const tags: Record<string, readonly Record<string, string>[]> = { '/a': [{ Owner: 'near' }, { OWNER: 'far', env: 'x'.repeat(999) }] };
    const [notice] = findingNotices(changes, { tagsOf: (id) => tags[id] ?? [], first: false });
    expect(notice?.tags).toEqual({ owner: 'near', env: 'x'.repeat(256) });
    expect(notice?.scopes).toContain('/subscriptions/s1/resourceGroups/rg');
  });
});

describe('an acceptance by a person', () => {
  it('is told to nobody, nor is what a run that died left under its revision', async () => {
    const table = memoryTable();
    const store = openStore(table, clock);
    const { id } = await store.beginRun('audit', day(1), 'tenant');
    const first = run(1, none);
    await store.apply(id, { ...first.changes, exceptions: [] });
    const [finding] = first.findings;
    // A run wrote that it was resolved, and died before the finding.
    await store.apply(id, { findings: [], history: [], exceptions: [] }, told(run(2, stored(none, first), [])));
    expect(await store.notices()).toEqual([]);
    await acceptFinding(store, { findingId: finding!.id, reason: 'wanted', author: 'ada', until: day(20), now: day(3) });
    expect(await store.notices()).toEqual([]);
    await unacceptFinding(store, { findingId: finding!.id, author: 'ada', now: day(3) });
    expect(await store.notices()).toEqual([]);
  });
});

describe('what of a pass is told about incidents', () => {
  it('is nothing for one of a store from before there were messages', () => {
    const incident = {
      id: 'incident-0',
      status: 'opened',
      targets: [],
      principal: { resourceId: '', id: '' },
      causes: [],
      severity: 'high',
    } as never;
    const same = new Map([['incident-0', incident]]);
    expect(incidentNotices(same, [incident], { tagsOf: () => [], runId: 'r', now: day(1) })).toEqual([]);
  });
});
