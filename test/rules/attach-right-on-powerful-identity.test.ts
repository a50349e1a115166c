import { attachRightOnPowerfulIdentity } from '../../src/rules/attach-right-on-powerful-identity.ts';
import {
  assign,
  attached,
  contributor,
  directory,
  estate,
  host,
  owner,
  pid,
  reader,
  resourceGroup,
  sub,
  subscription,
  systemAssignedOf,
  userAssigned,
} from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const group = `${sub('prod')}/resourceGroups/rg-app`;
const elsewhere = `${sub('prod')}/resourceGroups/rg-other`;
const containers = [subscription('prod'), resourceGroup('prod', 'rg-app'), resourceGroup('prod', 'rg-other')];
const app = userAssigned('app-id');
const worker = userAssigned('worker-id', elsewhere);
const powerful = assign(app.principalId, owner, sub('prod'));
const identityContributor = assign(worker.principalId, contributor, group);
const vm = attached(
  host('app-vm', elsewhere, {
    id: `${elsewhere}/providers/Microsoft.Compute/virtualMachines/app-vm`,
    type: 'microsoft.compute/virtualmachines',
    systemAssigned: undefined,
  }),
  app,
);
const virtualMachineContributor = '9980e02c-c2be-4d73-94e8-173b1dc7cf3c';

ruleTable(attachRightOnPowerfulIdentity, {
  fires: [
    {
      name: 'Contributor of the resource group that holds an Owner’s identity',
      estate: estate({ containers, identities: [app, worker], assignments: [powerful, identityContributor] }),
      violations: [
        { subject: app.principalId, severity: 'medium', scope: app.resourceId, related: [worker.principalId, identityContributor.id] },
      ],
      says: ['worker-id (Contributor at resource group rg-app)', 'Owner at', 'az role assignment list --scope'],
    },
    {
      name: 'whoever runs code on its host, elsewhere',
      estate: estate({
        containers,
        identities: [app, worker],
        hosts: [vm],
        assignments: [powerful, assign(worker.principalId, virtualMachineContributor, vm.id)],
      }),
      violations: [{ subject: app.principalId }],
    },
    {
      name: 'low where all of them hold a broad grant themselves: Contributor of the subscription gains Owner of it',
      estate: estate({
        containers,
        identities: [app, worker],
        assignments: [powerful, assign(worker.principalId, contributor, sub('prod'))],
      }),
      violations: [{ subject: app.principalId, severity: 'low' }],
    },
    {
      name: 'high above subscriptions, through a group',
      estate: estate({
        containers,
        identities: [app, worker],
        assignments: [assign(app.principalId, owner, '/'), assign(pid('team'), contributor, group)],
        memberships: new Map([[worker.principalId, [pid('team')]]]),
      }),
      violations: [{ severity: 'high' }],
    },
    {
      name: 'a system-assigned identity, by code on its host',
      estate: estate({
        containers,
        identities: [systemAssignedOf({ ...vm, systemAssigned: pid('vm') }), worker],
        hosts: [{ ...vm, systemAssigned: pid('vm') }],
        assignments: [assign(pid('vm'), owner, sub('prod')), assign(worker.principalId, virtualMachineContributor, elsewhere)],
      }),
      violations: [{ subject: pid('vm') }],
    },
  ],
  silent: [
    {
      name: 'who holds as much already gains nothing',
      estate: estate({
        containers,
        identities: [app, worker],
        assignments: [assign(app.principalId, contributor, sub('prod')), assign(worker.principalId, contributor, sub('prod'))],
      }),
    },
    { name: 'the identity itself', estate: estate({ containers, identities: [app], assignments: [powerful] }) },
    {
      name: 'the identity is not powerful',
      estate: estate({ containers, identities: [app, worker], assignments: [assign(app.principalId, owner, group), identityContributor] }),
    },
    {
      name: 'Contributor of another resource group',
      estate: estate({
        containers,
        identities: [app, worker],
        assignments: [powerful, assign(worker.principalId, contributor, elsewhere)],
      }),
    },
    {
      name: 'a Reader there',
      estate: estate({ containers, identities: [app, worker], assignments: [powerful, assign(worker.principalId, reader, group)] }),
    },
    {
      name: 'code on virtual machines does not attach the identity of another',
      estate: estate({
        containers,
        identities: [app, worker],
        assignments: [powerful, assign(worker.principalId, virtualMachineContributor, group)],
      }),
    },
    {
      name: 'a person, while only identities are of concern',
      estate: estate({
        containers,
        identities: [app],
        assignments: [powerful, assign(pid('alice'), contributor, group)],
        directory: directory({ found: [{ id: pid('alice'), kind: 'user' }] }),
      }),
    },
  ],
});
