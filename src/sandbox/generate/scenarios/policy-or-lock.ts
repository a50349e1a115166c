import { authorizationFailed } from '../log-rows/activity.ts';
import { usual } from '../log-rows/recorder.ts';
import { workload } from './place.ts';
import type { Scenario } from './scenario.ts';

/** ARM said no, and not for want of a right. */
export const policyOrLock: readonly Scenario[] = [
  {
    id: 'policy-or-lock/policy',
    cause: 'policy-or-lock',
    story: 'A deployment identity creates machines in a region that a policy forbids.',
    build(here) {
      here.sendsActivityToWorkspace();
      refusedByPolicy(here, workload(here).identity);
    },
  },
  {
    id: 'policy-or-lock/lock',
    cause: 'policy-or-lock',
    story: 'A clean-up identity deletes accounts under a lock, over and over.',
    build(here) {
      const { identity } = workload(here, { host: 'functionApp' });
      const account = here.t.storageAccount(here.nextDoor, 'stbillingprod');
      here.t.assign(identity, 'Contributor', here.nextDoor);
      for (const at of here.instants({ ...usual, every: 2 }))
        here.did({
          operation: 'Microsoft.Storage/storageAccounts/delete',
          resourceId: account.id,
          at,
          by: identity,
          failure: {
            statusCode: 'Conflict',
            code: 'ScopeLocked',
            message: `The scope '${account.id}' cannot perform delete operation because following scope(s) are locked: '${here.nextDoor.id}/providers/Microsoft.Authorization/locks/keep'. Please remove the lock and try again.`,
          },
        });
    },
  },
  {
    id: 'policy-or-lock/neighbour-person',
    cause: 'none',
    story: "A person's deployments are refused by policy.",
    build(here) {
      here.sendsActivityToWorkspace();
      refusedByPolicy(here, here.operator);
    },
  },
  {
    id: 'policy-or-lock/neighbour-no-right',
    cause: 'missing-role',
    story: 'The same calls, refused because no role allows them.',
    build(here) {
      const { identity } = workload(here);
      const id = `${here.nextDoor.id}/providers/Microsoft.Compute/virtualMachines/vm-new-01`;
      for (const at of here.instants({ ...usual, every: 2 }))
        here.did({
          operation: 'Microsoft.Compute/virtualMachines/write',
          resourceId: id,
          at,
          by: identity,
          failure: authorizationFailed(identity, 'Microsoft.Compute/virtualMachines/write', id),
        });
    },
  },
];

function refusedByPolicy(here: Parameters<Scenario['build']>[0], by: Parameters<typeof here.did>[0]['by']): void {
  const id = `${here.nextDoor.id}/providers/Microsoft.Compute/virtualMachines/vm-new-01`;
  const assignment = `${here.prod.id}/providers/Microsoft.Authorization/policyAssignments/allowed-locations`;
  for (const at of here.instants({ ...usual, every: 2 }))
    here.did({
      operation: 'Microsoft.Compute/virtualMachines/write',
      resourceId: id,
      at,
      ...(by && { by }),
      failure: {
        statusCode: 'Forbidden',
        code: 'RequestDisallowedByPolicy',
        message: `Resource 'vm-new-01' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"Allowed locations","id":"${assignment}"},"policyDefinition":{"name":"Allowed locations","id":"/providers/Microsoft.Authorization/policyDefinitions/e56962a6-4747-49cd-b67b-bf8b01975c4c"}}]'.`,
      },
    });
}
