import type { QuietHours } from './channel.ts';

const minuteMs = 60_000;
const dayMinutes = 1_440;
/** More than any zone shifts its clocks. */
const shiftMinutesMax = 180;

/** The instant at which the quiet hours around `now` end, in whole minutes; undefined outside of them. Follows the zone's clock through its changes. */
export function quietUntil({ from, to, timeZone }: QuietHours, now: string): string | undefined {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const localAt = (ms: number): number => minutesOf(clock.format(ms));
  const isQuiet = (ms: number): boolean => {
    const local = localAt(ms);
    return begin < end ? begin <= local && local < end : local >= begin || local < end;
  };
  const nowMs = Math.floor(Date.parse(now) / minuteMs) * minuteMs;
  if (!isQuiet(nowMs)) return undefined;
  // Where the clocks change in between, the end lies earlier or later than the wall says; where the end itself is skipped, after it.
  const wallMinutes = (end - localAt(nowMs) + dayMinutes) % dayMinutes;
  let at = Math.max(nowMs, nowMs + (wallMinutes - shiftMinutesMax) * minuteMs);
  while (isQuiet(at)) at += minuteMs;
  return new Date(at).toISOString();
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}
