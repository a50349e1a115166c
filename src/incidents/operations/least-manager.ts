import { builtInRole, builtInRoles, compile } from '../../access/index.ts';
import { roleId, type RoleDefinition } from '../../estate/index.ts';
import type { ProposedRole } from './least-role.ts';
import type { RequiredAction } from './required-action.ts';

/**
 * The usual role for operations of Azure Resource Manager, the narrower row first. Chosen from
 * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
const usual: readonly (readonly [actions: RegExp, role: string])[] = [
  [/\/read$/, 'acdd72a7-3385-48ef-bd42-f606fba81ae7'], // Reader
  [/^microsoft\.managedidentity\/.*\/assign\/action$/, 'f1a07417-d97a-45cb-824c-7a7467783830'], // Managed Identity Operator
  [/^microsoft\.managedidentity\//, 'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59'], // Managed Identity Contributor
  [/^microsoft\.storage\/storageaccounts\/(?:listkeys|regeneratekey)\/action$/, '81a9662b-bebf-436f-a333-f67b29880f12'], // Storage Account Key Operator Service Role
  [/^microsoft\.storage\//, '17d1049b-9a84-46fb-8f53-869881c3d3ab'], // Storage Account Contributor
  [/^microsoft\.compute\//, '9980e02c-c2be-4d73-94e8-173b1dc7cf3c'], // Virtual Machine Contributor
  [/^microsoft\.web\//, 'de139f84-1756-47ae-9be6-808fbbe84772'], // Website Contributor
  [/^microsoft\.network\/dnszones\//, 'befefa01-2a29-4197-83a8-272ff33ce314'], // DNS Zone Contributor
  [/^microsoft\.network\/privatednszones\//, 'b12aa53e-6015-4669-85d0-8515ebb3ae7f'], // Private DNS Zone Contributor
  [/^microsoft\.network\//, '4d97b98b-1d4f-4787-a291-c67834d212e7'], // Network Contributor
  [/^microsoft\.keyvault\//, 'f25e0fa2-a7c8-4377-a976-54943a77a395'], // Key Vault Contributor
  [/^microsoft\.sql\/servers\/databases\//, '9b7fa17d-e63e-47b0-bb0a-15c516ac86ec'], // SQL DB Contributor
];

/** One role for each operation; none at all where one of them has no honest answer (granting roles, creating groups, deploying). */
export function leastManagers(actions: readonly RequiredAction[]): readonly ProposedRole[] {
  const picks = actions.map((action) => usualFor(action) ?? slimmest(action));
  const found = picks.filter((role) => role !== undefined);
  if (found.length < picks.length) return [];
  return [...new Map(found.map(({ id, name }) => [id, { id, name }])).values()];
}

function usualFor({ action, data }: RequiredAction): RoleDefinition | undefined {
  const lower = action.toLowerCase();
  const row = usual.find(([pattern]) => pattern.test(lower));
  const role = row && builtInRole(roleId(row[1]));
  // Azure counts the operator's `*/assign/action` for the identity itself.
  const assigns = lower.endsWith('/assign/action');
  return role !== undefined && (assigns || allows(role, { action, data })) ? role : undefined;
}

/** Of all built-in roles that allow it, the one with the fewest permissions; none that may grant roles, none over everything. */
function slimmest(wanted: RequiredAction): RoleDefinition | undefined {
  if (/^microsoft\.(?:resources|authorization)\//i.test(wanted.action)) return undefined;
  const [best] = builtInRoles()
    .filter(
      (role) =>
        !forMachinery.test(role.name) &&
        allows(role, wanted) &&
        !allows(role, { action: 'microsoft.authorization/roleassignments/write', data: false }),
    )
    .map((role) => ({ role, width: role.blocks.reduce((sum, block) => sum + widthOf([...block.actions, ...block.dataActions]), 0) }))
    .toSorted((a, b) => a.width - b.width || (a.role.name < b.role.name ? -1 : 1));
  return best === undefined || best.width >= tooWide ? undefined : best.role;
}

/** Roles that Azure's own machinery takes, and nobody else should. */
const forMachinery = /\b(?:service role|agent|migration|openshift|arc|avere|operator role|mec|identity role)\b/i;

const allows = (role: RoleDefinition, { action, data }: RequiredAction): boolean =>
  role.blocks.some((block) => compile(block).allows(action.toLowerCase(), data));

const tooWide = 10_000;
/** A star at the front is everything, one further back a part of a provider; reading weighs less than the rest. */
const widthOf = (patterns: readonly string[]): number =>
  patterns.reduce((sum, pattern) => {
    if (pattern.startsWith('*')) return sum + (/\/read$/i.test(pattern) ? 100 : tooWide);
    return sum + (pattern.includes('*') ? 20 : /\/read$/i.test(pattern) ? 1 : 2);
  }, 0);
