import { inOrder, type Estate, type Host, type Identity } from '../estate/index.ts';
import type { Memory } from '../rules/index.ts';
import { openPool, pooledHost, pooledIdentity, seed } from './pool.ts';
import { resourceKinds, type Facts, type Rows, type RowKind } from './row.ts';

/** What every part looks things up in: all of the estate but its role assignments, which are ten times as many as all the rest. */
export type Context = Omit<Estate, 'assignments' | 'census'>;

type Others = { -readonly [Kind in Exclude<RowKind, 'assignments' | 'identities' | 'hosts'>]: Estate[Kind][number][] };

/** Reads the rows that are no assignments and puts the facts beside them. One context serves any number of parts. */
export async function contextOf({ facts, rows }: { readonly facts: Facts; readonly rows: Rows }): Promise<Context> {
  const pool = openPool();
  seed(pool, facts);
  const identities: Identity[] = [];
  const hosts: Host[] = [];
  const others: Others = { policyAssignments: [], vaults: [], clusters: [], workspaces: [] };
  for await (const [kind, item] of rows(resourceKinds)) {
    if (kind === 'identities') identities.push(pooledIdentity(item, pool));
    else if (kind === 'hosts') hosts.push(pooledHost(item, pool));
    else if (kind !== 'assignments') {
      // Kind and item belong together; the type system cannot tell.
      const list: unknown[] = others[kind];
      list.push(item);
    }
  }
  const { assignments: _none, ...context } = inOrder({ ...facts, identities, hosts, ...others, assignments: [] });
  return context;
}

/**
 * What earlier runs knew, as far as a rule asks for it: of identities only those that are gone. The living are most of it and are known from their rows,
 * so that a part need not keep them twice.
 */
export function memoryOfVanished({ identities, directory }: Pick<Context, 'identities' | 'directory'>, memory: Memory): Memory {
  const alive = new Set(identities.map(({ principalId }) => principalId));
  return { ...memory, lastSeen: new Map([...memory.lastSeen].filter(([id]) => !alive.has(id) && !directory.found.has(id))) };
}
