import type { Bin, Denial, Service } from './denial.ts';
import { binMinutes } from './denial.ts';
import { whoOf } from './attribution.ts';
import type { Burst } from './burst.ts';
import { freshState, replay, type Episode } from './episodes.ts';
import { binStart, entryKey, prune, sumBins, type Ledger } from './ledger.ts';
import type { WatchSettings } from './watch-settings.ts';

/**
 * All bursts that the ledger shows at `now`: a pure function of its bins. Benign and people's denials are out already.
 * @returns the bursts, and the ledger to store: bins older than the window folded into the series' states.
 */
export function findBursts(
  ledger: Ledger,
  denials: readonly Denial[],
  now: string,
  settings: WatchSettings,
): { readonly bursts: readonly Burst[]; readonly ledger: Ledger } {
  const until = binStart(Date.parse(now)) + binMinutes * 60_000;
  const horizon = Math.max(ledger.watchedSince, until - settings.windowHours * 3_600_000);
  const series = [...outageSeries(denials), ...spreadSeries(denials, settings)];
  const states = new Map(ledger.states);
  const bursts: Burst[] = [];
  const missing = new Set(states.keys());

  for (const one of series) {
    missing.delete(one.key);
    const since = seenSince(ledger, one.denials);
    const known = states.get(one.key) ?? freshState(since);
    const own = one.kind === 'spread' ? { ...settings, minDenials: settings.spreadMinTargets } : settings;
    const folded = replay(known, one.bins, horizon, since, own).state;
    const { episodes } = replay(folded, one.bins, until, since, own);
    states.set(one.key, folded);
    for (const episode of episodes) bursts.push(burstOf(one, episode, until, settings));
  }
  // Series that have been silent for the whole window still age, and their open episodes still end.
  for (const key of missing) {
    const { state } = replay(states.get(key)!, [], horizon, ledger.watchedSince, settings);
    if (state.episodes === 0 && state.baseline.sum < 0.01) states.delete(key);
    else states.set(key, state);
  }
  const ordered = withoutEchoes(bursts).sort((a, b) => a.episode.onset - b.episode.onset || (a.id < b.id ? -1 : 1));
  return { bursts: ordered, ledger: prune(ledger, states, horizon) };
}

/** The earliest of its workspaces: of a series that one of them has shown for long, the others bring nothing that a baseline could not judge. */
const seenSince = ({ watchedSince, since }: Ledger, denials: readonly Denial[]): number =>
  since === undefined ? watchedSince : Math.min(...denials.map(({ workspace }) => since.get(workspace.toLowerCase()) ?? watchedSince));

interface SeriesInput {
  readonly key: string;
  readonly kind: Burst['kind'];
  readonly who: string;
  readonly service: Service;
  readonly reason: string;
  readonly denials: readonly Denial[];
  readonly bins: readonly Bin[];
}

/** One series per caller, service and reason: a role lost on a subscription is one incident with twenty targets, not twenty. */
function outageSeries(denials: readonly Denial[]): readonly SeriesInput[] {
  return group(denials, (denial) => `${whoOf(denial)}|${denial.service}|${denial.reason}`).map(([key, members]) => {
    const { service, reason } = members[0]!;
    return {
      key,
      kind: service === 'entra' ? 'sign-in' : 'outage',
      who: whoOf(members[0]!),
      service,
      reason,
      denials: members,
      bins: sumBins(members),
    };
  });
}

/** One series per caller whose "count" is the number of targets or operations refused to it for the first time in the window. */
function spreadSeries(denials: readonly Denial[], settings: WatchSettings): readonly SeriesInput[] {
  return group(denials, (denial) => `${whoOf(denial)}|spread`).flatMap(([key, all]) => {
    const firsts = new Map<string, number>();
    for (const denial of all) {
      const what = `${denial.target.toLowerCase()}|${denial.object}|${denial.operation}`;
      const first = Math.min(...denial.bins.map((bin) => bin.start));
      firsts.set(what, Math.min(first, firsts.get(what) ?? first));
    }
    if (firsts.size < settings.spreadMinTargets || !isThin(all)) return [];
    const counts = new Map<number, number>();
    for (const start of firsts.values()) counts.set(start, (counts.get(start) ?? 0) + 1);
    const bins = [...counts].map(([start, count]) => ({ start, count })).sort((a, b) => a.start - b.start);
    const top = busiest(all);
    return [{ key, kind: 'spread', who: whoOf(all[0]!), service: top.service, reason: top.reason, denials: all, bins }];
  });
}

/** Reconnaissance knocks at many doors once or twice; an outage knocks at its own doors again and again. */
function isThin(denials: readonly Denial[]): boolean {
  const counts = denials.map(countOf).sort((a, b) => a - b);
  return (counts[Math.floor(counts.length / 2)] ?? 0) <= 2;
}

function burstOf(series: SeriesInput, episode: Episode, until: number, settings: WatchSettings): Burst {
  const end = episode.lastBin + binMinutes * 60_000;
  const part = series.denials
    .map((denial) => ({ ...denial, bins: denial.bins.filter((bin) => bin.start >= episode.start && bin.start < end) }))
    .filter((denial) => denial.bins.length > 0)
    .sort((a, b) => countOf(b) - countOf(a) || (entryKey(a) < entryKey(b) ? -1 : 1));
  const silentMinutes = (until - end) / 60_000;
  const inside = part.length > 0 ? part : series.denials;
  return {
    id: `${series.key}|${episode.ordinal}`,
    kind: series.kind,
    who: series.who,
    service: series.service,
    reason: series.reason,
    denials: inside,
    count: series.kind === 'spread' ? inside.reduce((sum, denial) => sum + countOf(denial), 0) : episode.count,
    firstAt: iso(Math.min(...inside.map((denial) => firstOf(denial, episode.start)))),
    lastAt: iso(Math.max(...inside.map((denial) => lastOf(denial, end)))),
    episode,
    silence: silentMinutes >= settings.resolvedAfterMinutes ? 'resolved' : silentMinutes >= settings.quietAfterMinutes ? 'quiet' : 'none',
  };
}

/** A spread explains the small outages of the same caller in the same hours; they are not told twice. */
function withoutEchoes(bursts: readonly Burst[]): Burst[] {
  const spreads = bursts.filter((burst) => burst.kind === 'spread');
  return bursts.filter(
    (burst) =>
      burst.kind !== 'outage' ||
      !spreads.some(
        (spread) =>
          spread.who === burst.who && spread.episode.start <= burst.episode.lastBin && burst.episode.start <= spread.episode.lastBin,
      ),
  );
}

/** The exact instant where the aggregate has it; the edge of its own first or last bin where it reaches beyond the episode. */
function firstOf({ firstAt, bins }: Denial, start: number): number {
  const at = Date.parse(firstAt);
  return at >= start ? at : (bins[0]?.start ?? start);
}

function lastOf({ lastAt, bins }: Denial, end: number): number {
  const at = Date.parse(lastAt);
  return at < end ? at : (bins.at(-1)?.start ?? end - binMs) + binMs - 1;
}

const binMs = binMinutes * 60_000;
const iso = (instant: number): string => new Date(instant).toISOString();
const countOf = (denial: Denial): number => denial.bins.reduce((sum, bin) => sum + bin.count, 0);
const busiest = (denials: readonly Denial[]): Denial => denials.reduce((a, b) => (countOf(b) > countOf(a) ? b : a));

function group<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const list = groups.get(key);
    if (list) list.push(item);
    else groups.set(key, [item]);
  }
  return [...groups];
}
