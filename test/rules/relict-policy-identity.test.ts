import { principalId, resourceKey, type PolicyAssignment } from '../../src/estate/index.ts';
import { relictPolicyIdentity } from '../../src/rules/relict-policy-identity.ts';
import {
  assign,
  contributor,
  directory,
  estate,
  host,
  managementGroup,
  mg,
  pid,
  resourceGroup,
  sub,
  subscription,
} from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const policyId = (scope: string, name: string): string => `${scope}/providers/Microsoft.Authorization/policyAssignments/${name}`;
const policy = (scope: string, name: string, principal?: string): PolicyAssignment => ({
  id: policyId(scope, name),
  key: resourceKey(policyId(scope, name)),
  name,
  principalId: principal === undefined ? undefined : principalId(principal),
});
const relict = (resourceId: string) =>
  directory({ found: [{ id: pid('relict'), kind: 'managed-identity', displayName: 'deploy-app', isExplicit: false, resourceId }] });
const grant = assign(pid('relict'), contributor, sub('prod'));
const site = `${sub('prod')}/resourceGroups/rg-app/providers/Microsoft.Web/sites/app-old`;
const tree = [
  managementGroup('corp'),
  managementGroup('platform', mg('corp')),
  subscription('prod', mg('platform')),
  resourceGroup('prod', 'rg-app'),
];

ruleTable(relictPolicyIdentity, {
  fires: [
    {
      name: 'a policy assignment of a subscription that is not there any more',
      estate: estate({ assignments: [grant], directory: relict(policyId(sub('prod'), 'deploy-app')) }),
      violations: [
        {
          subject: pid('relict'),
          severity: 'medium',
          confidence: 'likely',
          scope: policyId(sub('prod'), 'deploy-app'),
          principal: {
            id: pid('relict'),
            kind: 'system-assigned',
            name: 'deploy-app',
            resourceId: policyId(sub('prod'), 'deploy-app'),
            clientId: '',
          },
        },
      ],
      says: ['az policy assignment show --name deploy-app --scope', 'az role assignment delete --ids'],
    },
    {
      name: 'one of a management group, where others of that group are seen',
      estate: estate({
        containers: tree,
        policyAssignments: [policy(mg('corp'), 'other')],
        assignments: [grant],
        directory: relict(policyId(mg('platform'), 'deploy-app')),
      }),
      violations: [{ scope: policyId(mg('platform'), 'deploy-app') }],
    },
    {
      name: 'without grants it is low',
      estate: estate({ directory: relict(policyId(sub('prod'), 'deploy-app')) }),
      violations: [{ severity: 'low' }],
      says: ['no role assignment that we see'],
    },
    {
      name: 'a resource whose resource group is gone',
      estate: estate({
        assignments: [grant],
        directory: relict(`${sub('prod')}/resourceGroups/rg-gone/providers/Microsoft.Web/sites/app`),
      }),
      violations: [{ confidence: 'likely' }],
      says: ['resource group rg-gone'],
    },
    {
      name: 'a resource of a kind that is seen elsewhere',
      estate: estate({ hosts: [host('app-new')], assignments: [grant], directory: relict(site) }),
      violations: [{ scope: site }],
    },
    {
      name: 'certain when ARM said so',
      estate: estate({ assignments: [grant], directory: relict(site), confirmations: new Map([[resourceKey(site), 'gone']]) }),
      violations: [{ confidence: 'certain' }],
    },
    {
      name: 'a gap in another subscription does not touch it',
      estate: estate({
        assignments: [grant],
        directory: relict(policyId(sub('prod'), 'deploy-app')),
        gaps: [{ slice: 'policyAssignments', scope: sub('test'), state: 'missing', why: 'no access' }],
      }),
      violations: [{ subject: pid('relict') }],
    },
  ],
  silent: [
    {
      name: 'the policy assignment is there',
      estate: estate({ policyAssignments: [policy(sub('prod'), 'deploy-app')], directory: relict(policyId(sub('prod'), 'Deploy-App')) }),
    },
    {
      name: 'it was made anew under another name with the same identity',
      estate: estate({
        policyAssignments: [policy(sub('prod'), 'renamed', pid('relict'))],
        directory: relict(policyId(sub('prod'), 'deploy-app')),
      }),
    },
    {
      name: 'the owner was moved: the principal lives under another resource id',
      estate: estate({ hosts: [host('relict')], directory: relict(site) }),
    },
    {
      name: 'its subscription is not one that we can read',
      estate: estate({ assignments: [grant], directory: relict(policyId(sub('elsewhere'), 'deploy-app')) }),
    },
    {
      name: 'that part of its subscription could not be read',
      estate: estate({
        assignments: [grant],
        directory: relict(policyId(sub('prod'), 'deploy-app')),
        gaps: [{ slice: 'policyAssignments', scope: sub('prod'), state: 'missing', why: 'no access' }],
      }),
    },
    {
      name: 'a part of the hosts of its resource group could not be read',
      estate: estate({
        hosts: [host('app-new')],
        directory: relict(site),
        gaps: [{ slice: 'hosts', scope: `${sub('prod')}/resourceGroups/RG-app`, state: 'partial', why: 'odd row' }],
      }),
    },
    {
      name: 'no policy assignment of a management group is seen at all: the reader has no sight up there',
      estate: estate({
        containers: tree,
        policyAssignments: [policy(sub('prod'), 'other')],
        directory: relict(policyId(mg('platform'), 'deploy-app')),
      }),
    },
    {
      name: 'one seen at a sibling group proves no sight here',
      estate: estate({
        containers: [...tree, managementGroup('sandbox', mg('corp'))],
        policyAssignments: [policy(mg('sandbox'), 'other')],
        directory: relict(policyId(mg('platform'), 'deploy-app')),
      }),
    },
    {
      name: 'a child resource, which Resource Graph may not list',
      estate: estate({
        hosts: [host('app-new')],
        directory: relict(`${sub('prod')}/resourceGroups/rg-app/providers/Microsoft.MachineLearningServices/workspaces/ml/computes/app`),
      }),
    },
    {
      name: 'a type that is seen nowhere',
      estate: estate({ directory: relict(`${sub('prod')}/resourceGroups/rg-app/providers/Microsoft.Fabric/capacities/app`) }),
    },
    {
      name: 'ARM still shows the owner',
      estate: estate({ hosts: [host('app-new')], directory: relict(site), confirmations: new Map([[resourceKey(site), 'stands']]) }),
    },
    {
      name: 'a user-assigned identity',
      estate: estate({
        directory: directory({
          found: [{ id: pid('relict'), kind: 'managed-identity', isExplicit: true, resourceId: policyId(sub('prod'), 'deploy-app') }],
        }),
      }),
    },
    {
      name: 'an application',
      estate: estate({
        directory: directory({ found: [{ id: pid('relict'), kind: 'application', resourceId: policyId(sub('prod'), 'deploy-app') }] }),
      }),
    },
  ],
});
