import type { Lease, LeaseHolder, RecordTable } from '../ports/index.ts';
import { keyText, leasePartition } from './keys.ts';
import { kinds } from './row-kinds.ts';

export interface LeaseClock {
  /** Real time, not the world's: a lease guards against another process. */
  readonly nowMs: () => number;
  /** True when a holder provably runs no more (a dead process of this host): its lease is taken over at once. */
  readonly isGone?: ((holder: string) => boolean) | undefined;
}

const triesMax = 10;

/** Somebody else holds what this run believed to hold. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** `holder` names one run of one process: who asks again under the same name is taken for the holder itself. */
export async function takeLease(
  table: RecordTable,
  name: string,
  holder: string,
  seconds: number,
  clock: LeaseClock,
): Promise<Lease | undefined> {
  const row = keyText(name);
  const put = (untilMs: number, expected: Awaited<ReturnType<RecordTable['get']>>): Promise<boolean> =>
    table.putIf({ partition: leasePartition, row, values: kinds.lease.encode({ holder, untilMs }) }, expected);

  const stored = await table.get(leasePartition, row);
  const held = stored && kinds.lease.decode(stored);
  const taken = held !== undefined && held.holder !== holder && held.untilMs > clock.nowMs() && clock.isGone?.(held.holder) !== true;
  if (taken || !(await put(clock.nowMs() + seconds * 1000, stored))) return undefined;

  async function extend(untilMs: number): Promise<boolean> {
    for (let tries = 0; tries < triesMax; tries++) {
      const current = await table.get(leasePartition, row);
      if (current === undefined || kinds.lease.decode(current)?.holder !== holder) return false;
      if (await put(untilMs, current)) return true;
      // A renewal by this same run was faster: it looks again.
    }
    return false;
  }
  return {
    async renew() {
      if (!(await extend(clock.nowMs() + seconds * 1000))) {
        throw new LeaseLostError(
          `Another run took over the lease "${name}" because this one did not renew it in time. This run stops; the other one goes on.`,
        );
      }
    },
    async release() {
      await extend(0);
    },
  };
}

export async function leaseHolder(table: RecordTable, name: string, clock: LeaseClock): Promise<LeaseHolder | undefined> {
  const stored = await table.get(leasePartition, keyText(name));
  const held = stored && kinds.lease.decode(stored);
  if (held === undefined || held.untilMs <= clock.nowMs()) return undefined;
  return { holder: held.holder, until: new Date(held.untilMs).toISOString() };
}
