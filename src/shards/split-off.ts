import type { Estate } from '../estate/index.ts';
import { rowKinds, type Facts, type Row, type RowKind, type Rows } from './row.ts';

/** An estate apart into what is collected once and what is collected by subscription. */
export function splitOff(estate: Estate): { readonly facts: Facts; readonly rows: Rows } {
  const { assignments, identities, hosts, policyAssignments, vaults, clusters, workspaces, ...facts } = estate;
  const lists = { assignments, identities, hosts, policyAssignments, vaults, clusters, workspaces };
  return { facts, rows: (kinds) => rowsOf(lists, kinds) };
}

function* rowsOf(lists: Pick<Estate, RowKind>, kinds: readonly RowKind[]): Iterable<Row> {
  // Kind and item come from the same list; the type system cannot tell.
  for (const kind of rowKinds) if (kinds.includes(kind)) for (const item of lists[kind]) yield [kind, item] as Row;
}
