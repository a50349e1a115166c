/** Building and writing datetimes and timespans: make_datetime, format_datetime, format_timespan, time zones. */
import { unsupported } from '../kql-error.ts';
import { TICKS_PER_DAY, TICKS_PER_SECOND, UNIX_EPOCH, checkDatetime, modulo, partsOf, ticksFromParts } from '../ticks.ts';
import { parseDatetime, parseTimespan } from '../time-text.ts';
import { type Builtins, made, strict } from './define.ts';

export const TIME_FORMAT: Builtins = {
  make_datetime: made((call) => {
    const readers = call.args.map((arg) => arg.evaluate);
    if (readers.length === 1)
      return (row) => {
        const value = readers[0]?.(row);
        return typeof value === 'string' ? parseDatetime(value) : (value ?? null);
      };
    return (row) => {
      const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0] = readers.map((read) => read(row) as number | null);
      if ([year, month, day, hour, minute, second].some((v) => v === null || v === undefined)) return null;
      const [whole, fraction] = secondsOf(second as number);
      if ((minute as number) > 59 || whole > 59 || (minute as number) < 0 || whole < 0) return null;
      return ticksFromParts({
        year: year as number,
        month: month as number,
        day: day as number,
        hour: hour as number,
        minute: minute as number,
        second: whole,
        fraction,
      });
    };
  }),
  make_timespan: made((call) => {
    const readers = call.args.map((arg) => arg.evaluate);
    return (row) => {
      const values = readers.map((read) => read(row) as number | string | null);
      if (values.includes(null)) return null;
      if (values.length === 1) return typeof values[0] === 'string' ? parseTimespan(values[0]) : null;
      const numbers = values as number[];
      const [days = 0, hours = 0, minutes = 0, seconds = 0] = numbers.length === 4 ? numbers : [0, ...numbers];
      if (hours > 23 || minutes > 59 || seconds >= 60) return null;
      const [whole, fraction] = secondsOf(seconds);
      return BigInt(days) * TICKS_PER_DAY + BigInt(hours * 3600 + minutes * 60 + whole) * TICKS_PER_SECOND + BigInt(fraction);
    };
  }),
  format_datetime: strict(['datetime', 'string'], formatDatetimeAs),
  format_timespan: strict(['timespan', 'string'], formatTimespanAs),
  datetime_utc_to_local: strict(['datetime', 'string'], (ticks: bigint, zone: string) => ticks + offsetAt(ticks, zone)),
  datetime_local_to_utc: strict(['datetime', 'string'], localToUtc),
};

/** Seconds and 100 ns, read from the decimal text so that 55.123 stays 55.123. */
function secondsOf(seconds: number): [number, number] {
  const [whole = '0', digits = ''] = seconds.toFixed(9).split('.');
  return [Number(whole), Math.round(Number(digits.slice(0, 8)) / 10)];
}

const DATE_TOKEN = /y{1,4}|M{1,2}|d{1,2}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|f{1,7}|F{1,7}|t{2}|[\s\S]/g;
const DELIMITERS = ' /-:,._[]';

/** https://learn.microsoft.com/kusto/query/format-datetime-function: these letters, these delimiters, nothing else. */
function formatDatetimeAs(ticks: bigint, format: string): string {
  const p = partsOf(ticks);
  const digits = String(p.fraction).padStart(7, '0');
  const two = (n: number) => String(n).padStart(2, '0');
  const hour12 = p.hour % 12 === 0 ? 12 : p.hour % 12;
  return (format.match(DATE_TOKEN) ?? [])
    .map((token) => {
      if (/^f+$/.test(token)) return digits.slice(0, token.length);
      if (/^F+$/.test(token)) return digits.slice(0, token.length).replace(/0+$/, '');
      switch (token) {
        case 'yyyy':
          return String(p.year).padStart(4, '0');
        case 'yy':
          return two(p.year % 100);
        case 'MM':
          return two(p.month);
        case 'M':
          return String(p.month);
        case 'dd':
          return two(p.day);
        case 'd':
          return String(p.day);
        case 'HH':
          return two(p.hour);
        case 'H':
          return String(p.hour);
        case 'hh':
          return two(hour12);
        case 'h':
          return String(hour12);
        case 'mm':
          return two(p.minute);
        case 'm':
          return String(p.minute);
        case 'ss':
          return two(p.second);
        case 's':
          return String(p.second);
        case 'tt':
          return p.hour < 12 ? 'AM' : 'PM';
      }
      if (DELIMITERS.includes(token)) return token;
      throw unsupported(`'${token}' in the format ${format}`);
    })
    .join('');
}

function formatTimespanAs(ticks: bigint, format: string): string {
  if (ticks < 0n) throw unsupported('format_timespan() of a negative timespan');
  const days = ticks / TICKS_PER_DAY;
  const seconds = Number((ticks % TICKS_PER_DAY) / TICKS_PER_SECOND);
  const digits = String(modulo(ticks, TICKS_PER_SECOND)).padStart(7, '0');
  const [hour, minute, second] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return (format.match(/d{1,8}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|f{1,7}|F{1,7}|[\s\S]/g) ?? [])
    .map((token) => {
      const value = { d: days, H: hour, h: hour, m: minute, s: second }[token[0] as 'd'];
      if (value !== undefined) return String(value).padStart(token.length, '0');
      if (token[0] === 'f') return digits.slice(0, token.length);
      if (token[0] === 'F') return digits.slice(0, token.length).replace(/0+$/, '');
      if (DELIMITERS.includes(token)) return token;
      throw unsupported(`'${token}' in the format ${format}`);
    })
    .join('');
}

const zones = new Map<string, Intl.DateTimeFormat>();

/** Local minus UTC at an instant, from the IANA data that Node carries. */
function offsetAt(ticks: bigint, zone: string): bigint {
  let format = zones.get(zone);
  if (!format) {
    try {
      format = new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch (error) {
      if (error instanceof RangeError) throw unsupported(`time zone '${zone}'`);
      throw error;
    }
    zones.set(zone, format);
  }
  const milliseconds = Number((ticks - UNIX_EPOCH) / 10_000n);
  const fields = Object.fromEntries(format.formatToParts(new Date(milliseconds)).map(({ type, value }) => [type, Number(value)]));
  const local = Date.UTC(
    fields['year'] ?? 0,
    (fields['month'] ?? 1) - 1,
    fields['day'],
    fields['hour'],
    fields['minute'],
    fields['second'],
  );
  return BigInt(Math.round((local - milliseconds) / 1000)) * TICKS_PER_SECOND;
}

/** Refused in the hours when a clock change makes the answer two or none. */
function localToUtc(local: bigint, zone: string): bigint | null {
  const day = TICKS_PER_DAY;
  const offsets = new Set([offsetAt(local - day, zone), offsetAt(local, zone), offsetAt(local + day, zone)]);
  const valid = [...offsets].filter((offset) => offsetAt(local - offset, zone) === offset);
  if (valid.length !== 1) throw unsupported(`a local time of ${zone} during a clock change`);
  return checkDatetime(local - (valid[0] as bigint));
}
