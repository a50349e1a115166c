/** So many at once, and so many per minute after that. */
export interface Allowance {
  readonly burst: number;
  readonly perMinute: number;
}

export interface Limiter {
  /** 0: go ahead. Otherwise the seconds to wait. */
  take(key: string, allowance: Allowance): number;
}

const keysMax = 10_000;

/** Token buckets in this process's memory: a function app with three instances allows three times as much, which is still a limit. */
export function limiter(nowMs: () => number): Limiter {
  const buckets = new Map<string, { level: number; at: number }>();
  return {
    take(key, { burst, perMinute }) {
      const now = nowMs();
      const bucket = buckets.get(key);
      const level = bucket === undefined ? burst : Math.min(burst, bucket.level + (Math.max(0, now - bucket.at) / 60_000) * perMinute);
      // Deleted and set again: the map's order is then the order of last use.
      buckets.delete(key);
      if (buckets.size >= keysMax) buckets.delete(buckets.keys().next().value!);
      buckets.set(key, { level: level >= 1 ? level - 1 : level, at: now });
      return level >= 1 ? 0 : Math.max(1, Math.ceil(((1 - level) / perMinute) * 60));
    },
  };
}
