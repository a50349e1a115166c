import { clientId, principalId } from '../estate/index.ts';
import { after, afterSilence, emptyBaseline, surprise, type Baseline } from './baseline.ts';
import type { Burst } from './burst.ts';
import type { Bin, Denial } from './denial.ts';
import type { WatchSettings } from './watch-settings.ts';

/**
 * Tokens that an identity asked for, for one audience: a sign of abuse where an audience is new to it, or its rate far above its own. Hours are
 * *set*, like the bins of refused calls, and those older than the window are folded into the baseline.
 */
export interface TokenUse {
  readonly principalId: string;
  readonly clientId: string;
  readonly audience: string;
  /** First hour with a token (ms). */
  readonly firstAt: number;
  /** Hours before are in `baseline` and `open`; `hours` holds the rest, oldest first. */
  readonly until: number;
  readonly baseline: Baseline;
  readonly baselineUntil: number;
  readonly open?: TokenEpisode | undefined;
  readonly hours: readonly Bin[];
}

export interface TokenEpisode {
  readonly kind: 'new-audience' | 'unusual-rate';
  readonly start: number;
  readonly lastHour: number;
  readonly count: number;
  readonly expected: number;
  readonly probability: number;
}

export type TokenUses = ReadonlyMap<string, TokenUse>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** An identity is not judged before it was seen for two weeks; an audience not by its rate before a day. */
const quietMs = 14 * dayMs;
const usesMax = 20_000;
const alarm = { tokensMin: 50, timesMean: 10 } as const;

export interface Acquired {
  readonly principalId: string;
  readonly clientId: string;
  readonly audience: string;
  readonly hours: readonly Bin[];
}

/** Sets the hours of a reading. Two workspaces that hold the same sign-ins count once. What was seen last stays when there is no place for all. */
export function absorbTokens(uses: TokenUses, readings: readonly Acquired[]): TokenUses {
  const all = new Map(uses);
  for (const [key, series] of Map.groupBy(readings, useKey)) {
    const fresh = new Map<number, number>();
    for (const { start, count } of series.flatMap(({ hours }) => hours))
      if (count > 0) fresh.set(start, Math.max(count, fresh.get(start) ?? 0));
    if (fresh.size === 0) continue;
    const firstAt = [...fresh.keys()].reduce((a, b) => Math.min(a, b));
    const known = all.get(key) ?? begun(series[0]!, firstAt);
    const hours = new Map(known.hours.map((hour) => [hour.start, hour.count]));
    for (const [start, count] of fresh) if (start >= known.until) hours.set(start, count);
    all.set(key, { ...known, hours: [...hours].map(([start, count]) => ({ start, count })).sort((a, b) => a.start - b.start) });
  }
  if (all.size <= usesMax) return all;
  return new Map([...all].sort(([, a], [, b]) => lastOf(b) - lastOf(a)).slice(0, usesMax));
}

/** The unusual runs that are in the window at `now`, and the uses with what is older folded in: a pure function of the hours. */
export function findTokenBursts(
  uses: TokenUses,
  now: string,
  settings: WatchSettings,
): { readonly bursts: readonly Burst[]; readonly uses: TokenUses } {
  const until = Date.parse(now) - (Date.parse(now) % hourMs) + hourMs;
  const horizon = until - settings.windowHours * hourMs;
  const since = new Map<string, number>();
  for (const one of uses.values()) since.set(one.principalId, Math.min(one.firstAt, since.get(one.principalId) ?? one.firstAt));
  const folded = new Map<string, TokenUse>();
  const bursts: Burst[] = [];
  for (const [key, one] of uses) {
    const judgedFrom = since.get(one.principalId)! + quietMs;
    const base = replay(one, horizon, judgedFrom, settings).use;
    folded.set(key, base);
    for (const episode of replay(base, until, judgedFrom, settings).episodes) bursts.push(burstOf(one, episode, until, settings));
  }
  return { bursts: bursts.sort((a, b) => a.episode.onset - b.episode.onset || (a.id < b.id ? -1 : 1)), uses: folded };
}

function replay(
  use: TokenUse,
  until: number,
  judgedFrom: number,
  settings: WatchSettings,
): { readonly use: TokenUse; readonly episodes: readonly TokenEpisode[] } {
  if (until <= use.until) return { use, episodes: use.open === undefined ? [] : [use.open] };
  const episodes: TokenEpisode[] = [];
  let { baseline, baselineUntil, open } = use;
  const isOver = (episode: TokenEpisode, at: number): boolean =>
    episode.kind === 'new-audience' ? at - episode.start >= dayMs : at - episode.lastHour > settings.resolvedAfterMinutes * 60_000;
  const close = (episode: TokenEpisode): void => {
    episodes.push(episode);
    // An unusual rate is no part of what is usual; the first day of a new audience is all there is to learn from.
    if (episode.kind === 'unusual-rate') baselineUntil = episode.lastHour + hourMs;
    open = undefined;
  };
  const learnt: Bin[] = [];
  const learn = (to: number): void => {
    for (const hour of learnt.splice(0)) {
      if (hour.start < baselineUntil) continue;
      baseline = after(afterSilence(baseline, (hour.start - baselineUntil) / hourMs), hour.count);
      baselineUntil = hour.start + hourMs;
    }
    if (to > baselineUntil) {
      baseline = afterSilence(baseline, (to - baselineUntil) / hourMs);
      baselineUntil = to;
    }
  };
  for (const hour of use.hours) {
    if (hour.start >= until) break;
    if (open !== undefined && isOver(open, hour.start)) close(open);
    if (open?.kind === 'new-audience') {
      open = { ...open, lastHour: hour.start, count: open.count + hour.count };
      learnt.push(hour);
      learn(hour.start + hourMs);
      continue;
    }
    if (open === undefined) learn(hour.start);
    const found = unusual(use, hour, baseline, judgedFrom, settings);
    if (found === undefined) {
      if (open === undefined) learnt.push(hour);
    } else if (open === undefined) {
      open = found;
      if (found.kind === 'new-audience') learnt.push(hour);
    } else open = { ...open, lastHour: hour.start, count: open.count + hour.count };
  }
  if (open !== undefined && isOver(open, until)) close(open);
  if (open?.kind !== 'unusual-rate') learn(until);
  const kept: TokenUse = { ...use, until, baseline, baselineUntil, hours: use.hours.filter(({ start }) => start >= until) };
  return { use: { ...kept, open }, episodes: open === undefined ? episodes : [...episodes, open] };
}

function unusual(use: TokenUse, hour: Bin, baseline: Baseline, judgedFrom: number, settings: WatchSettings): TokenEpisode | undefined {
  if (hour.start < judgedFrom) return undefined;
  const one = { start: hour.start, lastHour: hour.start, count: hour.count };
  if (hour.start === use.firstAt) return { kind: 'new-audience', ...one, expected: 0, probability: 0 };
  if (hour.start - use.firstAt < dayMs || hour.count < alarm.tokensMin) return undefined;
  const { expected, probability } = surprise(baseline, hour.count, 1);
  const improbable = probability < settings.falseAlarmRate / settings.seriesMax;
  return improbable && hour.count >= alarm.timesMean * expected ? { kind: 'unusual-rate', ...one, expected, probability } : undefined;
}

function burstOf(use: TokenUse, episode: TokenEpisode, until: number, settings: WatchSettings): Burst {
  const end = episode.lastHour + hourMs;
  const silentMinutes = Math.max(0, until - end) / 60_000;
  const bins = use.hours.filter(({ start }) => start >= episode.start && start < end);
  const firstAt = new Date(episode.start).toISOString();
  const lastAt = new Date(Math.min(end, until)).toISOString();
  const acquired: Denial = {
    service: 'entra',
    table: 'AADManagedIdentitySignInLogs',
    workspace: '',
    caller: { kind: 'workload', objectId: principalId(use.principalId), ...(use.clientId ? { clientId: clientId(use.clientId) } : {}) },
    target: use.audience,
    object: '',
    operation: 'token',
    statusCode: 0,
    reason: episode.kind,
    sample: '',
    callerAddresses: [],
    hosts: [],
    bins,
    firstAt,
    lastAt,
  };
  const { count, expected, probability } = episode;
  return {
    id: `${use.principalId}|token|${use.audience}|${episode.kind}|${firstAt}`,
    kind: 'token',
    who: use.principalId,
    service: 'entra',
    reason: episode.kind,
    denials: [acquired],
    count,
    firstAt,
    lastAt,
    episode: {
      ordinal: 1,
      start: episode.start,
      onset: episode.start,
      lastBin: episode.lastHour,
      count,
      openedWith: count,
      expected,
      probability,
    },
    silence: silentMinutes >= settings.resolvedAfterMinutes ? 'resolved' : silentMinutes >= settings.quietAfterMinutes ? 'quiet' : 'none',
  };
}

const begun = ({ principalId: id, clientId: client, audience }: Acquired, firstAt: number): TokenUse => ({
  principalId: id.toLowerCase(),
  clientId: client.toLowerCase(),
  audience,
  firstAt,
  until: firstAt,
  baseline: emptyBaseline,
  baselineUntil: firstAt,
  hours: [],
});

const useKey = ({ principalId: id, audience }: Acquired): string => `${id.toLowerCase()}|${audience.toLowerCase()}`;
const lastOf = (use: TokenUse): number => use.hours.at(-1)?.start ?? use.until;
