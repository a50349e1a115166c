import { z } from 'zod';
import { principalId, type AppRoleGrant, type DirectoryRoleGrant, type Gap, type Slice } from '../estate/index.ts';
import type { AzureClients } from './clients.ts';
import { graphList } from './graph-pages.ts';
import { permissionText, type PermissionId } from '../access/index.ts';
import { objectId, present, shortText, text } from './row.ts';

const pagesMax = 200;
/** Application id of Microsoft Graph in every tenant and cloud. */
const microsoftGraph = '00000003-0000-0000-c000-000000000000';

export interface PowerReading {
  readonly appRoleGrants: readonly AppRoleGrant[];
  readonly directoryRoles: readonly DirectoryRoleGrant[];
  readonly gaps: readonly Gap[];
}

/** Two lists for the whole tenant, whatever its size: who holds Graph's application permissions, and who holds directory roles. */
export async function readDirectoryPower(clients: AzureClients): Promise<PowerReading> {
  const grants = await graphList(clients.graph, `/v1.0/servicePrincipals(appId='${microsoftGraph}')/appRoleAssignedTo?$top=999`, pagesMax);
  const roles = await graphList(clients.graph, '/v1.0/roleManagement/directory/roleAssignments?$expand=roleDefinition', pagesMax);
  const appRoleGrants = grants.objects.map(appRoleGrantOf);
  const directoryRoles = roles.objects.map(directoryRoleOf);
  return {
    appRoleGrants: appRoleGrants.filter((grant) => grant !== undefined),
    directoryRoles: directoryRoles.filter((role) => role !== undefined),
    gaps: [
      ...listGaps('appRoleGrants', 'applications', 'Application permissions of Microsoft Graph', grants, appRoleGrants),
      ...listGaps('directoryRoles', 'directory-roles', 'Microsoft Entra directory roles', roles, directoryRoles),
    ],
  };
}

const appRoleGrant = z.object({ principalId: objectId, appRoleId: objectId, resourceId: text, resourceDisplayName: shortText });

function appRoleGrantOf(given: unknown): AppRoleGrant | undefined {
  const parsed = appRoleGrant.safeParse(given);
  if (!parsed.success) return undefined;
  const { principalId: principal, appRoleId, resourceId, resourceDisplayName } = parsed.data;
  return {
    principalId: principalId(principal),
    resourceId: resourceId ?? '',
    resourceName: resourceDisplayName ?? 'Microsoft Graph',
    appRoleId: appRoleId.toLowerCase(),
  };
}

const directoryRole = z.object({
  principalId: objectId,
  roleDefinitionId: z.string().min(1).max(256),
  roleDefinition: z.object({ displayName: shortText, templateId: text }).nullish(),
  directoryScopeId: text,
});

function directoryRoleOf(given: unknown): DirectoryRoleGrant | undefined {
  const parsed = directoryRole.safeParse(given);
  if (!parsed.success) return undefined;
  const { principalId: principal, roleDefinitionId, roleDefinition, directoryScopeId } = parsed.data;
  const scope = present(directoryScopeId);
  return {
    principalId: principalId(principal),
    roleTemplateId: (roleDefinition?.templateId ?? roleDefinitionId).toLowerCase(),
    roleName: roleDefinition?.displayName ?? roleDefinitionId,
    ...(scope === undefined || scope === '/' ? {} : { scope }),
  };
}

function listGaps(
  slice: Slice,
  permission: PermissionId,
  what: string,
  list: Awaited<ReturnType<typeof graphList>>,
  read: readonly unknown[],
): readonly Gap[] {
  const gaps: Gap[] = [];
  // No service principal of Microsoft Graph in this directory: nobody can hold its permissions.
  if (list.trouble !== undefined && list.trouble.kind !== 'absent') {
    gaps.push({
      slice,
      scope: '/',
      state: list.objects.length === 0 ? 'missing' : 'partial',
      why: `${what} could not be read${list.objects.length === 0 ? '' : ' to the end'}: ${list.trouble.text}`,
      ...(list.trouble.kind === 'forbidden' ? { permission: permissionText(permission) } : {}),
    });
  }
  const odd = read.filter((entry) => entry === undefined).length;
  if (odd > 0)
    gaps.push({
      slice,
      scope: '/',
      state: 'partial',
      why: `${odd} ${odd === 1 ? 'entry' : 'entries'} of ${what} had a shape that the auditor does not understand.`,
    });
  return gaps;
}
