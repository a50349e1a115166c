import { registryLoginRow } from '../log-rows/data-services.ts';
import { messagingCalls, noRole, storageCalls, vaultCalls } from '../log-rows/calls.ts';
import { usual } from '../log-rows/recorder.ts';
import { workload } from './place.ts';
import type { Scenario } from './scenario.ts';

/** The right role, at the wrong thing. */
export const roleAtWrongScope: readonly Scenario[] = [
  {
    id: 'role-at-wrong-scope/sibling-account',
    cause: 'role-at-wrong-scope',
    story: 'The data role is on the archive account beside the one that is read.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      const archive = here.t.storageAccount(here.home, 'stordersarchive');
      here.t.assign(identity, 'Storage Blob Data Reader', archive);
      storageCalls(here, { account, caller: identity });
    },
  },
  {
    id: 'role-at-wrong-scope/other-group',
    cause: 'role-at-wrong-scope',
    story: 'Key Vault Secrets User on a resource group; the vault lives in another one.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      here.t.vault(here.nextDoor, 'kv-billing-prod', { rbac: true });
      here.t.assign(identity, 'Key Vault Secrets User', here.nextDoor);
      vaultCalls(here, { vault, caller: identity, answer: noRole() });
    },
  },
  {
    id: 'role-at-wrong-scope/other-subscription',
    cause: 'role-at-wrong-scope',
    story: 'The namespace was moved: the role is in the other subscription.',
    build(here) {
      const { identity } = workload(here);
      const namespace = here.t.resource(here.home, 'Microsoft.ServiceBus/namespaces', 'sb-orders-prod', {
        sku: { name: 'Premium', tier: 'Premium' },
      });
      here.t.assign(identity, 'Azure Service Bus Data Sender', here.other);
      messagingCalls(here, { caller: identity, namespace, activity: 'SendMessage' });
    },
  },
  {
    id: 'role-at-wrong-scope/one-container',
    cause: 'role-at-wrong-scope',
    story: 'The role is at one container, the calls go to another one of the same account.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(identity, 'Storage Blob Data Reader', { id: `${account.id}/blobServices/default/containers/reports` });
      storageCalls(here, { account, caller: identity, path: 'invoices/2026/11/0001.pdf' });
    },
  },
  {
    id: 'role-at-wrong-scope/name-that-begins-alike',
    cause: 'role-at-wrong-scope',
    story: 'The role is at rg-orders, the vault in rg-orders-prod: one name begins with the other.',
    build(here) {
      const { identity } = workload(here);
      const short = here.t.resourceGroup(here.prod, 'rg-orders');
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      here.t.assign(identity, 'Key Vault Secrets User', short);
      vaultCalls(here, { vault, caller: identity, answer: noRole() });
    },
  },
  {
    id: 'role-at-wrong-scope/registry',
    cause: 'role-at-wrong-scope',
    story: 'AcrPull on the development registry.',
    build(here) {
      const { identity } = workload(here, { host: 'containerApp' });
      const registry = here.t.resource(here.home, 'Microsoft.ContainerRegistry/registries', 'crordersprod');
      const dev = here.t.resource(here.nextDoor, 'Microsoft.ContainerRegistry/registries', 'crordersdev');
      here.t.assign(identity, 'AcrPull', dev);
      for (const at of here.instants(usual)) here.log(registryLoginRow({ registry, at, caller: identity, status: '401' }));
    },
  },
  {
    id: 'role-at-wrong-scope/neighbour-weaker-role-elsewhere',
    cause: 'missing-role',
    story: 'On the sibling it holds a role, but one that would not allow this call there either.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      const archive = here.t.storageAccount(here.home, 'stordersarchive');
      here.t.assign(identity, 'Storage Queue Data Message Processor', archive);
      storageCalls(here, { account, caller: identity });
    },
  },
  {
    id: 'role-at-wrong-scope/neighbour-somebody-elses-role',
    cause: 'missing-role',
    story: 'The role at the sibling belongs to another identity, of another host.',
    build(here) {
      const { identity } = workload(here);
      const other = workload(here, { name: 'archive', group: here.nextDoor });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      const archive = here.t.storageAccount(here.home, 'stordersarchive');
      here.t.assign(other.identity, 'Storage Blob Data Reader', archive);
      storageCalls(here, { account, caller: identity });
    },
  },
];
