import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import type { Wait } from './wait.ts';

export interface LimiterOptions {
  readonly wait: Wait;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  /** Attempts at one request that the service throttles, the first included. */
  readonly attemptsMax?: number;
}

/**
 * Keeps Resource Graph's quota (15 queries per 5 s and user, say its headers) without ever tripping it and without an idle moment: requests go
 * out at once while the window has room, and wait for exactly its end when it has none.
 * https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
 *
 * Every page costs one. The first request of an unknown window goes alone, since only its answer tells how large the window is.
 */
export function quotaLimiter({ wait, nowMs, attemptsMax = 8 }: LimiterOptions): PipelinePolicy {
  const quota = quotaWindow(nowMs);
  let turn = Promise.resolve();

  /** Waits in line, so that whoever asked first goes first. */
  function admission(signal: AbortSignal | undefined): Promise<number> {
    const mine = turn.then(async () => {
      while (!quota.hasRoom()) {
        const changed = new AbortController();
        quota.onChange(() => changed.abort());
        await wait(quota.msUntilReset(), signal === undefined ? changed.signal : AbortSignal.any([changed.signal, signal])).catch(() => undefined);
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
          response = await next(request);
        } catch (error) {
          quota.returned(windowNumber);
          throw error;
        }
        if (response.status !== 429) {
          quota.answered(windowNumber, count(response, 'x-ms-user-quota-remaining'), timeSpanMs(response.headers.get('x-ms-user-quota-resets-after')));
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

/** The window as far as the answers show it. Answers come out of order and from earlier windows; those never make it look larger. */
function quotaWindow(nowMs: () => number) {
  let number = 0;
  let left = 1;
  let capacity = 1;
  let inFlight = 0;
  let resetsAtMs = Number.POSITIVE_INFINITY;
  /** `resets-after` in whole seconds may have been rounded down; we find out by being refused right after the reset. */
  let roundedDownMs = 0;
  let justReset = false;
  let listener = () => {};

  const roll = () => {
    if (nowMs() < resetsAtMs) return;
    number += 1;
    left = Math.max(1, capacity - inFlight);
    resetsAtMs = Number.POSITIVE_INFINITY;
    justReset = true;
  };
  const changed = () => {
    const tell = listener;
    listener = () => {};
    tell();
  };

  return {
    hasRoom(): boolean {
      roll();
      return left > 0;
    },
    take(): number {
      left -= 1;
      inFlight += 1;
      return number;
    },
    /** No header has told the end yet while requests are out: then an answer will wake us, long before this. */
    msUntilReset: () => Math.min(Math.max(resetsAtMs - nowMs(), 0), 60_000),
    onChange(tell: () => void): void {
      listener = tell;
    },
    answered(window: number, remaining: number | undefined, resetsAfterMs: number | undefined): void {
      inFlight -= 1;
      if (window !== number) return changed();
      justReset = false;
      // A service that tells no quota is asked freely; 429 would still stop us.
      if (remaining === undefined) left = Number.POSITIVE_INFINITY;
      else {
        const room = Math.max(remaining - inFlight, 0);
        left = remaining + 1 > capacity ? room : Math.min(left, room);
        capacity = Math.max(capacity, remaining + 1);
      }
      if (resetsAfterMs !== undefined) {
        const whole = resetsAfterMs % 1000 === 0;
        resetsAtMs = Math.min(resetsAtMs, nowMs() + resetsAfterMs + (whole ? roundedDownMs : 0));
      } else if (left <= 0 && inFlight === 0) {
        left = 1;
      }
      changed();
    },
    /** Failed without an answer: whether it counted is unknown, so its place is not given back. */
    returned(window: number): void {
      inFlight -= 1;
      if (window === number && left <= 0 && inFlight === 0 && resetsAtMs === Number.POSITIVE_INFINITY) left = 1;
      changed();
    },
    tripped(window: number, retryAfter: number): void {
      inFlight -= 1;
      if (window === number && justReset) roundedDownMs = 1000;
      left = 0;
      const at = nowMs() + retryAfter;
      resetsAtMs = window === number && resetsAtMs !== Number.POSITIVE_INFINITY && !justReset ? Math.max(resetsAtMs, at) : at;
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
