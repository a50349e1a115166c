import { array, assert, asyncProperty, constantFrom, nat, record } from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { lookAfterPlan } from '../../src/jobs/sharded/look-after-plan.ts';
import { performPiece } from '../../src/jobs/sharded/perform-piece.ts';
import { attemptsAt } from '../../src/jobs/sharded/pieces.ts';
import { planAudit } from '../../src/jobs/sharded/plan-audit.ts';
import { AlreadyRunning } from '../../src/jobs/under-lease.ts';
import type { RecordTable, Row, ShardMessage } from '../../src/ports/index.ts';
import { openStore } from '../../src/store/index.ts';
import { Died, dyingTable } from '../fakes/dying-table.ts';
import { memoryTable } from '../fakes/record-table.ts';
import { auditSharded, auditWhole, messageBox, piecesOf, shardedRequest, stored, takeAll, type Stage } from './sharded-world.ts';
import { smallTenant } from './small-tenant.ts';

/** Whatever becomes of messages and processes, the store ends as if one process had audited everything at once. */
const instants = { 1: '2026-11-20T08:00:00.000Z', 2: '2026-11-21T08:00:00.000Z' } as const;
type Day = keyof typeof instants;
const expected: { [Each in Day]?: readonly Row[] } = {};

beforeAll(async () => {
  const table = memoryTable();
  for (const day of [1, 2] as const) {
    await auditWhole({ table, at: instants[day], clock: { ms: Date.parse(instants[day]) } }, smallTenant(day));
    expected[day] = await stored(table);
  }
});

const stageOf = (table: RecordTable, day: Day, more: Partial<Stage> = {}): Stage => ({
  table,
  source: piecesOf(smallTenant(day)),
  queue: messageBox(),
  at: instants[day],
  clock: { ms: Date.parse(instants[day]) },
  ...more,
});

const minutes = 60_000;

/** Until the audit is over: what is in the queue, and what the sweep puts there. */
async function toTheEnd(stage: Stage): Promise<void> {
  for (let sweeps = 0; sweeps < 60; sweeps++) {
    await takeAll(stage).catch(unlessBusy);
    stage.clock.ms += 11 * minutes;
    if ((await lookAfterPlan(shardedRequest(stage)).catch(unlessBusy)) === undefined && (await isOver(stage))) return;
  }
  throw new Error('The audit does not come to its end.');
}

const isOver = async ({ table, clock }: Stage): Promise<boolean> =>
  (await openStore(table, { nowMs: () => clock.ms }).runs(1, 'audit'))[0]?.state !== 'started';

function unlessBusy(error: unknown): undefined {
  if (error instanceof AlreadyRunning) return undefined;
  throw error;
}

describe('an audit in shards', () => {
  it('is cut into several shards and parts, and ends as one in a single piece', async () => {
    const table = memoryTable();
    for (const day of [1, 2] as const) {
      const stage = stageOf(table, day);
      const way = await planAudit(shardedRequest(stage));
      const plan = await openStore(table, { nowMs: () => 0 }).shardPlan();
      expect([way.kind, (plan?.shards.length ?? 0) > 2, (plan?.parts ?? 0) > 2]).toEqual(['shards', true, true]);
      await takeAll(stage);
      expect(await stored(table)).toEqual(expected[day]);
    }
  });

  it('stays whole where it fits, and where it cannot be counted', async () => {
    const stage = stageOf(memoryTable(), 1, { shardRows: 1_000 });
    expect(await planAudit(shardedRequest(stage))).toEqual({ kind: 'whole' });
    const blind = { ...stage, shardRows: 1, source: { ...stage.source, count: async () => undefined } };
    expect(await planAudit(shardedRequest(blind))).toEqual({ kind: 'whole' });
  });

  it('says that it is under way for as long as it is', async () => {
    const stage = stageOf(memoryTable(), 1);
    await planAudit(shardedRequest(stage));
    await performPiece(shardedRequest(stage), stage.queue.waiting.shift());
    const [run] = await openStore(stage.table, { nowMs: () => 0 }).runs(1, 'audit');
    expect(run).toMatchObject({ state: 'started', finishedAt: '', complete: false });
    expect(await planAudit(shardedRequest(stage))).toMatchObject({ kind: 'shards', said: expect.stringContaining('under way') });
    await toTheEnd(stage);
  });

  it('is begun once by two ticks at once', async () => {
    const stage = stageOf(memoryTable(), 1);
    await Promise.all([1, 2, 3].map(() => planAudit(shardedRequest(stage)).catch(unlessBusy)));
    await toTheEnd(stage);
    expect(await stored(stage.table)).toEqual(expected[1]);
  });

  it('hands on when its time is up, step by step', async () => {
    const table = memoryTable();
    const stage = stageOf(table, 1, { endsAfterMs: 0 });
    await planAudit(shardedRequest(stage));
    const said: string[] = [];
    for (let taken = 0; stage.queue.waiting.length > 0 && taken < 200; taken++)
      said.push((await performPiece(shardedRequest(stage), stage.queue.waiting.shift())).said);
    expect(said.filter((line) => line.includes('time of this invocation is up')).length).toBeGreaterThan(1);
    expect(await stored(table)).toEqual(expected[1]);
  });

  it('waits for the lease of another audit for as long as it takes, and is not given up for it', async () => {
    const stage = stageOf(memoryTable(), 1);
    const store = openStore(stage.table, { nowMs: () => stage.clock.ms });
    await planAudit(shardedRequest(stage));
    while (stage.queue.waiting[0]?.piece !== 'join') await performPiece(shardedRequest(stage), stage.queue.waiting.shift());
    const lease = await store.lease('audit', 'another', 100_000);
    for (let tries = 0; tries < 20; tries++) {
      expect(await performPiece(shardedRequest(stage), stage.queue.waiting.shift())).not.toHaveProperty('failed');
      stage.clock.ms += minutes;
    }
    await lease?.release();
    await toTheEnd(stage);
    expect(await stored(stage.table)).toEqual(expected[1]);
  });

  it('counts as attempts at a join only those that moved nothing', () => {
    const pieces = Array.from({ length: 12 }, (_, at) => `join.findings-${at}`);
    const done = new Map(pieces.map((piece) => [piece, { piece, attempt: 'a', pages: {}, result: null }]));
    expect(attemptsAt('join', { begun: new Map([['join', 13]]), done })).toBe(1);
    expect(attemptsAt('judge.1', { begun: new Map([['judge.1', 9]]), done })).toBe(9);
  });

  it.each([null, 7, '', 'look', {}, { planId: 'x' }, { planId: 'x', piece: '__proto__' }, [], { planId: 'a'.repeat(200), piece: 'join' }])(
    'does nothing for the message %j',
    async (given) => {
      const stage = stageOf(memoryTable(), 1);
      await planAudit(shardedRequest(stage));
      const before = await stored(stage.table);
      expect(await performPiece(shardedRequest(stage), given)).not.toHaveProperty('audit');
      expect(await stored(stage.table)).toEqual(before);
    },
  );

  it('does nothing for pieces it has not, and for those before their turn', async () => {
    const stage = stageOf(memoryTable(), 1);
    await planAudit(shardedRequest(stage));
    const [{ planId } = { planId: '' }] = stage.queue.waiting;
    const before = await stored(stage.table);
    for (const piece of ['collect.99', 'judge.99', 'facts', 'judge.0', 'join', 'join.memory', 'collect.-1'])
      await performPiece(shardedRequest(stage), { planId, piece });
    expect(await stored(stage.table)).toEqual(before);
  });
});

describe('messages', () => {
  const fate = record({
    pick: nat(1_000),
    kind: constantFrom('take', 'take', 'take', 'twice', 'both at once', 'lose', 'late', 'sweep'),
  });

  it('may come twice, in any order, late, together or not at all', async () => {
    await assert(
      asyncProperty(array(fate, { maxLength: 60 }), async (fates) => {
        const table = memoryTable();
        const late: ShardMessage[] = [];
        for (const day of [1, 2] as const) {
          const stage = stageOf(table, day);
          await planAudit(shardedRequest(stage));
          for (const each of fates) await befall(stage, each, late);
          await toTheEnd(stage);
          for (const message of late) await performPiece(shardedRequest(stage), message);
          expect(await stored(table)).toEqual(expected[day]);
        }
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  async function befall(stage: Stage, { pick, kind }: { pick: number; kind: string }, late: ShardMessage[]): Promise<void> {
    const { waiting } = stage.queue;
    if (kind === 'sweep') {
      stage.clock.ms += 11 * minutes;
      await lookAfterPlan(shardedRequest(stage)).catch(unlessBusy);
      return;
    }
    if (waiting.length === 0) return;
    const [message] = waiting.splice(pick % waiting.length, 1) as [ShardMessage];
    if (kind === 'late') late.push(message);
    if (kind === 'lose') return;
    const take = (one: ShardMessage) => performPiece(shardedRequest(stage), one);
    const other = waiting[pick % Math.max(1, waiting.length)];
    if (kind === 'both at once') await Promise.all([take(message), take(message), ...(other === undefined ? [] : [take(other)])]);
    else await take(message);
    if (kind === 'twice') await take(message);
  }
});

describe('processes', () => {
  /** One audit in which the process dies at write n; the host gives its message to another, or it is lost. */
  async function killedAt(n: number, isLost: boolean, table: RecordTable): Promise<boolean> {
    const stage = stageOf(table, 2, { shardRows: 12 });
    const dying = { ...stage, table: dyingTable(table, n, n % 2 === 1) };
    let message: ShardMessage | undefined;
    try {
      await planAudit(shardedRequest(dying));
      while (stage.queue.waiting.length > 0) await performPiece(shardedRequest(dying), (message = stage.queue.waiting.shift()));
      return false;
    } catch (error) {
      if (!(error instanceof Died)) throw error;
    }
    if (message !== undefined && !isLost) stage.queue.waiting.unshift(message);
    // Its lease ends by itself.
    stage.clock.ms += 3 * minutes;
    if ((await openStore(table, { nowMs: () => stage.clock.ms }).shardPlan()) === undefined && !(await wasDone(stage)))
      await planAudit(shardedRequest(stage));
    await toTheEnd(stage);
    return true;
  }

  const wasDone = async ({ table, at }: Stage): Promise<boolean> => {
    const [run] = await openStore(table, { nowMs: () => 0 }).runs(1, 'audit');
    return run?.startedAt === at && run.state === 'finished';
  };

  // All writes together take minutes, and were tried; these go through every stage.
  it.each([
    { isLost: false, first: 0, each: 9 },
    { isLost: true, first: 4, each: 17 },
  ])(
    'may die at any write (its message is lost: $isLost)',
    async ({ isLost, first, each }) => {
      const before = memoryTable();
      await auditSharded(stageOf(before, 1));
      let n = first;
      for (; ; n += each) {
        const table = memoryTable();
        await table.write(before.dump().map((row) => ({ kind: 'put' as const, row })));
        if (!(await killedAt(n, isLost, table))) break;
        expect(await stored(table), `killed at write ${n}`).toEqual(expected[2]);
      }
      expect(n).toBeGreaterThan(100);
    },
    240_000,
  );
});

describe('a piece that always fails', () => {
  const broken = (stage: Stage): Stage => ({
    ...stage,
    source: {
      ...stage.source,
      collectIn: async () => {
        throw new Error('out of memory');
      },
    },
  });

  it('ends the audit as failed, says so, and leaves what was known as it was', async () => {
    const table = memoryTable();
    await auditSharded(stageOf(table, 1));
    const findings = (rows: readonly Row[]) =>
      rows.filter(({ partition }) => partition.startsWith('known.') || partition.startsWith('inventory.'));
    const before = findings(await stored(table));
    const stage = broken(stageOf(table, 2));
    await planAudit(shardedRequest(stage));
    for (let round = 0; round < 40 && !(await isOver(stage)); round++) {
      while (stage.queue.waiting.length > 0) await performPiece(shardedRequest(stage), stage.queue.waiting.shift()).catch(() => {});
      stage.clock.ms += 11 * minutes;
      await lookAfterPlan(shardedRequest(stage));
    }
    const store = openStore(table, { nowMs: () => stage.clock.ms });
    const [run] = await store.runs(1, 'audit');
    expect(run).toMatchObject({ state: 'failed', complete: false, startedAt: instants[2] });
    expect(run?.coverage[0]).toMatchObject({ state: 'missing', why: expect.stringContaining('was given up') });
    expect(findings(await stored(table))).toEqual(before);
    expect(await store.shardPlan()).toBeUndefined();
    expect((await stored(table)).filter(({ partition }) => partition.startsWith('shard'))).toEqual([]);
  });

  it('does not keep the next audit from a clean one', async () => {
    const table = memoryTable();
    const stage = broken(stageOf(table, 1));
    await planAudit(shardedRequest(stage));
    stage.clock.ms += 25 * 60 * minutes;
    expect(await planAudit(shardedRequest(stageOf(table, 2, { clock: stage.clock })))).toMatchObject({ kind: 'shards' });
  });
});

it('what a piece leaves after its audit was over is swept away by pruning', async () => {
  const stage = stageOf(memoryTable(), 1);
  await planAudit(shardedRequest(stage));
  const store = openStore(stage.table, { nowMs: () => stage.clock.ms });
  const planId = (await store.shardPlan())?.id ?? '';
  const writer = await store.beginPiece(planId, 'judge.0', 'late');
  await toTheEnd(stage);
  await writer.put('sheets', { some: 'thing' });
  expect(await writer.done({})).toBe(true);
  const before = { audits: instants[1], watches: instants[1], findings: instants[1] };
  await store.prune(before);
  expect(await stored(stage.table)).toEqual(expected[1]);
});
