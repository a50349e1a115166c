import { z } from 'zod';
import { roleId, type Gap, type PermissionBlock, type RoleDefinition, type RoleId } from '../estate/index.ts';
import type { Area } from './areas.ts';
import type { AzureClients } from './clients.ts';
import { readRows } from './read-rows.ts';
import { armId, cut, present, text } from './row.ts';

const strings = z.array(z.string()).nullish();

/** The condition is kept: 31 built-in blocks carry one, and without it their power would be overstated. */
export const permissionBlock = z
  .object({ actions: strings, notActions: strings, dataActions: strings, notDataActions: strings, condition: text })
  .transform((given): PermissionBlock => ({
    actions: given.actions ?? [],
    notActions: given.notActions ?? [],
    dataActions: given.dataActions ?? [],
    notDataActions: given.notDataActions ?? [],
    condition: given.condition ?? undefined,
  }));

const row = z.object({ id: armId, roleName: text, roleType: text, assignableScopes: strings, permissions: z.array(permissionBlock) });

export interface RoleReading {
  readonly roles: Map<RoleId, RoleDefinition>;
  readonly gaps: readonly Gap[];
}

export async function readRoles(clients: AzureClients, areas: readonly Area[], progress: (line: string) => void): Promise<RoleReading> {
  const roles = new Map<RoleId, RoleDefinition>();
  const gaps = await readRows({
    clients,
    areas,
    query: 'role-definitions',
    slices: ['roleDefinitions'],
    schema: row,
    progress,
    take: (given) => {
      // One definition comes once per subscription it is assignable in, each time under another id.
      const id = roleId(given.id);
      if (id === '') return false;
      if (!roles.has(id)) roles.set(id, roleDefinition(id, given));
      return true;
    },
  });
  return { roles, gaps };
}

export function roleDefinition(
  id: RoleId,
  given: {
    readonly roleName?: string | null | undefined;
    readonly roleType?: string | null | undefined;
    readonly assignableScopes?: readonly string[] | null | undefined;
    readonly permissions: readonly PermissionBlock[];
  },
): RoleDefinition {
  return {
    id,
    name: cut(present(given.roleName) ?? id),
    custom: given.roleType?.toLowerCase() === 'customrole',
    blocks: given.permissions,
    assignableScopes: given.assignableScopes ?? [],
    source: 'azure',
  };
}
