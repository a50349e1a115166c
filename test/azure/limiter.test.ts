import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { quotaLimiter, StillThrottled } from '../../src/azure/limiter.ts';
import type { Wait } from '../../src/azure/wait.ts';

const windowMs = 5000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A Resource Graph that counts like Azure's: so many queries in a window that starts with its first query. */
function service(options: {
  readonly queries: number;
  readonly rounding?: 'up' | 'down' | 'none';
  readonly headers?: boolean;
  readonly retryAfter?: boolean;
  readonly latencyMs?: (call: number) => number;
}) {
  let start = Number.NEGATIVE_INFINITY;
  let used = 0;
  const seen = { sent: 0, refused: 0 };
  const span = (ms: number) => {
    const seconds = ms / 1000;
    if (options.rounding === 'none') return `00:00:${seconds.toFixed(7).padStart(10, '0')}`;
    return `00:00:${String(options.rounding === 'down' ? Math.floor(seconds) : Math.ceil(seconds)).padStart(2, '0')}`;
  };
  const send = async (): Promise<PipelineResponse> => {
    const call = (seen.sent += 1);
    if (Date.now() - start >= windowMs) {
      start = Date.now();
      used = 0;
    }
    used += 1;
    const left = options.queries - used;
    const resets = start + windowMs - Date.now();
    await new Promise((done) => setTimeout(done, options.latencyMs?.(call) ?? 20));
    const quota =
      options.headers === false
        ? {}
        : { 'x-ms-user-quota-remaining': String(Math.max(left, 0)), 'x-ms-user-quota-resets-after': span(resets) };
    if (left >= 0) return response(200, quota);
    seen.refused += 1;
    return response(429, {
      ...quota,
      ...(options.retryAfter === false ? {} : { 'retry-after': String(Math.max(1, Math.ceil(resets / 1000))) }),
    });
  };
  return { send, seen };
}

const request = () =>
  createPipelineRequest({ url: 'https://management.azure.com/providers/Microsoft.ResourceGraph/resources', method: 'POST' });
const response = (status: number, headers: Record<string, string>): PipelineResponse => ({
  status,
  headers: createHttpHeaders(headers),
  request: request(),
});

const wait: Wait = (ms, signal) =>
  new Promise((done, fail) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      fail(new Error('aborted'));
    });
  });

/** Five queries of so many pages each, as a collection runs them: pages one after the other, queries at once. */
async function run(
  limiter: ReturnType<typeof quotaLimiter>,
  send: () => Promise<PipelineResponse>,
  pages: readonly number[],
): Promise<number> {
  const startMs = Date.now();
  const chains = pages.map(async (count) => {
    for (let page = 0; page < count; page += 1) await limiter.sendRequest(request(), send);
  });
  const all = Promise.all(chains);
  await vi.runAllTimersAsync();
  await all;
  return Date.now() - startMs;
}

const limiter = () => quotaLimiter({ wait, nowMs: Date.now });

describe('quotaLimiter', () => {
  for (const rounding of ['up', 'none'] as const) {
    it(`uses the quota fully and never trips it (seconds rounded ${rounding})`, async () => {
      const { send, seen } = service({ queries: 15, rounding });
      const ms = await run(limiter(), send, [20, 10, 5, 5, 6]);
      expect(seen).toEqual({ sent: 46, refused: 0 });
      // 46 queries at 15 per window: three waits are the floor.
      expect(ms).toBeGreaterThanOrEqual(3 * windowMs);
      expect(ms).toBeLessThanOrEqual(3 * windowMs * 1.1);
    });
  }

  it('learns from one refusal that the service rounds the seconds down', async () => {
    const { send, seen } = service({ queries: 15, rounding: 'down' });
    await run(limiter(), send, [40, 40]);
    expect(seen.refused).toBeLessThanOrEqual(2);
  });

  it('does not trip it when answers overtake each other', async () => {
    const { send, seen } = service({ queries: 15, rounding: 'up', latencyMs: (call) => [400, 10, 250, 30, 90][call % 5] ?? 10 });
    await run(limiter(), send, [12, 12, 12, 12, 12]);
    expect(seen.refused).toBe(0);
  });

  it('asks a small quota alone first', async () => {
    const { send, seen } = service({ queries: 2, rounding: 'up' });
    const ms = await run(limiter(), send, [2, 2, 2]);
    expect(seen).toEqual({ sent: 6, refused: 0 });
    expect(ms).toBeLessThanOrEqual(2 * windowMs * 1.1);
  });

  it('does not pause where the service tells that nothing is used up', async () => {
    const send = async () => response(200, { 'x-ms-user-quota-remaining': '15', 'x-ms-user-quota-resets-after': '00:00:05' });
    expect(await run(limiter(), send, [100, 100])).toBe(0);
  });

  it('does not pause where the service tells no quota', async () => {
    expect(await run(limiter(), async () => response(200, {}), [50, 50])).toBe(0);
  });

  it('waits as long as a refusal asks for, with and without Retry-After', async () => {
    for (const retryAfter of [true, false]) {
      let refusals = 0;
      const send = async () =>
        refusals++ === 0
          ? response(429, retryAfter ? { 'retry-after': '7' } : { 'x-ms-user-quota-resets-after': '00:00:07' })
          : response(200, {});
      expect(await run(limiter(), send, [1])).toBe(7000);
    }
  });

  it('gives up after a bounded number of refusals', async () => {
    let sent = 0;
    const send = async () => {
      sent += 1;
      return response(429, { 'retry-after': '1' });
    };
    const failing = quotaLimiter({ wait, nowMs: Date.now, attemptsMax: 4 }).sendRequest(request(), send);
    const outcome = failing.then(
      () => undefined,
      (error: unknown) => error,
    );
    await vi.runAllTimersAsync();
    expect(await outcome).toBeInstanceOf(StillThrottled);
    expect(sent).toBe(4);
  });

  it('goes on after requests that got no answer', async () => {
    let sent = 0;
    const send = async () => {
      sent += 1;
      if (sent % 2 === 1) throw new Error('connection reset');
      return response(200, { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:01' });
    };
    const one = limiter();
    const all = Promise.allSettled([1, 2, 3, 4].map(() => one.sendRequest(request(), send)));
    await vi.runAllTimersAsync();
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
  });
});
