import type { Gap, Slice } from '../estate/index.ts';

/** Rows that are not of the shape Azure documents: dropped one by one, counted by slice and subscription, said once each. */
export interface OddRows {
  note(slices: readonly Slice[], id: string): void;
  gaps(): readonly Gap[];
}

const areasMax = 50;

export function oddRows(): OddRows {
  const counts = new Map<string, { readonly slice: Slice; readonly scope: string; readonly example: string; count: number }>();
  return {
    note(slices, id) {
      for (const slice of slices) {
        const scope = counts.size < areasMax ? subscriptionOf(id) : '/';
        const key = `${slice} ${scope.toLowerCase()}`;
        const known = counts.get(key);
        if (known === undefined) counts.set(key, { slice, scope, example: id, count: 1 });
        else known.count += 1;
      }
    },
    gaps: () =>
      [...counts.values()].map(({ slice, scope, example, count }) => ({
        slice,
        scope,
        state: 'partial',
        why: `${count} ${count === 1 ? 'row' : 'rows'} had a shape that the auditor does not understand and ${count === 1 ? 'was' : 'were'} left out, the first: ${shown(example)}`,
      })),
  };
}

/** The subscription an ARM id lies in, `/` where it lies in none. */
export function subscriptionOf(id: string): string {
  return /^\/subscriptions\/[0-9a-zA-Z-]{1,64}/i.exec(id)?.[0] ?? '/';
}

function shown(id: string): string {
  if (id === '') return '(without an id)';
  const clean = id.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
  return clean.length > 200 ? `${clean.slice(0, 199)}…` : clean;
}
