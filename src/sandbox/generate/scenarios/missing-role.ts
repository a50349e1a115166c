import { authorizationFailed } from '../log-rows/activity.ts';
import { registryLoginRow, registryPullRow } from '../log-rows/data-services.ts';
import { graphCallRow } from '../log-rows/entra.ts';
import { blobRead, messagingCalls, noRole, storageCalls, vaultCalls } from '../log-rows/calls.ts';
import { usual } from '../log-rows/recorder.ts';
import { workload } from './place.ts';
import type { Scenario } from './scenario.ts';

/** Nothing was ever granted that would allow the call. */
export const missingRole: readonly Scenario[] = [
  {
    id: 'missing-role/vault',
    cause: 'missing-role',
    story: 'A new web app reads secrets of an RBAC vault; its identity holds AcrPull on the registry and nothing on the vault.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      const registry = here.t.resource(here.home, 'Microsoft.ContainerRegistry/registries', 'crorders');
      here.t.assign(identity, 'AcrPull', registry);
      vaultCalls(here, { vault, caller: identity, answer: noRole() });
    },
  },
  {
    id: 'missing-role/vault-keys-in-the-new-table',
    cause: 'missing-role',
    story: 'Signing with a key is refused; the identity may read secrets of the same vault, which is not what it asks for.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      here.t.assign(identity, 'Key Vault Secrets User', vault);
      vaultCalls(here, {
        vault,
        caller: identity,
        operation: 'KeySign',
        object: 'token-signing/8d0a',
        table: 'AZKVAuditLogs',
        answer: noRole('Microsoft.KeyVault/vaults/keys/sign/action'),
      });
    },
  },
  {
    id: 'missing-role/queue',
    cause: 'missing-role',
    story: 'A system-assigned identity puts messages on a queue without any role on the account.',
    build(here) {
      const host = here.t.host('functionApp', here.home, 'func-orders-prod', { systemAssigned: true });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      storageCalls(here, {
        account,
        caller: host.identity!,
        service: 'queue',
        operation: 'PutMessage',
        path: 'incoming/messages',
        text: 'AuthorizationPermissionMismatch',
        decision: { action: 'Microsoft.Storage/storageAccounts/queueServices/queues/messages/add/action' },
      });
    },
  },
  {
    id: 'missing-role/blob-write-with-reader',
    cause: 'missing-role',
    story: 'Uploads are refused: the identity holds Storage Blob Data Reader at the account, and nothing that writes.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(identity, 'Storage Blob Data Reader', account);
      storageCalls(here, {
        account,
        caller: identity,
        operation: 'PutBlob',
        text: 'AuthorizationPermissionMismatch',
        decision: { action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write' },
      });
    },
  },
  {
    id: 'missing-role/service-bus',
    cause: 'missing-role',
    story: 'A premium namespace refuses a sender. The log knows the client id only.',
    build(here) {
      const { identity } = workload(here);
      const namespace = here.t.resource(here.home, 'Microsoft.ServiceBus/namespaces', 'sb-orders-prod', {
        sku: { name: 'Premium', tier: 'Premium' },
      });
      messagingCalls(here, { caller: identity, namespace, activity: 'SendMessage', entity: 'orders' });
    },
  },
  {
    id: 'missing-role/service-bus-receiver-sends',
    cause: 'missing-role',
    story: 'Data Receiver is there, the code sends.',
    build(here) {
      const { identity } = workload(here, { host: 'functionApp' });
      const namespace = here.t.resource(here.home, 'Microsoft.ServiceBus/namespaces', 'sb-orders-prod', {
        sku: { name: 'Premium', tier: 'Premium' },
      });
      here.t.assign(identity, 'Azure Service Bus Data Receiver', namespace);
      messagingCalls(here, { caller: identity, namespace, activity: 'SendMessage', authType: 'Azure Active Directory' });
    },
  },
  {
    id: 'missing-role/event-hubs',
    cause: 'missing-role',
    story: 'A dedicated Event Hubs namespace refuses a receiver.',
    build(here) {
      const { identity } = workload(here);
      const namespace = here.t.resource(here.home, 'Microsoft.EventHub/namespaces', 'eh-orders-prod', {
        sku: { name: 'Premium', tier: 'Premium' },
      });
      messagingCalls(here, { caller: identity, namespace, activity: 'ReceiveMessage', entity: 'telemetry' });
    },
  },
  {
    id: 'missing-role/arm-in-the-workspace',
    cause: 'missing-role',
    story:
      'An automation restarts virtual machines of a group without a role there; the subscription sends its Activity Log to the workspace.',
    build(here) {
      here.sendsActivityToWorkspace();
      armRefusals(here);
    },
  },
  {
    id: 'missing-role/arm-over-the-api',
    cause: 'missing-role',
    story: 'The same, where no workspace receives the Activity Log.',
    build: (here) => armRefusals(here),
  },
  {
    id: 'missing-role/registry-pull',
    cause: 'missing-role',
    story: 'A container app cannot pull its image: no AcrPull.',
    build(here) {
      const { identity } = workload(here, { host: 'containerApp' });
      const registry = here.t.resource(here.home, 'Microsoft.ContainerRegistry/registries', 'crorders', {
        sku: { name: 'Premium', tier: 'Premium' },
      });
      for (const at of here.instants(usual)) here.log(registryLoginRow({ registry, at, caller: identity, status: '401' }));
    },
  },
  {
    id: 'missing-role/registry-push',
    cause: 'missing-role',
    story: 'A build agent with AcrPull pushes.',
    build(here) {
      const { identity } = workload(here, { name: 'build' });
      const registry = here.t.resource(here.home, 'Microsoft.ContainerRegistry/registries', 'crorders', {
        sku: { name: 'Premium', tier: 'Premium' },
      });
      here.t.assign(identity, 'AcrPull', registry);
      for (const at of here.instants(usual))
        here.log(registryPullRow({ registry, at, caller: identity, operation: 'Push', status: '403' }));
    },
  },
  {
    id: 'missing-role/graph-permission',
    cause: 'missing-role',
    story: 'A function reads users from Microsoft Graph without an application permission.',
    build(here) {
      const { identity } = workload(here, { host: 'functionApp' });
      for (const at of here.instants(usual))
        here.log(
          graphCallRow({
            at,
            tenantId: here.t.tenantId,
            caller: identity,
            uri: "https://graph.microsoft.com/v1.0/users?$filter=startswith(displayName,'A')",
            status: 403,
          }),
        );
    },
  },
  {
    id: 'missing-role/through-a-group',
    cause: 'missing-role',
    story: 'The identity is in a group, and the group holds a role on the vault that reads no secrets.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      const group = here.t.directory.group('orders-workloads', [{ principalId: identity.principalId, name: identity.name }]);
      here.t.assign(group, 'Key Vault Reader', vault);
      vaultCalls(here, { vault, caller: identity, answer: noRole() });
    },
  },
  {
    id: 'missing-role/two-workloads-one-vault',
    cause: 'missing-role',
    story: 'Two identities fail on the same vault at the same time: two incidents.',
    incidents: 2,
    build(here) {
      const one = workload(here);
      const two = workload(here, { name: 'invoices' });
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      vaultCalls(here, { vault, caller: one.identity, answer: noRole() });
      vaultCalls(here, { vault, caller: two.identity, answer: noRole(), object: 'invoice-key' });
    },
  },
  {
    id: 'missing-role/neighbour-role-is-there-and-used',
    cause: 'none',
    story: 'The same calls, allowed.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      const assignment = here.t.assign(identity, 'Storage Blob Data Reader', account);
      storageCalls(here, {
        account,
        caller: identity,
        status: '200',
        text: 'Success',
        decision: { action: blobRead, assignmentId: assignment.id },
      });
    },
  },
  {
    id: 'missing-role/neighbour-role-through-two-groups',
    cause: 'network-rule',
    story: 'The role comes through a group in a group; what refuses is the firewall of the vault.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      const inner = here.t.directory.group('orders-workloads', [{ principalId: identity.principalId, name: identity.name }]);
      const outer = here.t.directory.group('secret-readers', [inner]);
      here.t.assign(outer, 'Key Vault Secrets User', here.home);
      vaultCalls(here, { vault, caller: identity, address: '20.61.7.9', answer: { kind: 'firewall' } });
    },
  },
];

function armRefusals(here: Parameters<Scenario['build']>[0]): void {
  const host = here.t.host('automation', here.home, 'aa-orders-prod', { systemAssigned: true });
  const machine = here.t.host('virtualMachine', here.nextDoor, 'vm-billing-01');
  const action = 'Microsoft.Compute/virtualMachines/restart/action';
  for (const at of here.instants({ ...usual, every: 3 }))
    here.did({
      operation: action,
      resourceId: machine.id,
      at,
      by: host.identity!,
      failure: authorizationFailed(host.identity!, action, machine.id),
    });
}
