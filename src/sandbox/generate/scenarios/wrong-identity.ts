import { messagingCalls, noRole, storageCalls, vaultCalls } from '../log-rows/calls.ts';
import { workload } from './place.ts';
import type { Scenario } from './scenario.ts';

/** Two identities on one host, and the call goes out as the other one. */
export const wrongIdentity: readonly Scenario[] = [
  {
    id: 'wrong-identity/web-app-with-two',
    cause: 'wrong-identity',
    story: 'A web app with two user-assigned identities and no client id in its settings.',
    build(here) {
      const right = here.t.userAssignedIdentity(here.home, 'id-orders-data');
      const wrong = here.t.userAssignedIdentity(here.home, 'id-orders-build');
      here.t.host('webApp', here.home, 'app-orders-prod', { userAssigned: [wrong, right] });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(right, 'Storage Blob Data Reader', account);
      storageCalls(here, { account, caller: wrong });
    },
  },
  {
    id: 'wrong-identity/container-app-falls-back-to-system-assigned',
    cause: 'wrong-identity',
    story: 'A container app with a system-assigned identity and a user-assigned one; the grant is on the latter.',
    build(here) {
      const right = here.t.userAssignedIdentity(here.home, 'id-orders-prod');
      const host = here.t.host('containerApp', here.home, 'ca-orders-prod', { systemAssigned: true, userAssigned: [right] });
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      here.t.assign(right, 'Key Vault Secrets User', here.home);
      vaultCalls(here, { vault, caller: host.identity!, answer: noRole() });
    },
  },
  {
    id: 'wrong-identity/policy-vault',
    cause: 'wrong-identity',
    story: 'The vault decides by access policies; the entry names the other identity of the host.',
    build(here) {
      const right = here.t.userAssignedIdentity(here.home, 'id-orders-data');
      const wrong = here.t.userAssignedIdentity(here.home, 'id-orders-build');
      here.t.host('functionApp', here.home, 'func-orders-prod', { userAssigned: [right, wrong] });
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: false, policies: [{ holder: right, secrets: ['get', 'list'] }] });
      vaultCalls(here, { vault, caller: wrong, answer: { kind: 'policy', permission: 'secrets get' } });
    },
  },
  {
    id: 'wrong-identity/service-bus',
    cause: 'wrong-identity',
    story: 'Messages are sent as the system-assigned identity; the sender role is on the user-assigned one.',
    build(here) {
      const right = here.t.userAssignedIdentity(here.home, 'id-orders-prod');
      const host = here.t.host('functionApp', here.home, 'func-orders-prod', { systemAssigned: true, userAssigned: [right] });
      const namespace = here.t.resource(here.home, 'Microsoft.ServiceBus/namespaces', 'sb-orders-prod', {
        sku: { name: 'Premium', tier: 'Premium' },
      });
      here.t.assign(right, 'Azure Service Bus Data Sender', namespace);
      messagingCalls(here, { caller: host.identity!, namespace, activity: 'SendMessage' });
    },
  },
  {
    id: 'wrong-identity/neighbour-neither-has-it',
    cause: 'missing-role',
    story: 'Two identities on the host, and neither may read the account.',
    build(here) {
      const one = here.t.userAssignedIdentity(here.home, 'id-orders-data');
      const two = here.t.userAssignedIdentity(here.home, 'id-orders-build');
      here.t.host('webApp', here.home, 'app-orders-prod', { userAssigned: [one, two] });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      storageCalls(here, { account, caller: two });
    },
  },
  {
    id: 'wrong-identity/neighbour-on-different-hosts',
    cause: 'missing-role',
    story: 'The identity with the role is attached to another host only.',
    build(here) {
      const { identity } = workload(here);
      const other = workload(here, { name: 'invoices' });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(other.identity, 'Storage Blob Data Reader', account);
      storageCalls(here, { account, caller: identity });
    },
  },
];
