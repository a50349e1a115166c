import type { Store } from '../ports/index.ts';
import { UsageError } from './trouble.ts';

/** The head of a finding's hash: what tables print and `show` and `accept` take back. */
export const shortId = (id: string): string => id.slice(id.lastIndexOf('-') + 1).slice(0, 8);

/** Full id from a full id, from the hash at its end, or from a head of either that fits one finding only. */
export async function findFinding(store: Store, given: string): Promise<string> {
  if ((await store.finding(given)) !== undefined) return given;
  const ids: string[] = [];
  const wanted = given.toLowerCase();
  for await (const { id } of store.findings({})) {
    if (wanted.length >= 4 && (id.startsWith(wanted) || id.slice(id.lastIndexOf('-') + 1).startsWith(wanted))) ids.push(id);
  }
  if (ids.length > 1)
    throw new UsageError(`${ids.length} findings begin with ${given}: ${ids.slice(0, 5).join(', ')}. Give more of the id.`);
  if (ids[0] === undefined && wanted.startsWith('incident'))
    throw new UsageError(`No stored incident has the id ${given}. mi-audit incidents --status opened,grown,quiet,resolved lists all.`);
  if (ids[0] === undefined)
    throw new UsageError(
      `No stored finding has the id ${given}. mi-audit findings --status new,open,reopened,accepted,resolved lists all.`,
    );
  return ids[0];
}
