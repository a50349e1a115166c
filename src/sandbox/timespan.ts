import { Failure } from './failure.ts';

export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

/** ISO 8601 as the query API takes it: `PT1H` (until now), `start/end`, `start/duration`, `duration/end`. */
export function parseTimespan(text: string, now: string): Period {
  const [first = '', second] = text.trim().split('/');
  const nowMs = Date.parse(now);
  if (second === undefined) {
    const length = durationMs(first);
    if (length === undefined) throw invalid(text);
    return { fromMs: nowMs - length, toMs: nowMs };
  }
  const [start, end] = [instantMs(first), instantMs(second)];
  const [lengthFirst, lengthSecond] = [durationMs(first), durationMs(second)];
  if (start !== undefined && end !== undefined) return { fromMs: start, toMs: end };
  if (start !== undefined && lengthSecond !== undefined) return { fromMs: start, toMs: start + lengthSecond };
  if (end !== undefined && lengthFirst !== undefined) return { fromMs: end - lengthFirst, toMs: end };
  throw invalid(text);
}

function instantMs(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  // Without an offset the API means UTC.
  const ms = Date.parse(/[zZ]$|[+-]\d{2}:?\d{2}$/.test(text) || !text.includes('T') ? text : `${text}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

const unitsMs = { W: 604_800_000, D: 86_400_000, H: 3_600_000, M: 60_000, S: 1000 } as const;

/** Weeks to seconds; years and months have no fixed length, the service refuses them too. */
function durationMs(text: string): number | undefined {
  const match = /^P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(
    text,
  );
  if (match === null || text.length < 3 || text.endsWith('T')) return undefined;
  const [, weeks, days, hours, minutes, seconds] = match;
  const of = (count: string | undefined, unit: keyof typeof unitsMs): number => (count === undefined ? 0 : Number(count) * unitsMs[unit]);
  return of(weeks, 'W') + of(days, 'D') + of(hours, 'H') + of(minutes, 'M') + of(seconds, 'S');
}

const invalid = (text: string): Failure =>
  new Failure(400, 'BadArgumentError', `The request had some invalid properties: timespan '${text}' is not an ISO 8601 period.`);
