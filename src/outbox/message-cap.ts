import type { Channel } from './channel.ts';
import { joinInto, worstFirst, type Item } from './item.ts';
import { isOpen, type StoredDelivery } from './stored-delivery.ts';
import type { Tray } from './tray.ts';

const hourMs = 3_600_000;
/** So many fit into a row of the store; the rest goes an hour later. */
export const linesMax = 18_000;

interface CapRequest {
  readonly channel: Channel;
  /** What has been sent, or may have been. */
  readonly fixed: readonly StoredDelivery[];
  readonly now: string;
}

/**
 * No more messages an hour than the channel takes: the worst go alone, the rest becomes one digest, which takes the last place. When no place is left it
 * waits for one, and gathers what comes meanwhile.
 */
export function withinCap(tray: Tray, { channel, fixed, now }: CapRequest): void {
  const nowMs = Date.parse(now);
  const sent = fixed.flatMap(({ sentAt }) => (sentAt !== undefined && Date.parse(sentAt) > nowMs - hourMs ? [Date.parse(sentAt)] : []));
  // What may or may not have arrived, and is to be sent again, takes a place too.
  const places = channel.messagesPerHourMax - sent.length - fixed.filter(isOpen).length;
  const due = tray.items().filter(({ lines, dueAt }) => lines.size > 0 && Date.parse(dueAt) <= nowMs);
  if (due.length > places) gatherTooMuch(tray, due.toSorted(byUrgency), places, { sent, perHour: channel.messagesPerHourMax, now });
  for (const item of tray.items()) split(tray, item, nowMs);
}

function gatherTooMuch(
  tray: Tray,
  due: readonly Item[],
  places: number,
  { sent, perHour, now }: { readonly sent: readonly number[]; readonly perHour: number; readonly now: string },
): void {
  const free = places >= 1 ? now : placeFreeAt(sent, perHour, Date.parse(now));
  const rest = tray.gathering('rate-cap', now, free);
  // One that the receiver has put off keeps its time; one that only waits for a place gets the first there is.
  const isPutOff = (rest.stored?.attempts ?? 0) > 0 && Date.parse(rest.dueAt) > Date.parse(free);
  if (!isPutOff) rest.dueAt = free;
  for (const item of due.filter((each) => each !== rest).slice(Math.max(places - 1, 0))) joinInto(rest, item, () => true);
}

/** Alerts before digests, the worse before the less bad. */
function byUrgency(a: Item, b: Item): number {
  return Number(a.because !== 'alert') - Number(b.because !== 'alert') || worstFirst(worstOf(a), worstOf(b));
}

const worstOf = ({ lines }: Item) => [...lines.values()].reduce((worst, line) => (worstFirst(line, worst) < 0 ? line : worst));

/** When the hour has moved on far enough for one more. */
function placeFreeAt(sent: readonly number[], perHour: number, nowMs: number): string {
  const oldest = sent.toSorted((a, b) => a - b)[Math.max(sent.length - perHour, 0)];
  return new Date(Math.max((oldest ?? nowMs) + hourMs, nowMs + 1_000)).toISOString();
}

function split(tray: Tray, item: Item, nowMs: number): void {
  const tooMany = [...item.lines.values()].toSorted(worstFirst).slice(linesMax);
  for (let at = 0; at < tooMany.length; at += linesMax) {
    const later = new Date(Math.max(nowMs, Date.parse(item.dueAt)) + (at / linesMax + 1) * hourMs).toISOString();
    const part = new Set(tooMany.slice(at, at + linesMax).map(({ subjectId }) => subjectId));
    joinInto(tray.add(`${item.id}.part`, item.because, later), item, ({ subjectId }) => part.has(subjectId));
  }
}
