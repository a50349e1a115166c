import type { StoredIncident } from '../incidents/index.ts';
import type { WatchStore } from '../ports/index.ts';
import { UsageError } from './trouble.ts';

/** By the full id, or by a head of it (`incident-1f2e`) or of its hash that fits one incident only; undefined when none fits. */
export async function findIncident(store: WatchStore, given: string): Promise<StoredIncident | undefined> {
  const exact = await store.incident(given);
  if (exact !== undefined) return exact;
  const head = given.toLowerCase().replace(/^incident-/, '');
  if (head.length < 4 || !/^[0-9a-f]+$/.test(head)) return undefined;
  const found: StoredIncident[] = [];
  for await (const incident of store.incidents({})) if (incident.id.startsWith(`incident-${head}`)) found.push(incident);
  if (found.length > 1)
    throw new UsageError(
      `${found.length} incidents begin with ${given}: ${found
        .slice(0, 5)
        .map(({ id }) => id)
        .join(', ')}. Give more of the id.`,
    );
  return found[0];
}
