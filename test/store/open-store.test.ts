import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findingId, type Run } from '../../src/findings/index.ts';
import { acceptFinding, unacceptFinding } from '../../src/jobs/accept-finding.ts';
import type { FindingFilter } from '../../src/ports/index.ts';
import { LeaseLostError, NewerStoreError, openStore, OtherTenantError } from '../../src/store/index.ts';
import { rowKind } from '../../src/store/row-kind.ts';
import { estate, pid, userAssigned } from '../build/estate.ts';
import { memoryTable } from '../fakes/record-table.ts';
import { checked, day, inconclusive, violation } from '../findings/world.ts';
import { all, audit, auditOn, clock, dump, type World } from './audit.ts';

const a = violation('/a');
const b = violation('/b', {
  severity: 'low',
  scope: '/subscriptions/s1',
  principal: { id: 'P1', kind: 'user-assigned', name: 'n', resourceId: '/Sub/I', clientId: '' },
});
const shared = violation('/s', { rule: 'shared-identity', scope: '/subscriptions/s10/x' });
const world = (more: Partial<World> = {}): World => ({
  now: day(1),
  estate: estate(),
  violations: [a, b, shared],
  verdicts: [checked(), checked('shared-identity')],
  ...more,
});
const open = () => {
  const table = memoryTable();
  return { table, store: openStore(table, clock) };
};

describe('the store', () => {
  it('gives back what the run said', async () => {
    const { store } = open();
    const said = await audit(store, world());
    const byId = (x: { id: string }, y: { id: string }) => (x.id < y.id ? -1 : 1);
    expect((await all(store.findings({}))).toSorted(byId)).toEqual(said.findings.toSorted(byId));
    expect(await store.runs(5)).toEqual([said.run]);
    expect((await store.finding(findingId(a.rule, a.subject)))?.history).toMatchObject([{ kind: 'opened', revision: 1 }]);
  });

  it('moves "last seen" on without writing a finding again, and stops it where a rule could not look', async () => {
    const { table, store } = open();
    for (const at of [1, 2, 3]) await audit(store, world({ now: day(at) }));
    const before = table.dump().filter(({ partition }) => partition.startsWith('known.finding.'));
    const said = await audit(store, world({ now: day(4), violations: [a, b], verdicts: [checked(), inconclusive('shared-identity')] }));
    const rewritten = table
      .dump()
      .filter(({ partition }) => partition.startsWith('known.finding.'))
      .filter((row, at) => row.values['body'] !== before[at]?.values['body']);
    expect(rewritten.map(({ partition }) => partition)).toEqual(['known.finding.shared-identity']);
    const seen = Object.fromEntries((await all(store.findings({}))).map(({ subject, lastSeenAt }) => [subject, lastSeenAt]));
    expect(seen).toEqual({ '/a': day(4), '/b': day(4), '/s': day(3) });
    expect(Object.fromEntries(said.findings.map(({ subject, lastSeenAt }) => [subject, lastSeenAt]))).toEqual(seen);
  });

  it.each<readonly [string, FindingFilter, readonly string[]]>([
    ['nothing', {}, ['/a', '/b', '/s']],
    ['status', { status: ['resolved', 'accepted'] }, []],
    ['severity', { severity: ['low'] }, ['/b']],
    ['rule', { rule: ['shared-identity', 'unknown-rule'] }, ['/s']],
    ['principal', { principal: 'p1' }, ['/b']],
    ["the identity's resource", { principal: '/sub/i' }, ['/b']],
    ['scope and below, not what begins alike', { scope: '/Subscriptions/S1/' }, ['/a', '/b']],
    ['the whole tenant', { scope: '/' }, ['/a', '/b', '/s']],
    ['time', { since: day(2) }, []],
    ['time, the very instant', { since: day(1) }, ['/a', '/b', '/s']],
    ['two things', { severity: ['high'], rule: ['orphaned-assignment'] }, ['/a']],
  ])('filters by %s', async (_, filter, expected) => {
    const { store } = open();
    await audit(store, world());
    expect((await all(store.findings(filter))).map(({ subject }) => subject).toSorted()).toEqual(expected);
  });

  it('knows no finding under an id that is none', async () => {
    const { store } = open();
    for (const id of ['', 'x', '../../etc', 'orphaned-assignment-0000000000000000', 'a/b-0123456789abcdef'])
      expect(await store.finding(id)).toBeUndefined();
  });

  it('remembers identities, when each was last seen, and what is missing', async () => {
    const { store } = open();
    const [gone, here] = [userAssigned('gone'), userAssigned('here')];
    await audit(store, world({ estate: estate({ identities: [gone, here] }) }));
    await audit(store, world({ now: day(2), estate: estate({ identities: [here] }) }));
    const { lastSeen } = (await store.known('next')).memory;
    expect(lastSeen.get(pid('gone'))).toEqual({ kind: 'user-assigned', resourceId: gone.resourceId, name: 'gone', lastSeenAt: day(1) });
    expect(lastSeen.get(pid('here'))?.lastSeenAt).toBe(day(2));
  });

  it('reads everything it must know in few calls', async () => {
    const { table, store } = open();
    await audit(
      store,
      world({
        violations: Array.from({ length: 500 }, (_, at) => violation(`/${at}`)),
        estate: estate({ identities: Array.from({ length: 1_000 }, (_, at) => userAssigned(`i${at}`)) }),
      }),
    );
    const before = table.calls();
    const known = await store.known('next');
    expect(table.calls() - before).toBe(1);
    expect([known.findings.size, known.memory.lastSeen.size]).toEqual([500, 1_000]);
    expect(before).toBeLessThan(45);
  });
});

describe('runs', () => {
  it('have ids of their instant, and a number where that is taken', async () => {
    const { store } = open();
    const ids: string[] = [];
    for (let at = 0; at < 12; at++) ids.push((await audit(store, world({ now: '2026-11-20T08:00:00.123Z' }))).run.id);
    expect(ids).toEqual(['20261120T080000Z', ...Array.from({ length: 11 }, (_, at) => `20261120T080000Z-${at + 2}`)]);
    ids.push((await audit(store, world({ now: day(21) }))).run.id);
    expect((await store.runs(3)).map(({ id }) => id)).toEqual(ids.toReversed().slice(0, 3));
  });

  it('that died are continued; that failed before they wrote are over; that failed in the middle are continued', async () => {
    const { store } = open();
    const begun = await store.beginRun('audit', day(1), 't');
    expect(await store.beginRun('audit', day(2), 't')).toEqual(begun);
    expect((await store.beginRun('watch', day(2), 't')).id).not.toBe(begun.id);
    const failed: Run = { ...begun, state: 'failed', finishedAt: day(2) };
    await store.finishRun(failed);
    const next = await store.beginRun('audit', day(3), 't');
    expect(next.id).not.toBe(begun.id);
    await store.apply(next.id, { findings: [], history: [], exceptions: [], memory: noChanges });
    await store.finishRun({ ...next, state: 'failed' });
    expect(await store.beginRun('audit', day(4), 't')).toEqual(next);
  });

  it('keep a coverage of any length within a row, and say what they left out', async () => {
    const { store } = open();
    const run = await store.beginRun('audit', day(1), 't');
    const line = { slice: 'hosts', scope: `/${'x'.repeat(5_000)}`, state: 'missing', why: 'no'.repeat(5_000), permission: '' } as const;
    await store.finishRun({ ...run, state: 'finished', coverage: Array.from({ length: 9_000 }, () => line) });
    const [kept] = await store.runs(1);
    expect(JSON.stringify(kept).length).toBeLessThan(500_000);
    expect(kept?.coverage.at(-1)?.why).toBe('and 8501 more lines of coverage, too many to keep');
  });

  it('of another tenant write nothing', async () => {
    const { table, store } = open();
    await audit(store, world());
    const findings = () => table.dump().filter(({ partition }) => partition.startsWith('known.'));
    const before = findings();
    await expect(audit(store, world({ now: day(2), estate: { ...estate(), tenantId: 'fabrikam' }, violations: [] }))).rejects.toThrow(
      OtherTenantError,
    );
    expect(findings()).toEqual(before);
    expect((await audit(store, world({ now: day(3) }))).summary).toMatchObject({ new: 0, resolved: 0 });
  });

  it('must have begun', async () => {
    const { store } = open();
    await expect(store.apply('20261120T080000Z', { findings: [], history: [], exceptions: [], memory: noChanges })).rejects.toThrow(
      /never begun/,
    );
  });
});

const noChanges = {
  tenantId: '',
  missing: [],
  noLongerMissing: [],
  identities: [],
  forgottenIdentities: [],
  federatedCredentials: new Map(),
  forgottenCredentials: [],
  subscriptions: [],
  checkedAt: {},
  identitiesSeenAt: day(1),
};

describe('two runs at once', () => {
  it('are kept apart by the lease, which ends by itself, can be renewed, and says who holds it', async () => {
    let nowMs = 1_000_000;
    const table = memoryTable();
    const store = openStore(table, { nowMs: () => nowMs });
    const mine = await store.lease('audit', 'me', 60);
    expect(mine).toBeDefined();
    expect(await store.lease('audit', 'you', 60)).toBeUndefined();
    expect(await store.lease('watch', 'you', 60)).toBeDefined();
    expect(await store.leaseHolder('audit')).toEqual({ holder: 'me', until: new Date(nowMs + 60_000).toISOString() });
    nowMs += 59_000;
    await mine!.renew();
    nowMs += 59_000;
    expect(await store.lease('audit', 'you', 60)).toBeUndefined();
    nowMs += 1_001;
    const yours = await store.lease('audit', 'you', 60);
    expect(yours).toBeDefined();
    await expect(mine!.renew()).rejects.toThrow(LeaseLostError);
    await mine!.release();
    expect((await store.leaseHolder('audit'))?.holder).toBe('you');
    await yours!.release();
    expect(await store.leaseHolder('audit')).toBeUndefined();
    expect(await store.lease('audit', 'me again', 60)).toBeDefined();
  });

  it('take the lease of a dead process at once', async () => {
    const store = openStore(memoryTable(), { nowMs: () => 0, isGone: (holder) => holder === 'dead' });
    await store.lease('audit', 'dead', 60);
    expect(await store.lease('audit', 'alive', 60)).toBeDefined();
    expect(await store.lease('audit', 'third', 60)).toBeUndefined();
  });

  it('corrupt nothing even without it', async () => {
    const alone = memoryTable();
    await auditOn(alone, world());
    await auditOn(alone, world({ now: day(2), violations: [a] }));
    const crowded = memoryTable();
    await Promise.all([1, 2, 3].map(() => auditOn(crowded, world())));
    await Promise.all([1, 2, 3].map(() => auditOn(crowded, world({ now: day(2), violations: [a] }))));
    expect(await dump(crowded)).toEqual(await dump(alone));
  });
});

describe('rows that make no sense', () => {
  it.each([
    ['no JSON', { v: 1, body: '{' }],
    ['not the fields', { v: 1, body: '{"id":1}' }],
    ['no version', { body: '{}' }],
    ['nothing', {}],
  ])('are left out and counted, and do not end the run: %s', async (_, values) => {
    const { table, store } = open();
    await audit(store, world());
    const rows = table.dump();
    await table.write(
      rows.filter(({ partition }) => partition.startsWith('known.')).map((row) => ({ kind: 'put', row: { ...row, values } })),
    );
    const said = await audit(store, world({ now: day(2) }));
    expect(said.summary.new).toBe(3);
    expect(store.notes().join('\n')).toMatch(
      /2 rows of the store could not be read and were left out \(partition known\.finding\.orphaned-assignment/,
    );
    expect((await all(store.findings({}))).length).toBe(3);
  });

  it('of a later version stop everything: going on would take away what it knows', async () => {
    const { table, store } = open();
    await audit(store, world());
    const row = table.dump().find(({ partition }) => partition.startsWith('known.finding.'))!;
    await table.write([{ kind: 'put', row: { ...row, values: { ...row.values, v: Number(row.values['v']) + 1 } } }]);
    await expect(audit(store, world({ now: day(2) }))).rejects.toThrow(NewerStoreError);
  });

  it('of an earlier version are migrated on reading, step by step', () => {
    const kind = rowKind({
      name: 'thing',
      version: 3,
      schema: z.object({ name: z.string(), size: z.number() }),
      migrations: {
        1: (body) => ({ name: z.object({ title: z.string() }).parse(body).title }),
        2: (body) => ({ ...z.object({ name: z.string() }).parse(body), size: 0 }),
      },
    });
    const row = (v: number, body: unknown) => ({ partition: 'p', row: 'r', values: { v, body: JSON.stringify(body) } });
    expect(kind.decode(row(1, { title: 'x' }))).toEqual({ name: 'x', size: 0 });
    expect(kind.decode(row(2, { name: 'x' }))).toEqual({ name: 'x', size: 0 });
    expect(kind.decode(row(3, { name: 'x', size: 1 }))).toEqual({ name: 'x', size: 1 });
    expect(kind.encode({ name: 'x', size: 1 })).toEqual({ v: 3, body: '{"name":"x","size":1}' });
    expect(kind.decode(row(2, { title: 'x' }))).toBeUndefined();
  });
});

describe('accepting a risk', () => {
  const id = findingId(a.rule, a.subject);
  const asked = { findingId: id, reason: ' wanted ', author: 'ada', until: '2026-12-31', now: day(2) };

  it('is in force at once, in the history, and in the next run', async () => {
    const { store } = open();
    await audit(store, world());
    const outcome = await acceptFinding(store, asked);
    expect(outcome).toMatchObject({
      kind: 'accepted',
      finding: { status: 'accepted' },
      exception: { reason: 'wanted', until: '2026-12-31T00:00:00.000Z' },
    });
    expect((await store.finding(id))?.history.map(({ kind, author }) => [kind, author])).toEqual([
      ['opened', undefined],
      ['accepted', 'ada'],
    ]);
    const said = await audit(store, world({ now: day(3) }));
    expect(said.summary).toMatchObject({ accepted: 1, new: 0 });
    expect(said.changes.history).toEqual([]);
  });

  it('again puts the new reason in the place of the old; ending it opens the finding, once', async () => {
    const { store } = open();
    await audit(store, world());
    await acceptFinding(store, asked);
    await acceptFinding(store, { ...asked, reason: 'still wanted', now: day(3) });
    expect((await store.exceptions()).filter(({ endedAt }) => endedAt === undefined).map(({ reason }) => reason)).toEqual(['still wanted']);
    expect(await unacceptFinding(store, { findingId: id, author: 'bob', now: day(4) })).toMatchObject({
      kind: 'unaccepted',
      finding: { status: 'open' },
    });
    expect(await unacceptFinding(store, { findingId: id, author: 'bob', now: day(4) })).toMatchObject({ kind: 'refused' });
    const said = await audit(store, world({ now: day(5) }));
    expect(said.summary.accepted).toBe(0);
    expect((await store.finding(id))?.history.map(({ kind }) => kind)).toEqual(['opened', 'accepted', 'accepted', 'unaccepted']);
  });

  it.each([
    [{ reason: '  ' }, /needs a reason/],
    [{ reason: 'x'.repeat(2_001) }, /2000 are kept/],
    [{ author: '' }, /needs an author/],
    [{ until: 'soon' }, /is no date/],
    [{ until: day(2) }, /not after now/],
    [{ findingId: 'orphaned-assignment-0000000000000000' }, /No finding has the id/],
    [{ findingId: "x'; drop" }, /No finding has the id/],
  ])('is refused with a reason: %j', async (part, because) => {
    const { table, store } = open();
    await audit(store, world());
    const before = await dump(table);
    const outcome = await acceptFinding(store, { ...asked, ...part });
    expect(outcome.kind === 'refused' && outcome.because).toMatch(because);
    expect(await dump(table)).toEqual(before);
  });
});
