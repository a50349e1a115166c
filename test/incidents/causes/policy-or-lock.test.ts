import { estate, sub, userAssigned } from '../../build/estate.ts';
import { armRefused, storageId } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const world = estate({ identities: [app] });
const group = `${sub('prod')}/resourceGroups/rg-app`;
const policy = `${sub('prod')}/providers/Microsoft.Authorization/policyAssignments/deny-public`;

causeTable('policy-or-lock', {
  fires: [
    {
      name: 'a policy',
      estate: world,
      denials: [
        armRefused(app, 'Microsoft.Storage/storageAccounts/write', storageId('stpay'), {
          reason: 'RequestDisallowedByPolicy',
          sample: `Resource 'stpay' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"id":"${policy}"}}]'.`,
        }),
      ],
      confidence: 'certain',
      cli: [`az policy assignment show --name deny-public --scope '${sub('prod')}'`],
    },
    {
      name: 'a lock',
      estate: world,
      denials: [
        armRefused(app, 'Microsoft.Storage/storageAccounts/delete', storageId('stpay'), {
          statusCode: 409,
          reason: 'ScopeLocked',
          sample: `The scope cannot perform delete operation because following scope(s) are locked: '${group}'. Please remove the lock and try again.`,
        }),
      ],
      confidence: 'certain',
      cli: [/^az lock list --resource-group rg-app --subscription /],
    },
  ],
  neighbours: [
    {
      name: 'a missing role on the policy itself',
      estate: world,
      denials: [armRefused(app, 'Microsoft.Authorization/policyAssignments/write', policy)],
      instead: 'missing-role',
    },
    {
      name: 'a missing role on a group called scopelocked',
      estate: world,
      denials: [
        armRefused(
          app,
          'Microsoft.Storage/storageAccounts/write',
          `${sub('prod')}/resourceGroups/scopelocked/providers/Microsoft.Storage/storageAccounts/x`,
        ),
      ],
      instead: 'missing-role',
    },
  ],
});
