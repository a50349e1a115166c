import { array, assert, asyncProperty, integer, nat, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { quotaLimiter } from '../../src/azure/limiter.ts';
import { sharedQuota } from '../../src/azure/shared-quota.ts';
import type { RecordTable } from '../../src/ports/index.ts';
import { openStore } from '../../src/store/index.ts';
import { memoryTable } from '../fakes/record-table.ts';

const limit = { perWindow: 15, windowMs: 5_000 };

/** The most that any stretch of one window holds, wherever it begins. */
const mostWithin = (instants: readonly number[]): number =>
  Math.max(0, ...instants.map((from) => instants.filter((at) => at >= from && at < from + limit.windowMs).length));

describe('a quota that instances share', () => {
  it('is never overdrawn in any stretch of a window, and used up where they ask enough', async () => {
    const asking = record({ instances: integer({ min: 1, max: 5 }), laterMs: nat(1_500) });
    await assert(
      asyncProperty(array(asking, { maxLength: 60 }), async (rounds) => {
        let now = 1_000_000;
        const store = openStore(memoryTable(), { nowMs: () => now });
        const granted: number[] = [];
        for (const { instances, laterMs } of rounds) {
          const waits = await Promise.all(Array.from({ length: instances }, () => store.take('resource-graph', limit)));
          for (const wait of waits) {
            if (wait === 0) granted.push(now);
            expect(wait).toBeLessThanOrEqual(limit.windowMs);
          }
          now += laterMs;
        }
        expect(mostWithin(granted)).toBeLessThanOrEqual(limit.perWindow);
      }),
    );
    let now = 0;
    const store = openStore(memoryTable(), { nowMs: () => now });
    let granted = 0;
    for (; now < 60_000; now += 100) for (let ask = 0; ask < 2; ask++) if ((await store.take('resource-graph', limit)) === 0) granted += 1;
    expect(granted).toBe(15 * 12);
  });

  it('begins anew after a row that makes no sense, and after a clock that went ahead', async () => {
    for (const values of [
      { v: 1, body: 'no json' },
      { v: 1, body: JSON.stringify({ takenMs: Array.from({ length: 15 }, () => 9e12) }) },
      {},
    ]) {
      const table = memoryTable();
      await table.write([{ kind: 'put', row: { partition: 'quota', row: 'resource-graph', values } }]);
      expect(await openStore(table, { nowMs: () => 1_000 }).take('resource-graph', limit)).toBe(0);
    }
  });

  it('keeps two instances together under the window of the service', async () => {
    let now = 0;
    const sent: number[] = [];
    const wait = async (ms: number): Promise<void> => void (now += Math.max(ms, 1));
    const table = memoryTable();
    const instance = () => {
      const shared = sharedQuota(openStore(table, { nowMs: () => now }), { wait, nowMs: () => now });
      const limiter = quotaLimiter({ wait, nowMs: () => now, shared });
      return () =>
        limiter.sendRequest(createPipelineRequest({ url: 'https://localhost' }), async (request) => {
          sent.push(now);
          return { request, status: 200, headers: createHttpHeaders() };
        });
    };
    const [one, other] = [instance(), instance()];
    for (let query = 0; query < 50; query++) await (query % 3 === 0 ? other : one)();
    expect(sent.length).toBe(50);
    expect(mostWithin(sent)).toBeLessThanOrEqual(limit.perWindow);
  });

  it('holds nobody up who cannot ask for it', async () => {
    const down = {
      ...memoryTable(),
      get: async () => {
        throw new Error('the store is down');
      },
    } satisfies RecordTable;
    const shared = sharedQuota(openStore(down, { nowMs: () => 0 }), { wait: async () => {}, nowMs: () => 0 });
    await expect(shared(undefined)).resolves.toBeUndefined();
  });
});
