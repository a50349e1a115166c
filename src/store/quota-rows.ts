import { z } from 'zod';
import type { QuotaBudget, RecordTable } from '../ports/index.ts';
import { keyText, quotaPartition } from './keys.ts';
import type { LeaseClock } from './lease.ts';
import { rowKind } from './row-kind.ts';

const kind = rowKind({
  name: 'budget of a quota',
  version: 1,
  /** When the latest were handed out, epoch milliseconds, oldest first. */
  schema: z.object({ takenMs: z.array(z.number()).max(1_000) }),
  migrations: {},
});

/** So often another instance may be faster before this one waits a little. */
const triesMax = 5;
const againMs = 50;

/**
 * One row for each quota with the instants of the latest that were handed out, so that no stretch of a window's length ever holds more than the window allows,
 * wherever the service begins its own. `putIf` gives each to one instance only. A row from a clock that goes ahead, or that makes no sense, counts for
 * nothing: the service's own refusal still protects.
 */
export function quotaRows(table: RecordTable, { nowMs }: Pick<LeaseClock, 'nowMs'>): QuotaBudget {
  return {
    async take(quota, { perWindow, windowMs }) {
      const row = keyText(quota);
      for (let tries = 0; tries < triesMax; tries++) {
        const stored = await table.get(quotaPartition, row);
        const now = nowMs();
        const taken = ((stored && kind.decode(stored)?.takenMs) ?? []).filter((at) => at > now - windowMs && at <= now + windowMs);
        const oldest = taken.at(-perWindow);
        if (oldest !== undefined) return Math.max(1, oldest + windowMs - now);
        // Never before one that was handed out: clocks of two machines differ.
        const values = kind.encode({ takenMs: [...taken, Math.max(now, taken.at(-1) ?? 0)] });
        if (await table.putIf({ partition: quotaPartition, row, values }, stored)) return 0;
      }
      return againMs;
    },
  };
}
