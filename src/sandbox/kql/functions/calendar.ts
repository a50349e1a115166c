/** Datetime functions. */
import { unsupported } from '../kql-error.ts';
import { type Long, longFromReal } from '../long.ts';
import { TICKS_PER_DAY, TICKS_PER_SECOND, UNIX_EPOCH, checkDatetime, floorTo, partsOf, ticksFromDate, ticksFromParts } from '../ticks.ts';
import { type Builtins, special, strict } from './define.ts';
import { constantExpr } from '../scope.ts';
import { converter, fromDynamic } from '../convert.ts';

type Unit = 'year' | 'quarter' | 'month' | 'week' | 'day';

const unix = (perTick: bigint, perUnit: bigint) => (value: Long) => checkDatetime(UNIX_EPOCH + (BigInt(value) * perUnit) / perTick);

export const CALENDAR: Builtins = {
  now: special((call) => {
    const offset = call.nodes[0] ? (call.compile(call.nodes[0]).evaluate(undefined) as bigint) : 0n;
    return constantExpr('datetime', ticksFromDate(call.scope.run.now) + offset);
  }),
  ago: special((call) => {
    const span = call.nodes[0] && call.compile(call.nodes[0]);
    if (!span) throw unsupported('ago()', call.position);
    const value = fromDynamicOr(span.evaluate(undefined), span.type) as bigint | null;
    return constantExpr('datetime', value === null ? null : checkDatetime(ticksFromDate(call.scope.run.now) - value));
  }),
  startofday: strict(['datetime', 'long'], (t: bigint, n?: Long) => start('day', t, n)),
  startofweek: strict(['datetime', 'long'], (t: bigint, n?: Long) => start('week', t, n)),
  startofmonth: strict(['datetime', 'long'], (t: bigint, n?: Long) => start('month', t, n)),
  startofyear: strict(['datetime', 'long'], (t: bigint, n?: Long) => start('year', t, n)),
  endofday: strict(['datetime', 'long'], (t: bigint, n?: Long) => end('day', t, n)),
  endofweek: strict(['datetime', 'long'], (t: bigint, n?: Long) => end('week', t, n)),
  endofmonth: strict(['datetime', 'long'], (t: bigint, n?: Long) => end('month', t, n)),
  endofyear: strict(['datetime', 'long'], (t: bigint, n?: Long) => end('year', t, n)),
  dayofweek: strict(['datetime'], (t: bigint) => BigInt(weekday(t)) * TICKS_PER_DAY),
  dayofmonth: strict(['datetime'], (t: bigint) => partsOf(t).day),
  dayofyear: strict(['datetime'], dayOfYear),
  hourofday: strict(['datetime'], (t: bigint) => partsOf(t).hour),
  monthofyear: strict(['datetime'], (t: bigint) => partsOf(t).month),
  getmonth: strict(['datetime'], (t: bigint) => partsOf(t).month),
  getyear: strict(['datetime'], (t: bigint) => partsOf(t).year),
  week_of_year: strict(['datetime'], isoWeek),
  weekofyear: strict(['datetime'], isoWeek),
  datetime_add: strict(['string', 'long', 'datetime'], addPart),
  datetime_diff: strict(['string', 'datetime', 'datetime'], difference),
  datetime_part: strict(['string', 'datetime'], partOf),
  datepart: strict(['string', 'datetime'], partOf),
  unixtime_seconds_todatetime: strict(['any'], (value: Long) => unixReal(value, 1)),
  unixtime_milliseconds_todatetime: strict(['any'], (value: Long) => unixReal(value, 1e3)),
  unixtime_microseconds_todatetime: strict(['any'], (value: Long) => unixReal(value, 1e6)),
  unixtime_nanoseconds_todatetime: strict(['long'], unix(100n, 1n)),
  around: strict(
    ['datetime', 'datetime', 'timespan'],
    (value: bigint, centre: bigint, delta: bigint) => value >= centre - delta && value <= centre + delta,
  ),
};

function fromDynamicOr(value: unknown, type: string): unknown {
  return type === 'dynamic' ? fromDynamic(value, 'timespan') : converter(type as 'timespan', 'timespan')(value);
}

function unixReal(value: Long, perSecond: number): bigint | null {
  const ticks = 1e7 / perSecond;
  if (typeof value === 'number' && !Number.isInteger(value)) {
    const whole = longFromReal(Math.trunc(value * ticks));
    return whole === null ? null : checkDatetime(UNIX_EPOCH + BigInt(whole));
  }
  return checkDatetime(UNIX_EPOCH + BigInt(value) * BigInt(ticks));
}

function weekday(ticks: bigint): number {
  return Number((ticks / TICKS_PER_DAY + 1n) % 7n); // 0001-01-01 was a Monday
}

function dayOfYear(ticks: bigint): number {
  return Number((ticks - (start('year', ticks) as bigint)) / TICKS_PER_DAY) + 1;
}

/** The start of the unit that holds the instant, `n` units later. */
export function start(unit: Unit, ticks: bigint, n: Long = 0): bigint | null {
  const { year, month } = partsOf(ticks);
  const offset = BigInt(n);
  switch (unit) {
    case 'day':
      return checkDatetime(floorTo(ticks, TICKS_PER_DAY) + offset * TICKS_PER_DAY);
    case 'week':
      return checkDatetime(floorTo(ticks, TICKS_PER_DAY) - BigInt(weekday(ticks)) * TICKS_PER_DAY + offset * 7n * TICKS_PER_DAY);
    case 'month':
      return monthStart(year, month - 1 + Number(offset));
    case 'quarter':
      return monthStart(year, Math.floor((month - 1) / 3) * 3 + 3 * Number(offset));
    case 'year':
      return monthStart(year + Number(offset), 0);
  }
}

function monthStart(year: number, monthIndex: number): bigint | null {
  const y = year + Math.floor(monthIndex / 12);
  return y < 1 || y > 9999 ? null : ticksFromParts({ year: y, month: (((monthIndex % 12) + 12) % 12) + 1 });
}

function end(unit: Unit, ticks: bigint, n: Long = 0): bigint | null {
  const next = start(unit, ticks, Number(n) + 1);
  return next === null ? null : next - 1n;
}

/** ISO 8601 weeks: https://learn.microsoft.com/kusto/query/week-of-year-function */
function isoWeek(ticks: bigint): number {
  const thursday = floorTo(ticks, TICKS_PER_DAY) + BigInt(3 - ((weekday(ticks) + 6) % 7)) * TICKS_PER_DAY;
  return Math.floor((dayOfYear(thursday) - 1) / 7) + 1;
}

const FIXED: Record<string, bigint> = {
  week: 7n * TICKS_PER_DAY,
  day: TICKS_PER_DAY,
  hour: 3600n * TICKS_PER_SECOND,
  minute: 60n * TICKS_PER_SECOND,
  second: TICKS_PER_SECOND,
  millisecond: 10_000n,
  microsecond: 10n,
};

function addPart(part: string, amount: Long, ticks: bigint): bigint | null {
  const unit = part.toLowerCase();
  const fixed = FIXED[unit];
  if (fixed !== undefined) return checkDatetime(ticks + BigInt(amount) * fixed);
  if (unit === 'nanosecond') return checkDatetime(ticks + BigInt(amount) / 100n);
  const months = { year: 12, quarter: 3, month: 1 }[unit];
  if (months === undefined) throw unsupported(`datetime_add('${part}')`);
  const { day } = partsOf(ticks);
  const first = start('month', ticks, Number(amount) * months);
  if (first === null) return null;
  const lastDay = partsOf(end('month', first) as bigint).day;
  return first + BigInt(Math.min(day, lastDay) - 1) * TICKS_PER_DAY + (ticks % TICKS_PER_DAY);
}

/** How many borders of the unit lie between the two: https://learn.microsoft.com/kusto/query/datetime-diff-function */
function difference(part: string, a: bigint, b: bigint): Long {
  const unit = part.toLowerCase();
  const months = (t: bigint) => partsOf(t).year * 12 + partsOf(t).month - 1;
  if (unit === 'year') return partsOf(a).year - partsOf(b).year;
  if (unit === 'quarter') return Math.floor(months(a) / 3) - Math.floor(months(b) / 3);
  if (unit === 'month') return months(a) - months(b);
  if (unit === 'week') return Number(((start('week', a) as bigint) - (start('week', b) as bigint)) / (7n * TICKS_PER_DAY));
  if (unit === 'nanosecond') return Number((a - b) * 100n);
  const size = FIXED[unit];
  if (size === undefined) throw unsupported(`datetime_diff('${part}')`);
  return Number(a / size - b / size);
}

function partOf(part: string, ticks: bigint): number {
  const parts = partsOf(ticks);
  switch (part.toLowerCase()) {
    case 'year':
    case 'month':
    case 'day':
    case 'hour':
    case 'minute':
    case 'second':
      return parts[part.toLowerCase() as 'year'];
    case 'quarter':
      return Math.ceil(parts.month / 3);
    case 'week_of_year':
    case 'weekofyear':
      return isoWeek(ticks);
    case 'dayofyear':
      return dayOfYear(ticks);
    case 'millisecond':
      return Math.floor(parts.fraction / 10_000);
    case 'microsecond':
      return Math.floor(parts.fraction / 10);
    case 'nanosecond':
      return parts.fraction * 100;
    default:
      throw unsupported(`datetime_part('${part}')`);
  }
}
