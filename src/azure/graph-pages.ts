import { z } from 'zod';
import type { Rest } from './rest.ts';
import { troubleOf, type Trouble } from './trouble.ts';

const page = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().nullish() });

/** All objects of a Microsoft Graph list. What was read stays, `trouble` says why it is not all. */
export async function graphList(
  graph: Rest,
  path: string,
  pagesMax: number,
): Promise<{ readonly objects: readonly unknown[]; readonly trouble?: Trouble }> {
  const objects: unknown[] = [];
  let next: string | undefined = path;
  for (let read = 0; next !== undefined; read += 1) {
    if (read >= pagesMax) return { objects, trouble: { kind: 'rejected', text: `stopped after ${pagesMax} pages` } };
    try {
      const answer = page.parse(await graph.get(next));
      objects.push(...answer.value);
      next = answer['@odata.nextLink'] ?? undefined;
    } catch (error) {
      return {
        objects,
        trouble: error instanceof z.ZodError ? { kind: 'malformed', text: 'the answer was not a list' } : troubleOf(error),
      };
    }
  }
  return { objects };
}
