/** Text to datetime and timespan. */
import { TICKS_PER_DAY, TICKS_PER_SECOND, UNIX_EPOCH, checkDatetime, ticksFromParts } from './ticks.ts';

const ISO = /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|z|UTC|GMT|[+-]\d{2}:?\d{2})?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const AMERICAN = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?)?$/;
const RFC_1123 =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,?\s+)?(\d{1,2})[\s-](Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*[\s-](\d{4}|\d{2})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?\s*(Z|UTC|GMT|[+-]\d{4})?$/i;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

let lastText = '';
let lastTicks: bigint | null = null;

/** Null when no documented format fits: https://learn.microsoft.com/kusto/query/scalar-data-types/datetime */
export function parseDatetime(text: string): bigint | null {
  if (text === lastText) return lastTicks; // log rows come in bursts of the same instant
  lastTicks = canonical(text) ?? parse(text.trim());
  lastText = text;
  return lastTicks;
}

/** The form Azure writes, without a regular expression: a sandbox reads a million of them. */
function canonical(text: string): bigint | undefined {
  const length = text.length;
  if (length < 20 || length > 28 || text.charCodeAt(length - 1) !== 90 || text.charCodeAt(10) !== 84) return undefined;
  const milliseconds = Date.parse(`${text.slice(0, 19)}Z`);
  if (Number.isNaN(milliseconds)) return undefined;
  const ticks = BigInt(milliseconds) * 10_000n + UNIX_EPOCH;
  if (length === 20) return ticks;
  const digits = text.slice(20, length - 1);
  return text.charCodeAt(19) === 46 && /^\d+$/.test(digits) ? ticks + BigInt(digits.padEnd(7, '0')) : undefined;
}

function parse(text: string): bigint | null {
  const iso = ISO.exec(text);
  if (iso) return build(iso[1], iso[2], iso[3] ?? '1', iso[4], iso[5], iso[6], iso[7], iso[8]);
  const compact = COMPACT.exec(text);
  if (compact) return build(compact[1], compact[2], compact[3]);
  const american = AMERICAN.exec(text);
  if (american) return build(american[3], american[1], american[2], american[4], american[5], american[6], american[7]);
  const rfc = RFC_1123.exec(text);
  if (rfc && rfc[3]?.length === 4) {
    const month = MONTHS.indexOf((rfc[2] ?? '').toLowerCase()) + 1;
    return build(rfc[3], String(month), rfc[1], rfc[4], rfc[5], rfc[6], undefined, rfc[7]);
  }
  return null;
}

function build(year = '', month = '', day = '', hour = '0', minute = '0', second = '0', digits = '', zone = ''): bigint | null {
  if (Number(minute) > 59 || Number(second) > 59) return null;
  const ticks = ticksFromParts({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    fraction: Number(digits.slice(0, 7).padEnd(7, '0')),
  });
  return ticks === null ? null : checkDatetime(ticks - zoneTicks(zone));
}

function zoneTicks(zone: string): bigint {
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (!offset) return 0n;
  const minutes = BigInt(Number(offset[2]) * 60 + Number(offset[3]));
  return (offset[1] === '-' ? -minutes : minutes) * 60n * TICKS_PER_SECOND;
}

const CLOCK = /^(-)?(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?$/;
const UNITS: Record<string, number> = {
  d: 864e9,
  day: 864e9,
  days: 864e9,
  h: 36e9,
  hr: 36e9,
  hrs: 36e9,
  hour: 36e9,
  hours: 36e9,
  m: 6e8,
  min: 6e8,
  minute: 6e8,
  minutes: 6e8,
  s: 1e7,
  sec: 1e7,
  second: 1e7,
  seconds: 1e7,
  ms: 1e4,
  milli: 1e4,
  millis: 1e4,
  millisec: 1e4,
  millisecond: 1e4,
  milliseconds: 1e4,
  micro: 10,
  micros: 10,
  microsec: 10,
  microsecond: 10,
  microseconds: 10,
  tick: 1,
  ticks: 1,
};

/** `1.02:03:04.5`, `1.5h`, `2` (days). Null when it is none of these. */
export function parseTimespan(text: string): bigint | null {
  const trimmed = text.trim();
  const clock = CLOCK.exec(trimmed);
  if (clock) {
    const [, sign, days = '0', hours, minutes, seconds = '0', digits = ''] = clock;
    if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
    const total =
      BigInt(days) * TICKS_PER_DAY +
      BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * TICKS_PER_SECOND +
      BigInt(digits.padEnd(7, '0'));
    return sign ? -total : total;
  }
  const unit = /^(-?\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(trimmed);
  if (!unit) return null;
  const ticks = UNITS[(unit[2] ?? '').toLowerCase() || 'd'];
  return ticks === undefined ? null : scale(unit[1] ?? '0', ticks);
}

/** Exact for decimals: 1.1d must not inherit the error of a binary fraction. */
function scale(number: string, ticks: number): bigint {
  const [whole = '0', digits = ''] = number.replace('-', '').split('.');
  const size = BigInt(whole) * BigInt(ticks) + (digits ? (BigInt(digits) * BigInt(ticks)) / 10n ** BigInt(digits.length) : 0n);
  return number.startsWith('-') ? -size : size;
}
