import { z } from 'zod';
import type { QuotaBudget, RecordTable } from '../ports/index.ts';
import { keyText, quotaPartition } from './keys.ts';
import type { LeaseClock } from './lease.ts';
import { rowKind } from './row-kind.ts';

const kind = rowKind({
  name: 'window of a quota',
  version: 1,
  schema: z.object({ endsMs: z.number(), taken: z.number() }),
  migrations: {},
});

/** So often another instance may be faster before this one waits a little. */
const triesMax = 5;
const againMs = 50;

/**
 * One row for each quota: when its window ends and how much of it is handed out. `putIf` gives each piece of it to one instance only. A clock that goes wrong by
 * more than a window, or a row that makes no sense, begins a new one: the service's own refusal still protects.
 */
export function quotaRows(table: RecordTable, { nowMs }: Pick<LeaseClock, 'nowMs'>): QuotaBudget {
  return {
    async take(quota, { perWindow, windowMs }) {
      const row = keyText(quota);
      for (let tries = 0; tries < triesMax; tries++) {
        const stored = await table.get(quotaPartition, row);
        const window = stored && kind.decode(stored);
        const leftMs = (window?.endsMs ?? 0) - nowMs();
        const isOpen = window !== undefined && leftMs > 0 && leftMs <= windowMs;
        if (isOpen && window.taken >= perWindow) return leftMs;
        const next = isOpen ? { endsMs: window.endsMs, taken: window.taken + 1 } : { endsMs: nowMs() + windowMs, taken: 1 };
        if (await table.putIf({ partition: quotaPartition, row, values: kind.encode(next) }, stored)) return 0;
      }
      return againMs;
    },
  };
}
