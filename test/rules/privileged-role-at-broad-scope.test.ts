import { expect } from 'vitest';
import { principalId } from '../../src/estate/index.ts';
import { privilegedRoleAtBroadScope } from '../../src/rules/privileged-role-at-broad-scope.ts';
import {
  assign,
  attached,
  contributor,
  directory,
  estate,
  guid,
  host,
  keyVaultSecretsUser,
  managementGroup,
  mg,
  owner,
  pid,
  reader,
  role,
  sub,
  subscription,
  userAccessAdministrator,
  userAssigned,
} from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const site = attached(host('app-site', `${sub('prod')}/resourceGroups/rg-web`, { systemAssigned: undefined }), app);
const world = { identities: [app], hosts: [site], containers: [managementGroup('corp'), subscription('prod', mg('corp'))] };
const networkContributor = '4d97b98b-1d4f-4787-a291-c67834d212e7';
const ownerLike = role(guid('owner like'), 'App operator', { actions: ['*'] }, { custom: true });
const blobOnly = `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${keyVaultSecretsUser}}))`;
const policyId = `${mg('corp')}/providers/Microsoft.Authorization/policyAssignments/deploy-app`;

ruleTable(privilegedRoleAtBroadScope, {
  fires: [
    {
      name: 'Owner of a subscription; the fix makes the narrower grant before it deletes',
      estate: estate({ ...world, assignments: [assign(app.principalId, owner, sub('prod'))] }),
      violations: [
        {
          subject: assign(app.principalId, owner, sub('prod')).id,
          severity: 'high',
          confidence: 'certain',
          scope: sub('prod'),
          role: { id: owner, name: 'Owner' },
          fix: [
            { text: textLike(/Find out/) },
            { cli: textLike(/^az role assignment create .*b24988ac.*rg-web/) },
            { cli: textLike(/^az role assignment delete --ids/) },
          ] as never,
        },
      ],
      says: [/resourceGroups\/rg-web/, /since 2026-01-15/],
    },
    {
      name: 'Contributor of a subscription',
      estate: estate({ ...world, assignments: [assign(app.principalId, contributor, sub('prod'))] }),
      violations: [{ severity: 'high' }],
    },
    {
      name: 'Owner of a management group',
      estate: estate({ ...world, assignments: [assign(app.principalId, owner, mg('corp'))] }),
      violations: [{ severity: 'critical' }],
    },
    {
      name: 'Contributor of a management group',
      estate: estate({ ...world, assignments: [assign(app.principalId, contributor, mg('corp'))] }),
      violations: [{ severity: 'high' }],
    },
    {
      name: 'Contributor at the root',
      estate: estate({ ...world, assignments: [assign(app.principalId, contributor, '/')] }),
      violations: [{ severity: 'critical', scope: '/' }],
    },
    {
      name: 'User Access Administrator, by its provider wildcard',
      estate: estate({ ...world, assignments: [assign(app.principalId, userAccessAdministrator, sub('prod'))] }),
      violations: [{ severity: 'high' }],
      says: ['No role assignment that stands today was made by it'],
    },
    {
      name: 'a custom role of everything, whatever it is called',
      estate: estate({ ...world, roles: [ownerLike], assignments: [assign(app.principalId, ownerLike.id, sub('prod'))] }),
      violations: [{ role: { id: ownerLike.id, name: 'App operator' }, severity: 'high' }],
    },
    {
      name: 'two providers that together take things over',
      estate: estate({
        ...world,
        roles: [role(guid('cn'), 'Compute and network', { actions: ['Microsoft.Compute/*', 'Microsoft.Network/*'] }, { custom: true })],
        assignments: [assign(app.principalId, guid('cn'), sub('prod'))],
      }),
      violations: [{ severity: 'medium' }],
      says: ['Microsoft.Compute/*'],
    },
    {
      name: 'a definition that Azure did not show is taken from the list, and less sure',
      estate: estate({ ...world, roles: [], assignments: [assign(app.principalId, contributor, sub('prod'))] }),
      violations: [{ confidence: 'likely' }],
    },
    {
      name: 'through a group, for each identity in it',
      estate: estate({
        ...world,
        assignments: [assign(pid('team'), contributor, sub('prod'), { principalType: 'Group' })],
        memberships: new Map([
          [app.principalId, [pid('team')]],
          [pid('a person'), [pid('team')]],
        ]),
        directory: directory({ found: [{ id: pid('team'), kind: 'group', displayName: 'grp-team' }] }),
      }),
      violations: [{ aspect: app.principalId, subject: assign(pid('team'), contributor, sub('prod')).id }],
      says: [`through group grp-team (${pid('team')})`, 'az ad group member remove'],
    },
    {
      name: 'an allow-list on granting does not take control away, and leaves it at that',
      estate: estate({ ...world, assignments: [assign(app.principalId, owner, mg('corp'), { condition: blobOnly })] }),
      // roleDefinitions/write and the like are left.
      violations: [{ severity: 'critical' }],
    },
    {
      name: 'the identity of a policy within the scope of that policy is lowered and named',
      estate: estate({
        ...world,
        policyAssignments: [{ id: policyId, key: policyId.toLowerCase() as never, name: 'deploy-app', principalId: app.principalId }],
        assignments: [assign(app.principalId, contributor, sub('prod'))],
      }),
      violations: [{ severity: 'low' }],
      says: ['Azure Policy assignment'],
    },
    {
      name: 'a workload by name only is not lowered',
      estate: estate({
        ...world,
        assignments: [assign(app.principalId, contributor, sub('prod'))],
        policyAssignments: [{ id: policyId, key: policyId.toLowerCase() as never, name: 'app-id', principalId: pid('another') }],
      }),
      violations: [{ severity: 'high' }],
    },
    {
      name: 'people too, when all are judged',
      estate: estate({ ...world, assignments: [assign(principalId(guid('person')), owner, sub('prod'))] }),
      settings: { principals: 'all' },
      violations: [{ principal: { kind: 'unknown' } as never }],
    },
  ],
  silent: [
    {
      name: 'Owner of a resource group',
      estate: estate({ ...world, assignments: [assign(app.principalId, owner, `${sub('prod')}/resourceGroups/rg-web`)] }),
    },
    { name: 'Reader of everything', estate: estate({ ...world, assignments: [assign(app.principalId, reader, '/')] }) },
    { name: 'a network by itself', estate: estate({ ...world, assignments: [assign(app.principalId, networkContributor, sub('prod'))] }) },
    {
      name: 'everything, of which every change is taken away again',
      estate: estate({
        ...world,
        roles: [role(guid('ro'), 'Owner', { actions: ['*'], notActions: ['*/write', '*/delete', '*/action'] })],
        assignments: [assign(app.principalId, guid('ro'), sub('prod'))],
      }),
    },
    {
      name: 'a person, when identities are judged',
      estate: estate({ ...world, assignments: [assign(pid('person'), owner, sub('prod'))] }),
    },
    {
      name: 'a group without identities',
      estate: estate({ ...world, assignments: [assign(pid('team'), owner, sub('prod'), { principalType: 'Group' })] }),
    },
    { name: 'a role nobody can read', estate: estate({ ...world, assignments: [assign(app.principalId, guid('hidden'), sub('prod'))] }) },
    {
      name: 'a resource of a subscription without a group',
      estate: estate({ ...world, assignments: [assign(app.principalId, owner, `${sub('prod')}/providers/Microsoft.Security/pricings/x`)] }),
    },
  ],
  inconclusive: [
    {
      name: 'no role definition at all',
      estate: estate({
        ...world,
        assignments: [assign(app.principalId, owner, sub('prod'))],
        gaps: [{ slice: 'roleDefinitions', scope: '/', state: 'missing', why: 'denied' }],
      }),
      because: /roleDefinitions/,
    },
  ],
});

function textLike(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}
