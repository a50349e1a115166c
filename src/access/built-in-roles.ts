import { roleId, type PermissionBlock, type RoleDefinition, type RoleId } from '../estate/index.ts';
import lines from './built-in-roles.json' with { type: 'json' };

/**
 * Azure's built-in roles as of 2026-08-22: `az role definition list`, taken from
 * https://github.com/iann0036/iam-dataset (azure/built-in-roles-raw.json at 2073fa5, MIT), plus Reservations Administrator from
 * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/management-and-governance.
 *
 * Used where Azure does not show a definition to the auditor, and to propose the smallest role. What Azure shows always goes first.
 *
 * One line of the JSON file is a role: its GUID, its name, then one text per permission block,
 * `actions|notActions|dataActions|notDataActions|condition`, patterns separated by a space, empty parts at the end left out.
 */
export function builtInRole(id: RoleId): RoleDefinition | undefined {
  const line = lineOf.get(id);
  return line === undefined ? undefined : definition(line);
}

export const builtInRoles = (): readonly RoleDefinition[] => lines.map(definition);

const lineOf: ReadonlyMap<string, readonly string[]> = new Map(lines.map((line) => [line[0] ?? '', line]));

function definition([id = '', name = '', ...blocks]: readonly string[]): RoleDefinition {
  return { id: roleId(id), name, custom: false, blocks: blocks.map(block), assignableScopes: ['/'], source: 'built-in-list' };
}

function block(text: string): PermissionBlock {
  const [actions, notActions, dataActions, notDataActions, ...condition] = text.split('|');
  return {
    actions: patterns(actions),
    notActions: patterns(notActions),
    dataActions: patterns(dataActions),
    notDataActions: patterns(notDataActions),
    // `||` is an operator of conditions.
    ...(condition.length > 0 ? { condition: condition.join('|') } : {}),
  };
}

const patterns = (text = ''): readonly string[] => (text === '' ? [] : text.split(' '));
