import type { QuotaBudget } from '../ports/index.ts';
import type { Wait } from './wait.ts';

/** The service's documented window per caller. https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests */
const resourceGraph = { perWindow: 15, windowMs: 5_000 };
/** Whoever waited so long asks all the same: a budget that is wrong must not stop an audit, and the service's refusal is waited for anyway. */
const patienceMs = 120_000;

/** Waits until the budget of all instances has room for one more query. A budget that cannot be asked holds nobody up. */
export function sharedQuota(
  budget: QuotaBudget,
  { wait, nowMs }: { readonly wait: Wait; readonly nowMs: () => number },
): (signal: AbortSignal | undefined) => Promise<void> {
  return async (signal) => {
    const until = nowMs() + patienceMs;
    for (;;) {
      const waitMs = await budget.take('resource-graph', resourceGraph).catch(() => 0);
      if (waitMs <= 0 || nowMs() + waitMs > until) return;
      await wait(waitMs, signal);
      if (signal?.aborted === true) throw signal.reason;
    }
  };
}
