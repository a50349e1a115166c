import type { Channel } from './channel.ts';
import { addLine, joinInto, storedForm } from './item.ts';
import { withinCap } from './message-cap.ts';
import type { Notice } from './notice.ts';
import { quietUntil } from './quiet-hours.ts';
import { isAlone, isAtLeast, wants } from './routing.ts';
import { isWaiting, type Line, type StoredDelivery } from './stored-delivery.ts';
import { openTray, type Tray } from './tray.ts';

interface ChannelRequest {
  readonly channel: Channel;
  readonly notices: readonly Notice[];
  readonly stored: readonly StoredDelivery[];
  readonly now: string;
}

interface ChannelPlan {
  readonly puts: readonly StoredDelivery[];
  readonly removed: readonly Pick<StoredDelivery, 'channel' | 'id'>[];
  /** What this channel hears of, now or already. */
  readonly wanted: ReadonlySet<Notice>;
}

/**
 * One channel: what is new joins what waits about the same subject; quiet hours gather what can wait; the cap gathers what is too much. Messages that
 * may have reached somebody are never changed.
 */
export function planChannel({ channel, notices, stored, now }: ChannelRequest): ChannelPlan {
  const fixed = stored.filter((delivery) => !isWaiting(delivery));
  const told = latestTold(fixed);
  const tray = openTray(stored, told);
  const heard = new Set(stored.flatMap(({ lines }) => lines.map(({ subjectId }) => subjectId)));
  const wanted = new Set(notices.filter((notice) => wants(channel, notice, heard.has(notice.subjectId))));
  const quiet = quietOf(channel, now);

  for (const notice of latestOf(wanted, told)) place(tray, notice, { channel, quiet, now });
  if (quiet !== undefined) gatherQuiet(tray, quiet);
  withinCap(tray, { channel, fixed, now });
  return { wanted, ...difference(channel, stored, tray, now) };
}

interface Quiet {
  readonly until: string;
  /** Sent all the same. */
  readonly isUrgent: (line: Pick<Line, 'severity'>) => boolean;
}

function quietOf({ quietHours }: Channel, now: string): Quiet | undefined {
  const until = quietHours && quietUntil(quietHours, now);
  if (quietHours === undefined || until === undefined) return undefined;
  return { until, isUrgent: ({ severity }) => isAtLeast(severity, quietHours.exceptSeverity) };
}

function latestTold(fixed: readonly StoredDelivery[]): ReadonlyMap<string, number> {
  const told = new Map<string, number>();
  for (const { lines } of fixed)
    for (const { subjectId, revision } of lines) told.set(subjectId, Math.max(revision, told.get(subjectId) ?? 0));
  return told;
}

/** Several about one subject are one: the latest. */
function latestOf(wanted: ReadonlySet<Notice>, told: ReadonlyMap<string, number>): Iterable<Notice> {
  const latest = new Map<string, Notice>();
  for (const notice of wanted) {
    const known = Math.max(told.get(notice.subjectId) ?? 0, latest.get(notice.subjectId)?.revision ?? 0);
    if (notice.revision > known) latest.set(notice.subjectId, notice);
  }
  return latest.values();
}

/** Later than this, an alert is no alert: after an outage of ours, or on a channel that is new, it comes with the rest. */
const newsHours = 24;

function place(tray: Tray, notice: Notice, { channel, quiet, now }: { channel: Channel; quiet: Quiet | undefined; now: string }): void {
  const holder = tray.holderOf(notice.subjectId);
  if ((holder?.lines.get(notice.subjectId)?.revision ?? 0) >= notice.revision) return;
  const alone = isAlone(channel, notice) && Date.parse(notice.at) > Date.parse(now) - newsHours * 3_600_000;
  // It waits for the morning, and now it is bad enough to wake somebody.
  const wakes = holder !== undefined && holder.because !== 'alert' && alone && quiet?.isUrgent(notice) === true;
  if (holder !== undefined && !wakes) return addLine(holder, notice);
  holder?.lines.delete(notice.subjectId);
  addLine(alone ? tray.add(notice.id, 'alert', now) : tray.gathering('digest', notice.runId, now), notice);
}

function gatherQuiet(tray: Tray, { until, isUrgent }: Quiet): void {
  const held = tray.gathering('quiet-hours', until, until);
  for (const item of tray.items()) if (item !== held) joinInto(held, item, (line) => !isUrgent(line));
}

function difference(channel: Channel, stored: readonly StoredDelivery[], tray: Tray, now: string): Omit<ChannelPlan, 'wanted'> {
  const items = tray.items().filter(({ lines }) => lines.size > 0);
  const kept = new Set(items.map(({ id }) => id));
  const gone = stored.filter((delivery) => isWaiting(delivery) && !kept.has(delivery.id));
  return {
    puts: items.map((item) => storedForm(item, channel.name, now)).filter((form) => form !== undefined),
    removed: gone.map(({ channel: name, id }) => ({ channel: name, id })),
  };
}
