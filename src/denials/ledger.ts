import { binMinutes, type Bin, type CallingHost, type Denial } from './denial.ts';
import type { SeriesState } from './episodes.ts';

/**
 * What the watch remembers: every aggregate with its bins of the last `windowHours`, and for each series the state before that window.
 * A reading *sets* the bins it touched, so it does not matter how often, how late or in how many passes rows arrive.
 */
export interface Ledger {
  /** First instant the logs were read from (ms): before it nothing is known. */
  readonly watchedSince: number;
  /** Workspaces → first instant (ms) that was read there, where that is not the same: one that could be read only later has no baseline from before. */
  readonly since?: ReadonlyMap<string, number>;
  readonly entries: ReadonlyMap<string, Denial>;
  readonly states: ReadonlyMap<string, SeriesState>;
}

export interface Touched {
  readonly workspace: string;
  readonly table: string;
  /** Starts (ms) of the bins that were read again in full. */
  readonly bins: readonly number[];
}

const limits = { addresses: 16, hosts: 32, entries: 20_000 } as const;

/** Identity of an aggregate: everything that tells two refused calls apart, except when they happened. */
export function entryKey(denial: Denial): string {
  const { caller } = denial;
  return [
    denial.workspace,
    denial.table,
    caller.objectId ?? '',
    caller.clientId ?? '',
    caller.resourceId?.toLowerCase() ?? '',
    caller.name ?? '',
    denial.target.toLowerCase(),
    denial.object,
    denial.operation,
    denial.statusCode,
    denial.reason,
    caller.objectId || caller.clientId || caller.resourceId ? '' : (denial.hosts[0]?.id ?? denial.hosts[0]?.name ?? '').toLowerCase(),
  ].join('\u0000');
}

/** @returns the ledger with the reading in it, and how many of its aggregates had no place (the oldest quiet ones went first). */
export function absorb(
  ledger: Ledger,
  denials: readonly Denial[],
  touched: readonly Touched[],
): { readonly ledger: Ledger; readonly dropped: number } {
  const again = new Map(touched.map((one) => [`${one.workspace}\u0000${one.table}`, new Set(one.bins)]));
  const entries = new Map<string, Denial>();
  for (const [key, entry] of ledger.entries) {
    const cleared = again.get(`${entry.workspace}\u0000${entry.table}`);
    entries.set(key, cleared === undefined ? entry : { ...entry, bins: entry.bins.filter((bin) => !cleared.has(bin.start)) });
  }
  for (const denial of denials) {
    const key = entryKey(denial);
    const known = entries.get(key);
    entries.set(key, known === undefined ? { ...denial, bins: sorted(denial.bins) } : merge(known, denial));
  }
  const dropped = entries.size - limits.entries;
  if (dropped > 0) {
    const oldest = [...entries].sort(([, a], [, b]) => (a.lastAt < b.lastAt ? -1 : 1)).slice(0, dropped);
    for (const [key] of oldest) entries.delete(key);
  }
  return { ledger: { ...ledger, entries }, dropped: Math.max(0, dropped) };
}

/** Forgets bins before `horizon` (their story is in `states` by now) and aggregates that have none left. */
export function prune(ledger: Ledger, states: ReadonlyMap<string, SeriesState>, horizon: number): Ledger {
  const entries = new Map<string, Denial>();
  for (const [key, entry] of ledger.entries) {
    const bins = entry.bins.filter((bin) => bin.start >= horizon);
    if (bins.length > 0) entries.set(key, bins.length === entry.bins.length ? entry : { ...entry, bins });
  }
  return { watchedSince: ledger.watchedSince, entries, states };
}

/** Start of the bin that `instant` (ms) falls into. */
export const binStart = (instant: number): number => instant - (instant % (binMinutes * 60_000));

/** Counts of several aggregates together, oldest bin first. */
export function sumBins(denials: readonly Denial[]): readonly Bin[] {
  const [only, ...others] = denials;
  // `absorb` keeps the bins of an aggregate in order.
  if (only !== undefined && others.length === 0) return only.bins;
  const counts = new Map<number, number>();
  for (const denial of denials) for (const bin of denial.bins) counts.set(bin.start, (counts.get(bin.start) ?? 0) + bin.count);
  return sorted([...counts].map(([start, count]) => ({ start, count })));
}

function merge(known: Denial, fresh: Denial): Denial {
  const bins = new Map([...known.bins, ...fresh.bins].map((bin) => [bin.start, bin]));
  const newer = fresh.lastAt >= known.lastAt ? fresh : known;
  return {
    ...newer,
    callerAddresses: [...new Set([...fresh.callerAddresses, ...known.callerAddresses])].sort().slice(0, limits.addresses),
    hosts: mergeHosts(fresh.hosts, known.hosts),
    bins: sorted([...bins.values()]),
    firstAt: fresh.firstAt < known.firstAt ? fresh.firstAt : known.firstAt,
    lastAt: newer.lastAt,
  };
}

function mergeHosts(...lists: readonly (readonly CallingHost[])[]): readonly CallingHost[] {
  const hosts = new Map(lists.flat().map((host) => [`${host.id ?? host.name}/${host.revision ?? ''}/${host.replica ?? ''}`, host]));
  return [...hosts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, limits.hosts)
    .map(([, host]) => host);
}

const sorted = (bins: readonly Bin[]): readonly Bin[] => [...bins].sort((a, b) => a.start - b.start);
