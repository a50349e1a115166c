import { z } from 'zod';
import { permissionText } from '../access/index.ts';
import { principalId, resourceKey, type Gap, type NativeRoleAssignment } from '../estate/index.ts';
import { armPath } from './arm-path.ts';
import type { AzureClients } from './clients.ts';
import { armId, objectId, text } from './row.ts';
import { troubleOf } from './trouble.ts';

export interface NativeReading {
  /** Undefined: no scope is a Cosmos DB account, or one could not be read, and then nobody knows. */
  readonly nativeRoleAssignments: readonly NativeRoleAssignment[] | undefined;
  readonly gaps: readonly Gap[];
}

const account = /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.DocumentDB\/databaseAccounts\/[^/]+)/i;

/**
 * Roles that Cosmos DB keeps itself, of the accounts among the scopes: one call each, and one for each role of their own. Resource Graph has neither.
 * https://learn.microsoft.com/rest/api/cosmos-db-resource-provider/sql-resources/list-sql-role-assignments
 */
export async function readNativeRoles(clients: AzureClients, scopes: readonly string[]): Promise<NativeReading> {
  const accounts = new Map(scopes.flatMap((scope) => account.exec(scope)?.[1] ?? []).map((id) => [resourceKey(id), id]));
  const found: NativeRoleAssignment[] = [];
  const gaps: Gap[] = [];
  let absent = 0;
  for (const id of accounts.values()) {
    try {
      found.push(...(await assignmentsOf(clients, id)));
    } catch (error) {
      const malformed = error instanceof z.ZodError;
      const trouble = malformed ? undefined : troubleOf(error);
      // Deleted since, or a thing that only a log names: nothing was kept from us.
      if (trouble?.kind === 'absent') {
        absent += 1;
        continue;
      }
      gaps.push({
        slice: 'roleAssignments',
        scope: id,
        state: 'missing',
        why: `Cosmos DB's own role assignments could not be read: ${trouble?.text ?? 'the answer had a shape that the auditor does not understand'}`,
        ...(trouble?.kind === 'forbidden' ? { permission: permissionText('native-roles') } : {}),
      });
    }
  }
  return { nativeRoleAssignments: accounts.size === absent || gaps.length > 0 ? undefined : found, gaps };
}

const version = 'api-version=2024-05-15';
const assignmentPage = z.object({
  value: z.array(z.object({ id: armId, properties: z.object({ roleDefinitionId: z.string(), principalId: objectId, scope: text }) })),
});
const definition = z.object({
  properties: z.object({ roleName: text, permissions: z.array(z.object({ dataActions: z.array(z.string()).nullish() })).nullish() }),
});

async function assignmentsOf(clients: AzureClients, id: string): Promise<readonly NativeRoleAssignment[]> {
  const path = armPath(id);
  if (path === undefined) throw new Error('its id is not a path');
  const { value } = assignmentPage.parse(await clients.arm.get(`${path}/sqlRoleAssignments?${version}`));
  const roles = new Map<string, Role>();
  const assignments: NativeRoleAssignment[] = [];
  for (const { id: assignmentId, properties } of value) {
    const guid = properties.roleDefinitionId.slice(properties.roleDefinitionId.lastIndexOf('/') + 1).toLowerCase();
    const role = builtIn.get(guid) ?? roles.get(guid) ?? (await roleOf(clients, path, guid));
    roles.set(guid, role);
    assignments.push({
      id: assignmentId,
      account: resourceKey(id),
      principalId: principalId(properties.principalId),
      roleName: role.name,
      dataActions: role.dataActions,
      scope: resourceKey(properties.scope?.startsWith('/subscriptions/') === true ? properties.scope : id),
    });
  }
  return assignments;
}

interface Role {
  readonly name: string;
  readonly dataActions: readonly string[];
}

async function roleOf(clients: AzureClients, path: string, guid: string): Promise<Role> {
  const address = `${path}/sqlRoleDefinitions/${encodeURIComponent(guid)}?${version}`;
  const given = await clients.arm.get(address).catch((error: unknown) => {
    // The account is there: what this role allows is not known, which is no answer of "nothing".
    throw troubleOf(error).kind === 'absent' ? new Error(`its role ${guid} is not there`, { cause: error }) : error;
  });
  const { properties } = definition.parse(given);
  return {
    name: properties.roleName ?? guid,
    dataActions: (properties.permissions ?? []).flatMap(({ dataActions }) => dataActions ?? []),
  };
}

const database = 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers';
/** The two of every account: https://learn.microsoft.com/azure/cosmos-db/nosql/reference-data-plane-security */
const builtIn: ReadonlyMap<string, Role> = new Map([
  [
    '00000000-0000-0000-0000-000000000001',
    {
      name: 'Cosmos DB Built-in Data Reader',
      dataActions: [
        'Microsoft.DocumentDB/databaseAccounts/readMetadata',
        `${database}/items/read`,
        `${database}/executeQuery`,
        `${database}/readChangeFeed`,
      ],
    },
  ],
  [
    '00000000-0000-0000-0000-000000000002',
    {
      name: 'Cosmos DB Built-in Data Contributor',
      dataActions: ['Microsoft.DocumentDB/databaseAccounts/readMetadata', `${database}/*`, `${database}/items/*`],
    },
  ],
]);
