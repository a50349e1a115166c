import type { Store } from '../ports/index.ts';

/** Somebody else is at it. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
}

/** Long enough to survive a slow call, short enough that a run that died does not block the evening. */
const seconds = 120;

/**
 * Does the work while it holds the lease, renewing it meanwhile. `stillOurs` is asked before each write: it throws when the lease was lost, since then
 * somebody else may be writing. Throws at once when another run holds it.
 */
export async function underLease<Done>(
  { store, name, holder }: { readonly store: Pick<Store, 'lease' | 'leaseHolder'>; readonly name: string; readonly holder: string },
  work: (stillOurs: () => Promise<void>) => Promise<Done>,
): Promise<Done> {
  const lease = await store.lease(name, holder, seconds);
  if (lease === undefined) throw new AlreadyRunning(await taken(store, name));
  // A renewal that fails in between is no news yet: what counts is the one before a write.
  const renewing = setInterval(() => void lease.renew().catch(() => {}), (seconds / 4) * 1000);
  renewing.unref();
  try {
    return await work(() => lease.renew());
  } finally {
    clearInterval(renewing);
    // A lease that cannot be given back ends by itself.
    await lease.release().catch(() => {});
  }
}

async function taken(store: Pick<Store, 'leaseHolder'>, name: string): Promise<string> {
  const other = await store.leaseHolder(name);
  const who = other === undefined ? '' : ` (${other.holder}, until ${other.until})`;
  return `Another ${name} is running on this store${who}. Wait until it ends; if it died, its lease ends by itself at that time.`;
}
