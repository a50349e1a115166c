import { z } from 'zod';
import {
  principalId,
  resourceKey,
  roleId,
  type Assignment,
  type Gap,
  type PrincipalId,
  type ResourceKey,
  type RoleId,
} from '../estate/index.ts';
import type { Area } from './areas.ts';
import type { AzureClients } from './clients.ts';
import type { ResourceGraphQuery } from './queries/index.ts';
import { readRows } from './read-rows.ts';
import { armId, instant, objectId, present, text, type Pool } from './row.ts';

export interface AssignmentReading {
  readonly assignments: readonly Assignment[];
  /** Role → one definition id as an assignment spells it, to ask ARM for it. */
  readonly roleDefinitionIds: ReadonlyMap<RoleId, string>;
  readonly gaps: readonly Gap[];
}

const row = z.object({
  id: armId,
  principalId: objectId,
  principalType: text,
  roleDefinitionId: z.string().min(1).max(1024),
  scope: text,
  condition: text,
  createdOn: instant,
  updatedOn: instant,
  createdBy: text,
  delegatedManagedIdentityResourceId: text,
});

export interface AssignmentQuestion {
  readonly query?: Extract<ResourceGraphQuery, 'role-assignments' | 'role-assignments-above'>;
  /** Is told each principal as it comes, so that looking them up need not wait for the last page. */
  readonly seePrincipal?: (id: PrincipalId) => void;
  /** Rows that it declines belong to somebody else and are passed over. */
  readonly isWanted?: (key: ResourceKey) => boolean;
}

export async function readAssignments(
  clients: AzureClients,
  areas: readonly Area[],
  progress: (line: string) => void,
  once: Pool,
  { query = 'role-assignments', seePrincipal = () => {}, isWanted = () => true }: AssignmentQuestion = {},
): Promise<AssignmentReading> {
  const assignments: Assignment[] = [];
  const roleDefinitionIds = new Map<RoleId, string>();
  const gaps = await readRows({
    clients,
    areas,
    query,
    slices: ['roleAssignments'],
    schema: row,
    progress,
    take: (given, key) => {
      if (!isWanted(key)) return true;
      const scopeId = present(given.scope) ?? scopeOf(given.id);
      const role = once(roleId(given.roleDefinitionId));
      if (scopeId === undefined || role === '') return false;
      if (!roleDefinitionIds.has(role)) roleDefinitionIds.set(role, given.roleDefinitionId);
      const principal = once(principalId(given.principalId));
      seePrincipal(principal);
      assignments.push({
        id: given.id,
        key,
        principalId: principal,
        principalType: once(given.principalType ?? ''),
        roleId: role,
        scope: once(resourceKey(scopeId)),
        scopeId: once(scopeId),
        condition: present(given.condition),
        createdAt: given.createdOn,
        // Most were never touched again: the same instant once.
        updatedAt: given.updatedOn === given.createdOn ? given.createdOn : given.updatedOn,
        createdBy: optional(once, given.createdBy),
        delegatedManagedIdentityResourceId: present(given.delegatedManagedIdentityResourceId),
      });
      return true;
    },
  });
  return { assignments, roleDefinitionIds, gaps };
}

/** `{scope}/providers/Microsoft.Authorization/roleAssignments/{name}`; an empty scope is the root. */
function scopeOf(id: string): string | undefined {
  const at = id.toLowerCase().lastIndexOf('/providers/microsoft.authorization/roleassignments/');
  if (at < 0) return undefined;
  return at === 0 ? '/' : id.slice(0, at);
}

function optional(once: Pool, given: string | null | undefined): string | undefined {
  const value = present(given);
  return value === undefined ? undefined : once(value);
}
