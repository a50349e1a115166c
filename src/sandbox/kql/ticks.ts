/** Datetimes and timespans: bigint counts of 100 ns, a datetime counted from 0001-01-01 as .NET and Kusto do. */

export const TICKS_PER_SECOND = 10_000_000n;
export const TICKS_PER_DAY = 864_000_000_000n;
/** 1970-01-01 in ticks. */
export const UNIX_EPOCH = 621_355_968_000_000_000n;
const MAX = 3_155_378_975_999_999_999n;

export function ticksFromDate(date: Date): bigint {
  return ticksFromMilliseconds(date.getTime());
}

/** Null when Kusto could not hold it (years 1 to 9999). */
export function checkDatetime(ticks: bigint): bigint | null {
  return ticks < 0n || ticks > MAX ? null : ticks;
}

export interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 to 9,999,999. */
  readonly fraction: number;
}

export function partsOf(ticks: bigint): DateParts {
  const date = dateOf(ticks);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    fraction: Number(modulo(ticks, TICKS_PER_SECOND)),
  };
}

/** Milliseconds are enough for calendar fields; the fraction is kept apart. */
export function dateOf(ticks: bigint): Date {
  return new Date(Number((ticks - modulo(ticks, 10_000n) - UNIX_EPOCH) / 10_000n));
}

export function ticksFromParts(p: Partial<DateParts> & { year: number }): bigint | null {
  const date = new Date(0);
  date.setUTCFullYear(p.year, (p.month ?? 1) - 1, p.day ?? 1);
  date.setUTCHours(p.hour ?? 0, p.minute ?? 0, p.second ?? 0, 0);
  const valid = date.getUTCMonth() === (p.month ?? 1) - 1 && date.getUTCDate() === (p.day ?? 1) && (p.hour ?? 0) < 24;
  if (!valid || Number.isNaN(date.getTime())) return null;
  return checkDatetime(ticksFromMilliseconds(date.getTime()) + BigInt(p.fraction ?? 0));
}

export function modulo(a: bigint, b: bigint): bigint {
  const rest = a % b;
  return rest < 0n ? rest + b : rest;
}

export function floorTo(value: bigint, step: bigint): bigint {
  return value - modulo(value, step);
}

/** `2017-01-01T00:00:00.0000000Z`, what tostring() and dynamic values show. */
export function formatDatetime(ticks: bigint): string {
  return `${dateOf(ticks).toISOString().slice(0, 19)}.${fraction(ticks)}Z`;
}

/** As the REST APIs write it: the fraction only as far as it says something. */
export function formatDatetimeShort(ticks: bigint): string {
  const digits = fraction(ticks).replace(/0+$/, '');
  return `${dateOf(ticks).toISOString().slice(0, 19)}${digits && `.${digits}`}Z`;
}

/** `[-][d.]hh:mm:ss[.fffffff]` */
export function formatTimespan(ticks: bigint): string {
  const size = ticks < 0n ? -ticks : ticks;
  const days = size / TICKS_PER_DAY;
  const seconds = Number((size % TICKS_PER_DAY) / TICKS_PER_SECOND);
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  const clock = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
  const rest = size % TICKS_PER_SECOND;
  return `${ticks < 0n ? '-' : ''}${days > 0n ? `${days}.` : ''}${clock}${rest > 0n ? `.${fraction(rest)}` : ''}`;
}

function ticksFromMilliseconds(milliseconds: number): bigint {
  return BigInt(milliseconds) * 10_000n + UNIX_EPOCH;
}

function fraction(ticks: bigint): string {
  return String(modulo(ticks, TICKS_PER_SECOND)).padStart(7, '0');
}
