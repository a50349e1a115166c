import { escalationCapableRole } from '../../src/rules/escalation-capable-role.ts';
import {
  blobDataReader,
  assign,
  contributor,
  estate,
  guid,
  keyVaultSecretsUser,
  managementGroup,
  mg,
  owner,
  pid,
  role,
  sub,
  subscription,
  userAccessAdministrator,
  userAssigned,
} from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const group = `${sub('prod')}/resourceGroups/rg-app`;
const site = `${group}/providers/Microsoft.Web/sites/app-site`;
const world = { identities: [app], containers: [managementGroup('corp'), subscription('prod', mg('corp'))] };
const accessAdministrator = 'f58310d9-a9f6-439a-9e8d-f62e7b41a168';
const vaultAccessAdministrator = '8b54135c-b56d-4d72-a534-26097cfdc8d8';
const only = (...roles: string[]): string =>
  `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${roles.join(', ')}}))`;
const allBut = (...roles: string[]): string => only(...roles).replace('ForAnyOfAnyValues:GuidEquals', 'ForAnyOfAllValues:GuidNotEquals');
const held = (id: string, scope: string, condition?: string) =>
  estate({ ...world, assignments: [assign(app.principalId, id, scope, condition === undefined ? {} : { condition })] });

ruleTable(escalationCapableRole, {
  fires: [
    {
      name: 'Owner of a management group',
      estate: held(owner, mg('corp')),
      violations: [{ severity: 'critical', scope: mg('corp') }],
      says: ['roleAssignments/write'],
    },
    { name: 'Owner of a subscription', estate: held(owner, sub('prod')), violations: [{ severity: 'high', confidence: 'certain' }] },
    { name: 'Owner of a resource group', estate: held(owner, group), violations: [{ severity: 'medium', scope: group }] },
    { name: 'User Access Administrator of a resource', estate: held(userAccessAdministrator, site), violations: [{ severity: 'low' }] },
    { name: 'the right to grant and nothing else', estate: held(accessAdministrator, sub('prod')), violations: [{ severity: 'high' }] },
    {
      name: 'a custom role that rewrites roles',
      estate: estate({
        ...world,
        roles: [role(guid('rd'), 'Role author', { actions: ['Microsoft.Authorization/roleDefinitions/*'] }, { custom: true })],
        assignments: [assign(app.principalId, guid('rd'), sub('prod'))],
      }),
      violations: [{ severity: 'high' }],
      says: ['roleDefinitions/write'],
    },
    {
      name: 'policies that deploy are a detour',
      estate: held('36243c78-bf99-498c-9df9-86d9f8d28608', sub('prod')),
      violations: [{ severity: 'medium', role: { id: '36243c78-bf99-498c-9df9-86d9f8d28608', name: 'Resource Policy Contributor' } }],
    },
    {
      name: 'an allow-list of harmless roles lowers it',
      estate: held(accessAdministrator, sub('prod'), only(keyVaultSecretsUser, blobDataReader)),
      violations: [{ severity: 'low' }],
      says: ['2 listed roles'],
    },
    {
      name: 'an allow-list in the role itself does too',
      estate: held(vaultAccessAdministrator, sub('prod')),
      violations: [{ severity: 'low' }],
    },
    {
      name: 'an allow-list leaves the other ways of an administrator open',
      estate: held(userAccessAdministrator, sub('prod'), only(keyVaultSecretsUser)),
      violations: [{ severity: 'medium' }],
    },
    {
      name: 'an allow-list that names Owner does not',
      estate: held(accessAdministrator, sub('prod'), only(keyVaultSecretsUser, owner)),
      violations: [{ severity: 'high' }],
    },
    {
      name: 'an allow-list that names a role nobody can read does not',
      estate: held(accessAdministrator, sub('prod'), only(guid('hidden'))),
      violations: [{ severity: 'high' }],
    },
    {
      name: 'a deny-list of harmless roles does not either',
      estate: held(accessAdministrator, sub('prod'), allBut(keyVaultSecretsUser)),
      violations: [{ severity: 'high' }],
    },
    {
      name: 'a deny-list does not',
      estate: held(accessAdministrator, sub('prod'), allBut(owner, userAccessAdministrator)),
      violations: [{ severity: 'high' }],
      says: ['keeps back some roles'],
    },
    {
      name: 'a condition that is not understood narrows nothing',
      estate: held(accessAdministrator, sub('prod'), 'only on Sundays'),
      violations: [{ severity: 'high', confidence: 'likely' }],
      says: ['does not understand'],
    },
    {
      name: 'a constraint on the kind of principal does not',
      estate: held(
        accessAdministrator,
        sub('prod'),
        "(!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEqualsIgnoreCase 'ServicePrincipal')",
      ),
      violations: [{ severity: 'high' }],
    },
    {
      name: 'the replacement lists the harmless roles that it hands out today',
      estate: estate({
        ...world,
        assignments: [
          assign(app.principalId, userAccessAdministrator, sub('prod')),
          assign(pid('one'), keyVaultSecretsUser, group, { createdBy: app.principalId }),
          assign(pid('two'), owner, group, { createdBy: app.principalId }),
          assign(pid('three'), blobDataReader, group, { createdBy: guid('somebody else') }),
        ],
      }),
      violations: [{ severity: 'high' }],
      says: [new RegExp(`GuidEquals \\{${keyVaultSecretsUser}\\}`), /--condition-version 2\.0/],
    },
    {
      name: 'through a group',
      estate: estate({
        ...world,
        memberships: new Map([[app.principalId, [pid('team')]]]),
        assignments: [assign(pid('team'), owner, group)],
      }),
      violations: [{ aspect: app.principalId, severity: 'medium' }],
    },
  ],
  silent: [
    { name: 'Contributor', estate: held(contributor, sub('prod')) },
    {
      name: 'policies without the right to remediate',
      estate: estate({
        ...world,
        roles: [role(guid('p'), 'Policies', { actions: ['Microsoft.Authorization/policyAssignments/*'] })],
        assignments: [assign(app.principalId, guid('p'), sub('prod'))],
      }),
    },
    {
      name: 'reads of authorization',
      estate: estate({
        ...world,
        roles: [role(guid('r'), 'R', { actions: ['Microsoft.Authorization/*/read'] })],
        assignments: [assign(app.principalId, guid('r'), sub('prod'))],
      }),
    },
    {
      name: 'the right to take roles away',
      estate: estate({
        ...world,
        roles: [role(guid('d'), 'D', { actions: ['Microsoft.Authorization/roleAssignments/delete'] })],
        assignments: [assign(app.principalId, guid('d'), sub('prod'))],
      }),
    },
    {
      name: 'a condition that always refuses',
      estate: held(accessAdministrator, sub('prod'), "!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})"),
    },
    { name: 'a person', estate: estate({ ...world, assignments: [assign(pid('person'), owner, sub('prod'))] }) },
  ],
});
