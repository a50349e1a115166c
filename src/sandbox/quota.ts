/** Resource Graph's quota: so many queries in a window, counted by the machine's clock because clients wait by it. */
export interface Quota {
  /** Undefined: go on, with the headers to send. Otherwise the seconds to wait. */
  take(): { readonly allowed: boolean; readonly remaining: number; readonly resetsAfterMs: number };
}

/** What Azure grants a user where nothing else is agreed. https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests */
const usual = { queries: 15, windowSeconds: 5 };

/** Enforced only where the world says so; otherwise the headers always tell a full quota. */
export function quotaOf(given: { readonly queries: number; readonly windowSeconds: number } | undefined, nowMs: () => number): Quota {
  if (given === undefined) return { take: () => ({ allowed: true, remaining: usual.queries, resetsAfterMs: usual.windowSeconds * 1000 }) };
  let windowStart = -Infinity;
  let used = 0;
  const windowMs = given.windowSeconds * 1000;
  return {
    take() {
      const now = nowMs();
      if (now - windowStart >= windowMs) {
        windowStart = now;
        used = 0;
      }
      const resetsAfterMs = windowStart + windowMs - now;
      if (used >= given.queries) return { allowed: false, remaining: 0, resetsAfterMs };
      used += 1;
      return { allowed: true, remaining: given.queries - used, resetsAfterMs };
    },
  };
}
