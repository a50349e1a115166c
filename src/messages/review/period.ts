import type { Period } from './review.ts';

const dayMs = 86_400_000;

/** A month (`2026-10`) in UTC as far as it has come. Undefined: no month, or one that has not begun. */
export function periodOf(month: string, now: string): Period | undefined {
  const from = /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? Date.parse(`${month}-01T00:00:00Z`) : Number.NaN;
  const nowMs = Date.parse(now);
  if (Number.isNaN(from) || from > nowMs) return undefined;
  const end = startOfNext(month);
  return { from: new Date(from).toISOString(), until: new Date(Math.min(end, nowMs)).toISOString(), over: end <= nowMs };
}

/** The month that ended last. */
export function monthBefore(now: string): string {
  const [year = 0, month = 1] = now.slice(0, 7).split('-').map(Number);
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`;
}

export const monthOf = (now: string): string => new Date(Date.parse(now)).toISOString().slice(0, 7);

/** Every day of a period that has begun. */
export function daysOf({ from, until }: Period): readonly string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at < Date.parse(until); at += dayMs) days.push(dayOf(new Date(at).toISOString()));
  return days;
}

export const dayOf = (instant: string): string => instant.slice(0, 10);

/** Instants are written alike everywhere, but an offset would fool a comparison of texts. */
export function within({ from, until, over }: Period, instant: string): boolean {
  const at = Date.parse(instant);
  return at >= Date.parse(from) && (over ? at < Date.parse(until) : at <= Date.parse(until));
}

export const hoursBetween = (from: string, until: string): number => Math.max(0, (Date.parse(until) - Date.parse(from)) / 3_600_000);

function startOfNext(month: string): number {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return Date.UTC(year, number, 1);
}
