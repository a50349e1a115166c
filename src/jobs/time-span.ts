/** Instants are ISO 8601, UTC. */
export const hoursBefore = (instant: string, hours: number): string => new Date(Date.parse(instant) - hours * 3_600_000).toISOString();
const hoursAfter = (instant: string, hours: number): string => hoursBefore(instant, -hours);
const earlier = (a: string, b: string): string => (Date.parse(a) < Date.parse(b) ? a : b);
export const later = (a: string, b: string): string => (Date.parse(a) < Date.parse(b) ? b : a);

/** First look back, the longest stretch that one reading covers, and how far back a place is read that could not be read before. */
export const stepHours = 48;

/** Of an empty window nobody is asked, and nobody would know whether the logs can still be read: a pass always reads something. */
export function startOf(cursor: string | undefined, now: string): string {
  if (cursor === undefined) return hoursBefore(now, stepHours);
  return Date.parse(cursor) < Date.parse(now) ? cursor : hoursBefore(now, 1 / 12);
}

/** A watch that was down for a week catches up in steps. */
export function* steps(from: string, now: string): Iterable<{ readonly from: string; readonly until: string }> {
  for (let at = from; Date.parse(at) < Date.parse(now);) {
    const until = earlier(now, hoursAfter(at, stepHours));
    yield { from: at, until };
    at = until;
  }
}

/** Reading a window twice changes nothing (bins are set, changes are known by their id), but a window must not grow for ever. */
export const held = (from: string, now: string): string => later(from, hoursBefore(now, stepHours));
