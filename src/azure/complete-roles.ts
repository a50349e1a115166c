import pLimit from 'p-limit';
import { z } from 'zod';
import { roleId, type Gap, type RoleDefinition, type RoleId } from '../estate/index.ts';
import { armPath } from './arm-path.ts';
import type { AzureClients } from './clients.ts';
import { permissionText } from '../access/index.ts';
import { permissionBlock, roleDefinition } from './read-roles.ts';
import { text } from './row.ts';
import { troubleOf } from './trouble.ts';

/** Single reads in one run; definitions that Resource Graph leaves out are rare. */
const callsMax = 20;
const apiVersion = '2022-04-01';

export interface RoleCompletion {
  readonly roles: ReadonlyMap<RoleId, RoleDefinition>;
  readonly gaps: readonly Gap[];
}

/**
 * Roles that assignments name and Resource Graph did not show: asked of ARM first where they are few, then taken from the list of built-in roles we
 * ship. What is still unknown is a gap: a role that cannot be read is not a role that is gone, since Azure refuses to delete one in use.
 */
export async function completeRoles(
  clients: AzureClients,
  read: ReadonlyMap<RoleId, RoleDefinition>,
  used: ReadonlyMap<RoleId, string>,
  builtInRole: (id: RoleId) => RoleDefinition | undefined,
): Promise<RoleCompletion> {
  const roles = new Map(read);
  const missing = [...used].filter(([id]) => !roles.has(id));
  const unlisted = missing.filter(([id]) => builtInRole(id) === undefined);
  // Where a whole list is missing the shipped one is nearer than hundreds of calls.
  const ask = missing.length <= callsMax ? missing : unlisted.slice(0, callsMax);
  const atOnce = pLimit(4);
  const answers = await Promise.all(ask.map(([id, definitionId]) => atOnce(() => readRole(clients, id, definitionId))));
  for (const answer of answers) {
    if (answer.role !== undefined) roles.set(answer.role.id, answer.role);
  }
  const shipped: RoleDefinition[] = [];
  const unknown: RoleId[] = [];
  for (const [id] of missing) {
    if (roles.has(id)) continue;
    const role = builtInRole(id);
    if (role === undefined) unknown.push(id);
    else {
      shipped.push(role);
      roles.set(id, { ...role, source: 'built-in-list' });
    }
  }
  const forbidden = answers.some((answer) => answer.forbidden);
  return { roles, gaps: [...shippedGaps(shipped), ...unknownGaps(unknown, forbidden)] };
}

const definition = z.object({
  id: z.string(),
  properties: z.object({
    roleName: text,
    type: text,
    assignableScopes: z.array(z.string()).nullish(),
    permissions: z.array(permissionBlock),
  }),
});

/** Over plain REST: the SDK's client drops the conditions inside permission blocks. */
async function readRole(
  clients: AzureClients,
  id: RoleId,
  definitionId: string,
): Promise<{ readonly role?: RoleDefinition; readonly forbidden: boolean }> {
  const path = armPath(definitionId.startsWith('/') ? definitionId : `/providers/Microsoft.Authorization/roleDefinitions/${definitionId}`);
  if (path === undefined) return { forbidden: false };
  try {
    const given = definition.parse(await clients.arm.get(`${path}?api-version=${apiVersion}`));
    if (roleId(given.id) !== id) return { forbidden: false };
    return { role: roleDefinition(id, { ...given.properties, roleType: given.properties.type }), forbidden: false };
  } catch (error) {
    return { forbidden: troubleOf(error).kind === 'forbidden' };
  }
}

const shippedGaps = (shipped: readonly RoleDefinition[]): readonly Gap[] =>
  shipped.length === 0
    ? []
    : [
        {
          slice: 'roleDefinitions',
          scope: '/',
          state: 'partial',
          why: `Azure did not show ${shipped.length} built-in ${shipped.length === 1 ? 'role' : 'roles'} in use (${shipped
            .slice(0, 3)
            .map((role) => role.name)
            .join(', ')}); judged by the list that is shipped with the auditor.`,
          harmless: true,
        },
      ];

const unknownGaps = (unknown: readonly RoleId[], forbidden: boolean): readonly Gap[] =>
  unknown.length === 0
    ? []
    : [
        {
          slice: 'roleDefinitions',
          scope: '/',
          state: 'partial',
          why: `${unknown.length} ${unknown.length === 1 ? 'role' : 'roles'} in use could not be read (${unknown.slice(0, 3).join(', ')}), so what ${unknown.length === 1 ? 'it allows' : 'they allow'} is unknown.`,
          ...(forbidden ? { permission: permissionText('role-definitions') } : {}),
        },
      ];
