import { after, afterSilence, emptyBaseline, surprise, type Baseline } from './baseline.ts';
import { binMinutes, type Bin } from './denial.ts';
import type { WatchSettings } from './watch-settings.ts';

/**
 * A run of denials from the moment it became improbable until it has been silent for `resolvedAfterMinutes`.
 * Episodes are a pure function of the bins: passes, late rows and repeats change them only as far as they change the bins.
 */
export interface Episode {
  /** 1 for the first episode of a series, and so on: the stable part of an incident's id. */
  readonly ordinal: number;
  /** Start of the first bin with denials that belongs to it, and of the bin at which it was improbable. */
  readonly start: number;
  readonly onset: number;
  readonly lastBin: number;
  readonly count: number;
  /** Denials in the window that opened it; what was expected there; how improbable that was. */
  readonly openedWith: number;
  readonly expected: number;
  readonly probability: number;
}

/** Where the replay of one series stands: everything before `until` is folded into it. */
export interface SeriesState {
  readonly until: number;
  /** What was normal up to `baselineUntil`; it lags behind, so that the first minutes of a burst do not make its rest look normal. */
  readonly baseline: Baseline;
  readonly baselineUntil: number;
  readonly episodes: number;
  /** An episode that was still alive at `until`. */
  readonly open?: Episode | undefined;
  /** The last hours before `until`, so that a window may reach back over it. */
  readonly recent: readonly Bin[];
}

const binMs = binMinutes * 60_000;
const windowsBins = [3, 12] as const;
const lagBins = 12;
/** A loop that fails for six hours without a break is an incident however normal it has become. */
const loop = { bins: 72, share: 0.9 };

export const freshState = (since: number): SeriesState => ({
  until: since,
  baseline: emptyBaseline,
  baselineUntil: since,
  episodes: 0,
  recent: [],
});

/**
 * Replays `bins` (oldest first, after `state.until`) up to `until`.
 * @returns the episodes alive or begun in that time, and the state at `until`.
 */
export function replay(
  state: SeriesState,
  bins: readonly Bin[],
  until: number,
  watchedSince: number,
  settings: WatchSettings,
): { readonly episodes: readonly Episode[]; readonly state: SeriesState } {
  const threshold = settings.falseAlarmRate / settings.seriesMax;
  const warmUntil = watchedSince + settings.warmUpHours * 3_600_000;
  const resolvedMs = settings.resolvedAfterMinutes * 60_000;
  const closed: Episode[] = [];
  const seen: Bin[] = [...state.recent];
  const windows = openWindows(seen);
  let { episodes, open } = state;
  let normal: Normal = { baseline: state.baseline, until: state.baselineUntil };

  const close = (episode: Episode): void => {
    closed.push(episode);
    normal = { baseline: normal.baseline, until: episode.lastBin + binMs };
    open = undefined;
  };

  for (const bin of bins) {
    if (bin.count <= 0 || bin.start < state.until || bin.start >= until) continue;
    if (open !== undefined && bin.start - open.lastBin > resolvedMs) close(open);
    seen.push(bin);
    if (open !== undefined) {
      open = { ...open, lastBin: bin.start, count: open.count + bin.count };
      continue;
    }
    normal = advance(normal, seen, bin.start - (lagBins - 1) * binMs);
    const alarm = alarmAt(windows, bin, normal.baseline, threshold, settings, bin.start >= warmUntil);
    if (alarm === undefined) continue;
    episodes += 1;
    open = { ordinal: episodes, lastBin: bin.start, onset: bin.start, ...alarm };
  }
  if (open !== undefined && until - open.lastBin > resolvedMs) close(open);
  if (open === undefined) normal = advance(normal, seen, until - lagBins * binMs);
  const keep = until - loop.bins * binMs;
  return {
    episodes: open === undefined ? closed : [...closed, open],
    state: {
      until,
      baseline: normal.baseline,
      baselineUntil: normal.until,
      episodes,
      open,
      recent: seen.filter((bin) => bin.start >= keep),
    },
  };
}

interface Normal {
  readonly baseline: Baseline;
  readonly until: number;
}

/** Takes the bins up to `to` into the baseline, the silent ones in closed form. */
function advance(normal: Normal, seen: readonly Bin[], to: number): Normal {
  if (to <= normal.until) return normal;
  let { baseline, until } = normal;
  let first = seen.length;
  while (first > 0 && seen[first - 1]!.start >= until) first -= 1;
  for (; first < seen.length && seen[first]!.start < to; first += 1) {
    const bin = seen[first]!;
    baseline = after(afterSilence(baseline, Math.round((bin.start - until) / binMs)), bin.count);
    until = bin.start + binMs;
  }
  return { baseline: afterSilence(baseline, Math.round((to - until) / binMs)), until: to };
}

type Alarm = Pick<Episode, 'start' | 'count' | 'openedWith' | 'expected' | 'probability'>;

function alarmAt(
  windows: Windows,
  at: Bin,
  baseline: Baseline,
  threshold: number,
  settings: WatchSettings,
  warm: boolean,
): Alarm | undefined {
  if (warm) {
    for (const size of windowsBins) {
      const { start, count } = windows(at.start, size);
      if (count < settings.minDenials) continue;
      const { expected, probability } = surprise(baseline, count, size);
      if (probability < threshold) return { start, count, openedWith: count, expected, probability };
    }
  }
  const { start, count, bins } = windows(at.start, loop.bins);
  const perWindow = (count / loop.bins) * windowsBins[0];
  if (bins < loop.bins * loop.share || perWindow < settings.minDenials) return undefined;
  return { start, count, openedWith: count, expected: 0, probability: threshold };
}

/** What stands in the `size` bins that end with the one at `end`, the last that was seen: first start, denials, bins that have any. */
type Windows = (end: number, size: number) => { readonly start: number; readonly count: number; readonly bins: number };

/** Sums that run along with `seen`, one mark for each size of window: every bin is added once and left behind once. */
function openWindows(seen: readonly Bin[]): Windows {
  const sums = [0];
  const marks = new Map<number, number>();
  return (end, size) => {
    for (let at = sums.length - 1; at < seen.length; at += 1) sums.push(sums[at]! + seen[at]!.count);
    const from = end - (size - 1) * binMs;
    let mark = marks.get(size) ?? 0;
    while (seen[mark]!.start < from) mark += 1;
    marks.set(size, mark);
    return { start: seen[mark]!.start, count: sums[seen.length]! - sums[mark]!, bins: seen.length - mark };
  };
}
