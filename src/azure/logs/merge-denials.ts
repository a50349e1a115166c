import type { Bin, CallingHost, Denial } from '../../denials/index.ts';

/**
 * Aggregates that are the same to the product become one with their counts added: log rows spell one target in several cases, and several patterns of
 * text mean one reason. Left apart, the ledger would take the second for a newer count of the first.
 */
export function mergeDenials(denials: readonly Denial[]): readonly Denial[] {
  const merged = new Map<string, Denial>();
  for (const denial of denials) {
    const key = keyOf(denial);
    const known = merged.get(key);
    merged.set(key, known === undefined ? denial : merge(known, denial));
  }
  return [...merged.values()];
}

function keyOf({ caller, hosts, ...denial }: Denial): string {
  const host = caller.objectId || caller.clientId || caller.resourceId ? undefined : hosts[0];
  return JSON.stringify([
    denial.workspace,
    denial.table,
    [caller.objectId, caller.clientId, caller.resourceId?.toLowerCase(), caller.name],
    denial.target.toLowerCase(),
    denial.object,
    denial.operation,
    denial.statusCode,
    denial.reason,
    (host?.id ?? host?.name)?.toLowerCase(),
  ]);
}

function merge(a: Denial, b: Denial): Denial {
  const newer = b.lastAt > a.lastAt ? b : a;
  const counts = new Map<number, number>();
  for (const { start, count } of [...a.bins, ...b.bins]) counts.set(start, (counts.get(start) ?? 0) + count);
  return {
    ...newer,
    callerAddresses: [...new Set([...a.callerAddresses, ...b.callerAddresses])].sort().slice(0, 16),
    hosts: distinctHosts([...a.hosts, ...b.hosts]),
    bins: [...counts].map(([start, count]): Bin => ({ start, count })).sort((x, y) => x.start - y.start),
    firstAt: a.firstAt < b.firstAt ? a.firstAt : b.firstAt,
    lastAt: newer.lastAt,
  };
}

const distinctHosts = (hosts: readonly CallingHost[]): readonly CallingHost[] =>
  [...new Map(hosts.map((host) => [JSON.stringify([host.id, host.name, host.revision, host.replica]), host])).values()].slice(0, 32);
