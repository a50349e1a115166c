import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import type { Wait } from './wait.ts';

export interface LimiterOptions {
  readonly wait: Wait;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  /** Attempts at one request that the service throttles, the first included. */
  readonly attemptsMax?: number;
  /** Waits until other instances of the same caller leave room too. */
  readonly shared?: ((signal: AbortSignal | undefined) => Promise<void>) | undefined;
}

/**
 * Keeps Resource Graph's quota (15 queries per 5 s and user, say its headers) without ever tripping it and without an idle moment: requests go
 * out at once while the window has room, and wait for exactly its end when it has none.
 * https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
 *
 * Every page costs one. The first request of an unknown window goes alone, since only its answer tells how large the window is.
 */
export function quotaLimiter({ wait, nowMs, attemptsMax = 8, shared = async () => {} }: LimiterOptions): PipelinePolicy {
  const quota = quotaWindow(nowMs);
  let turn = Promise.resolve();

  /** Waits in line, so that whoever asked first goes first. */
  function admission(signal: AbortSignal | undefined): Promise<number> {
    const mine = turn.then(async () => {
      while (!quota.hasRoom()) {
        const changed = new AbortController();
        quota.onChange(() => changed.abort());
        await wait(quota.msUntilReset(), signal === undefined ? changed.signal : AbortSignal.any([changed.signal, signal])).catch(
          () => undefined,
        );
        if (signal?.aborted === true) throw signal.reason;
      }
      return quota.take();
    });
    turn = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  }

  return {
    name: 'mi-audit-quota',
    async sendRequest(request, next) {
      for (let attempt = 1; ; attempt += 1) {
        const windowNumber = await admission(request.abortSignal as AbortSignal | undefined);
        let response: PipelineResponse;
        try {
          await shared(request.abortSignal as AbortSignal | undefined);
          response = await next(request);
        } catch (error) {
          quota.failed();
          throw error;
        }
        if (response.status !== 429) {
          quota.answered(
            windowNumber,
            count(response, 'x-ms-user-quota-remaining'),
            timeSpanMs(response.headers.get('x-ms-user-quota-resets-after')),
          );
          return response;
        }
        quota.tripped(windowNumber, retryAfterMs(response, nowMs()));
        if (attempt >= attemptsMax) throw new StillThrottled(attempt);
      }
    },
  };
}

/** Resource Graph kept refusing. Not a RestError: waiting longer in an outer retry loop would not help. */
export class StillThrottled extends Error {
  override readonly name = 'StillThrottled';
  readonly statusCode = 429;
  constructor(attempts: number) {
    super(`Resource Graph was still throttling after ${attempts} attempts that each waited as long as it asked for.`);
  }
}

/** The window as far as the answers show it. They come out of order, so the lowest count of a window is believed, less what is still under way. */
function quotaWindow(nowMs: () => number) {
  let number = 0;
  let left = 1;
  let lowest = Number.POSITIVE_INFINITY;
  let capacity = 1;
  let inFlight = 0;
  let resetsAtMs = Number.POSITIVE_INFINITY;
  /** `resets-after` in whole seconds may have been rounded down; being refused right after the reset tells. */
  let roundedDownMs = 0;
  let firstOfWindow = false;
  let listener = () => {};

  const changed = () => {
    const tell = listener;
    listener = () => {};
    tell();
  };
  /** Nobody is under way who could tell more, and no end is known: one goes and finds out. */
  const neverStuck = () => {
    if (left <= 0 && inFlight === 0 && resetsAtMs === Number.POSITIVE_INFINITY) left = 1;
  };

  return {
    hasRoom(): boolean {
      if (nowMs() >= resetsAtMs) {
        number += 1;
        left = Math.max(1, capacity - inFlight);
        lowest = Number.POSITIVE_INFINITY;
        resetsAtMs = Number.POSITIVE_INFINITY;
        firstOfWindow = true;
      }
      return left > 0;
    },
    take(): number {
      left -= 1;
      inFlight += 1;
      return number;
    },
    /** Without a known end an answer wakes us, long before this. */
    msUntilReset: () => Math.min(Math.max(resetsAtMs - nowMs(), 0), 60_000),
    onChange(tell: () => void): void {
      listener = tell;
    },
    answered(window: number, remaining: number | undefined, resetsAfterMs: number | undefined): void {
      inFlight -= 1;
      if (window === number) {
        firstOfWindow = false;
        // A service that tells no quota is asked freely; 429 would still stop us.
        lowest = Math.min(lowest, remaining ?? Number.POSITIVE_INFINITY);
        left = Math.max(lowest - inFlight, 0);
        if (remaining !== undefined) capacity = Math.max(capacity, remaining + 1);
        if (resetsAfterMs !== undefined)
          resetsAtMs = Math.min(resetsAtMs, nowMs() + resetsAfterMs + (resetsAfterMs % 1000 === 0 ? roundedDownMs : 0));
      }
      neverStuck();
      changed();
    },
    /** Failed without an answer: whether it counted is unknown, so its place is not given back. */
    failed(): void {
      inFlight -= 1;
      neverStuck();
      changed();
    },
    tripped(window: number, retryAfter: number): void {
      inFlight -= 1;
      if (window === number) {
        if (firstOfWindow) roundedDownMs = 1000;
        const known = firstOfWindow || resetsAtMs === Number.POSITIVE_INFINITY ? 0 : resetsAtMs;
        left = 0;
        resetsAtMs = Math.max(known, nowMs() + retryAfter);
      }
      changed();
    },
  };
}

function retryAfterMs(response: PipelineResponse, nowMs: number): number {
  const header = response.headers.get('retry-after');
  const seconds = Number(header);
  if (header !== undefined && header.trim() !== '' && Number.isFinite(seconds)) return Math.min(Math.max(seconds, 0), 600) * 1000;
  const date = header === undefined ? Number.NaN : Date.parse(header);
  if (Number.isFinite(date)) return Math.min(Math.max(date - nowMs, 0), 600_000);
  return timeSpanMs(response.headers.get('x-ms-user-quota-resets-after')) ?? 5000;
}

function count(response: PipelineResponse, header: string): number | undefined {
  const text = response.headers.get(header);
  const value = Number(text);
  return text === undefined || text.trim() === '' || !Number.isInteger(value) || value < 0 ? undefined : value;
}

/** `00:00:05` or `00:00:04.2130000`. */
function timeSpanMs(text: string | undefined): number | undefined {
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text?.trim() ?? '');
  return match === null ? undefined : Math.ceil((Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])) * 1000);
}
