import type { Assignment, Cluster, Estate, Host, Identity, PolicyAssignment, Vault, Workspace } from '../estate/index.ts';

/** What is collected by subscription, by the name of its list in the estate: the same words as in an estate file. */
interface RowItems {
  readonly assignments: Assignment;
  readonly identities: Identity;
  readonly hosts: Host;
  readonly policyAssignments: PolicyAssignment;
  readonly vaults: Vault;
  readonly clusters: Cluster;
  readonly workspaces: Workspace;
}

export type RowKind = keyof RowItems;
export type Row = { readonly [Kind in RowKind]: readonly [Kind, RowItems[Kind]] }[RowKind];

/** Opens the collected rows of some kinds, from the first to the last; each call starts over. Their order does not matter. */
export type Rows = (kinds: readonly RowKind[]) => Iterable<Row> | AsyncIterable<Row>;

/** All of an estate but its rows: what is collected once for the whole tenant (containers, roles, the directory, credentials, gaps). */
export type Facts = Omit<Estate, RowKind | 'census'>;

/** Everything but role assignments: ten times fewer, and each part looks things up in all of them. */
export const resourceKinds = [
  'identities',
  'hosts',
  'policyAssignments',
  'vaults',
  'clusters',
  'workspaces',
] as const satisfies readonly RowKind[];

export const rowKinds: readonly RowKind[] = ['assignments', ...resourceKinds];
