import { inOrder, type Estate } from '../estate/index.ts';
import { resourceKinds, type Facts, type Rows, type RowKind } from './row.ts';

/** What every part looks things up in: all of the estate but its role assignments, which are ten times as many as all the rest. */
export type Context = Omit<Estate, 'assignments' | 'census'>;

type Resources = { -readonly [Kind in Exclude<RowKind, 'assignments'>]: Estate[Kind][number][] };

/** Reads the rows that are no assignments and puts the facts beside them. One context serves any number of parts. */
export async function contextOf({ facts, rows }: { readonly facts: Facts; readonly rows: Rows }): Promise<Context> {
  const resources: Resources = { identities: [], hosts: [], policyAssignments: [], vaults: [], clusters: [], workspaces: [] };
  for await (const [kind, item] of rows(resourceKinds)) {
    if (kind === 'assignments') continue;
    // Kind and item belong together; the type system cannot tell.
    const list: unknown[] = resources[kind];
    list.push(item);
  }
  const { assignments: _none, ...context } = inOrder({ ...facts, ...resources, assignments: [] });
  return context;
}
