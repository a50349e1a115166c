import type { NativeRoleAssignment, PrincipalId, ResourceKey } from '../estate/index.ts';
import type { Path } from './answer.ts';
import { glob } from './glob.ts';

/**
 * Cosmos DB for NoSQL keeps role assignments of its own, with scopes inside the account.
 * https://learn.microsoft.com/azure/cosmos-db/nosql/security/reference-data-plane-actions
 */
export const isCosmosData = (action: string): boolean =>
  action === 'microsoft.documentdb/databaseaccounts/readmetadata' ||
  action.startsWith('microsoft.documentdb/databaseaccounts/sqldatabases/');

export function nativePaths(
  assignments: readonly NativeRoleAssignment[],
  ids: ReadonlySet<PrincipalId>,
  action: string,
  on: ResourceKey,
  within: (scope: ResourceKey, ancestor: ResourceKey) => boolean,
): readonly Path[] {
  return assignments
    .filter((each) => ids.has(each.principalId) && within(on, each.scope) && each.dataActions.some((pattern) => glob(pattern)(action)))
    .map(({ account, id, roleName }) => ({ kind: 'native-role', account, assignmentId: id, roleName }));
}
