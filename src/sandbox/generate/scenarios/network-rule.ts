import { sqlLoginRow } from '../log-rows/data-services.ts';
import { noRole, printsInAppService, printsInContainerApp, storageCalls, vaultCalls } from '../log-rows/calls.ts';
import { usual } from '../log-rows/recorder.ts';
import { workload } from './place.ts';
import type { Place } from './place.ts';
import type { Scenario } from './scenario.ts';

/** Refused because of where the call comes from. No role helps. */
export const networkRule: readonly Scenario[] = [
  {
    id: 'network-rule/vault-firewall',
    cause: 'network-rule',
    story: "The vault's firewall does not know the app's outbound address; the role is there.",
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      here.t.assign(identity, 'Key Vault Secrets User', vault);
      vaultCalls(here, { vault, caller: identity, address: '20.61.7.9', answer: { kind: 'firewall' } });
    },
  },
  {
    id: 'network-rule/vault-private-only-without-a-role',
    cause: 'network-rule',
    story: 'The vault takes private endpoints only. That the role is missing too was never reached: the address decides first.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      vaultCalls(here, { vault, caller: identity, table: 'AZKVAuditLogs', answer: { kind: 'firewall', privateOnly: true } });
    },
  },
  {
    id: 'network-rule/storage',
    cause: 'network-rule',
    story: 'AuthorizationFailure, a data role in place, and an account that denies by default.',
    build(here) {
      const { identity } = workload(here);
      const account = guardedAccount(here);
      here.t.assign(identity, 'Storage Blob Data Reader', account);
      storageCalls(here, { account, caller: identity, text: 'AuthorizationFailure', address: '20.61.7.9' });
    },
  },
  {
    id: 'network-rule/storage-changed-an-hour-ago',
    cause: 'network-rule',
    story: 'The same; the account was written shortly before the first refusal.',
    build(here) {
      const { identity } = workload(here);
      const account = guardedAccount(here);
      here.t.assign(identity, 'Storage Blob Data Contributor', here.home);
      here.did({
        operation: 'Microsoft.Storage/storageAccounts/write',
        resourceId: account.id,
        at: here.t.ago({ minutes: 58 }),
        requestBody: { properties: { networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' } } },
      });
      storageCalls(here, { account, caller: identity, operation: 'PutBlob', text: 'AuthorizationFailure', address: '20.61.7.9' });
    },
  },
  {
    id: 'network-rule/sql',
    cause: 'network-rule',
    story: "A logical server's firewall refuses the address; the app prints the error.",
    build(here) {
      const { host } = workload(here);
      here.t.resource(here.home, 'Microsoft.Sql/servers', 'sql-orders-prod');
      printsInAppService(here, {
        host,
        text: "Microsoft.Data.SqlClient.SqlException (0x80131904): Cannot open server 'sql-orders-prod' requested by the login. Client with IP address '20.61.7.9' is not allowed to access the server. To enable access, use the Azure Management Portal or run sp_set_firewall_rule on the master database to create a firewall rule for this IP address or address range. Error Number:40615,State:1,Class:14",
      });
    },
  },
  {
    id: 'network-rule/cosmos',
    cause: 'network-rule',
    story: 'Cosmos DB says by itself that the firewall blocked the request.',
    build(here) {
      const { host } = workload(here, { host: 'containerApp' });
      here.t.resource(here.home, 'Microsoft.DocumentDB/databaseAccounts', 'cosmos-orders-prod');
      printsInContainerApp(here, {
        host,
        text: 'Microsoft.Azure.Cosmos.CosmosException : Response status code does not indicate success: Forbidden (403); Substatus: 0; Reason: (Request originated from IP 20.61.7.9 through public internet. This is blocked by your Cosmos DB account firewall settings. More info: https://aka.ms/cosmosdb-tsg-forbidden). https://cosmos-orders-prod.documents.azure.com/',
      });
    },
  },
  {
    id: 'network-rule/neighbour-open-vault-no-role',
    cause: 'missing-role',
    story: 'The vault has network rules; this refusal is about the role, and says so.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      vaultCalls(here, { vault, caller: identity, answer: noRole(), address: '10.20.1.4' });
    },
  },
  {
    id: 'network-rule/neighbour-guarded-account-no-role',
    cause: 'missing-role',
    story: 'AuthorizationPermissionMismatch on an account that denies by default: the call came through, the role is missing.',
    build(here) {
      const { identity } = workload(here);
      storageCalls(here, { account: guardedAccount(here), caller: identity });
    },
  },
  {
    id: 'network-rule/neighbour-sql-user',
    cause: 'database-user-missing',
    story: 'The address is fine; the database has no such user.',
    build(here) {
      const { identity } = workload(here);
      const server = here.t.resource(here.home, 'Microsoft.Sql/servers', 'sql-orders-prod');
      for (const at of here.instants(usual))
        here.log(
          sqlLoginRow({
            server,
            database: 'orders',
            tenantId: here.t.tenantId,
            at,
            caller: identity,
            error: { code: 18456, state: 1, text: "Login failed for user '&lt;token-identified principal&gt;'." },
          }),
        );
    },
  },
];

function guardedAccount({ t, home }: Place): ReturnType<Place['t']['storageAccount']> {
  return t.resource(home, 'Microsoft.Storage/storageAccounts', 'stordersprod', {
    kind: 'StorageV2',
    sku: { name: 'Standard_ZRS', tier: 'Standard' },
    properties: {
      allowSharedKeyAccess: false,
      publicNetworkAccess: 'Enabled',
      networkAcls: {
        bypass: 'AzureServices',
        virtualNetworkRules: [],
        ipRules: [{ value: '20.50.0.0/16', action: 'Allow' }],
        defaultAction: 'Deny',
      },
    },
  });
}
