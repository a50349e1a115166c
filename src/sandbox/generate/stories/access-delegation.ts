import { owned, type Story } from '../landscape.ts';
import { finding, lowered, silent } from '../planted.ts';
import { builtInRole } from '../role-definitions.ts';

/** Identities that hand out access: freely, within a list of roles, and within a list that forbids too little. */
export const accessDelegation: Story = {
  name: 'access delegation',
  plant({ t, group }) {
    const home = group('vending', 'platform');
    const target = group('vending-target', 'dev');
    const vendor = (name: string) => t.host('functionApp', home, `func-vending-${name}`, { systemAssigned: true, tags: owned }).identity!;

    const free = t.assign(vendor('free'), 'User Access Administrator', target);
    const allowed = t.assign(vendor('listed'), 'Role Based Access Control Administrator', target, {
      condition: condition('ForAnyOfAnyValues:GuidEquals', ['Storage Blob Data Reader', 'Key Vault Secrets User']),
    });
    const denied = t.assign(vendor('forbidden'), 'Role Based Access Control Administrator', target, {
      condition: condition('ForAnyOfAllValues:GuidNotEquals', [
        'Owner',
        'User Access Administrator',
        'Role Based Access Control Administrator',
      ]),
    });
    const inventory = t.customRole(
      'Contoso Access Reader',
      { actions: ['Microsoft.Authorization/*/read', 'Microsoft.Management/managementGroups/read'] },
      [home.subscription, target.subscription],
    );
    const reads = t.assign(vendor('inventory'), inventory, target);

    return [
      finding('escalation-capable-role', free, 'User Access Administrator, though of one resource group only'),
      lowered('escalation-capable-role', allowed, 'may hand out two harmless roles only: the condition is an allow-list'),
      finding('escalation-capable-role', denied, 'a deny-list leaves every other role, Contributor included'),
      silent('escalation-capable-role', reads, 'reads role assignments, writes none'),
    ];
  },
};

function condition(operator: string, roles: readonly string[]): string {
  const guids = roles.map((role) => builtInRole(role).guid).join(', ');
  const clause = (verb: string, source: string): string =>
    `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${verb}'})) OR (@${source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ${operator} {${guids}}))`;
  return `${clause('write', 'Request')} AND ${clause('delete', 'Resource')}`;
}
