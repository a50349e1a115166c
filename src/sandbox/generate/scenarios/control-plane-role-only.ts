import { cosmosRow } from '../log-rows/data-services.ts';
import { messagingCalls, noRole, storageCalls, vaultCalls } from '../log-rows/calls.ts';
import { usual } from '../log-rows/recorder.ts';
import { workload } from './place.ts';
import type { Scenario } from './scenario.ts';

/** Contributor manages the resource and does not read its data. */
export const controlPlaneRoleOnly: readonly Scenario[] = [
  {
    id: 'control-plane-role-only/contributor-on-account',
    cause: 'control-plane-role-only',
    story: 'Contributor at the storage account; blobs are refused.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(identity, 'Contributor', account);
      storageCalls(here, { account, caller: identity });
    },
  },
  {
    id: 'control-plane-role-only/owner-of-the-group',
    cause: 'control-plane-role-only',
    story: 'Owner of the resource group; secrets of an RBAC vault are refused.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      here.t.assign(identity, 'Owner', here.home);
      vaultCalls(here, { vault, caller: identity, answer: noRole() });
    },
  },
  {
    id: 'control-plane-role-only/key-vault-contributor',
    cause: 'control-plane-role-only',
    story: 'Key Vault Contributor by inheritance from the management group; the vault decides by roles.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      here.t.assign(identity, 'Key Vault Contributor', here.corp);
      vaultCalls(here, { vault, caller: identity, answer: noRole(), table: 'AZKVAuditLogs' });
    },
  },
  {
    id: 'control-plane-role-only/service-bus-contributor',
    cause: 'control-plane-role-only',
    story: 'Contributor at the namespace; sending is refused.',
    build(here) {
      const { identity } = workload(here);
      const namespace = here.t.resource(here.home, 'Microsoft.ServiceBus/namespaces', 'sb-orders-prod', {
        sku: { name: 'Premium', tier: 'Premium' },
      });
      here.t.assign(identity, 'Contributor', namespace);
      messagingCalls(here, { caller: identity, namespace, activity: 'SendMessage' });
    },
  },
  {
    id: 'control-plane-role-only/neighbour-metrics-publisher',
    cause: 'missing-role',
    story: 'Monitoring Metrics Publisher at the account, as many apps have: it manages nothing, a data role is simply missing.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(identity, 'Monitoring Metrics Publisher', account);
      storageCalls(here, { account, caller: identity });
    },
  },
  {
    id: 'control-plane-role-only/neighbour-contributor-elsewhere',
    cause: 'missing-role',
    story: 'Contributor, but of another resource group.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(identity, 'Contributor', here.nextDoor);
      storageCalls(here, { account, caller: identity });
    },
  },
  {
    id: 'control-plane-role-only/neighbour-cosmos',
    cause: 'native-role-missing',
    story: 'Contributor at a Cosmos DB account: its data plane has roles of its own.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.resource(here.home, 'Microsoft.DocumentDB/databaseAccounts', 'cosmos-orders-prod', {
        kind: 'GlobalDocumentDB',
      });
      here.t.assign(identity, 'Contributor', account);
      for (const at of here.instants(usual)) here.log(cosmosRow({ account, at, caller: identity, operation: 'Query', status: 403 }));
    },
  },
];
