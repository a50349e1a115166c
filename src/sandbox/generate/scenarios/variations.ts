import { traceRow } from '../log-rows/consoles.ts';
import { vaultDiagnosticsRow } from '../log-rows/key-vault.ts';
import type { Caller } from '../log-rows/log-row.ts';
import { usual } from '../log-rows/recorder.ts';
import { messagingCalls, noRole, printsInAppService, storageCalls, vaultCalls } from '../log-rows/calls.ts';
import { grantRemoved } from '../log-rows/changes.ts';
import { workload } from './place.ts';
import type { Scenario } from './scenario.ts';

/** Known causes in unusual clothes: casing, doubled and late rows, services that are rarely asked. */
export const variations: readonly Scenario[] = [
  {
    id: 'missing-role/logged-into-both-tables',
    cause: 'missing-role',
    story:
      'The vault has two diagnostic settings: every refusal is in AzureDiagnostics and in AZKVAuditLogs. It is one incident all the same.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      vaultCalls(here, { vault, caller: identity, answer: noRole() });
      vaultCalls(here, { vault, caller: identity, answer: noRole(), table: 'AZKVAuditLogs' });
    },
  },
  {
    id: 'missing-role/two-workspaces',
    cause: 'missing-role',
    story: 'The same rows are sent to two workspaces.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      const second = here.t.workspace(here.nextDoor, 'log-security');
      vaultCalls(here, { vault, caller: identity, answer: noRole() });
      const log = (row: Parameters<typeof here.log>[0]): void => here.t.log(second, String(row['Type']), row);
      vaultCalls({ ...here, log }, { vault, caller: identity, answer: noRole() });
    },
  },
  {
    id: 'missing-role/rows-hours-late',
    cause: 'missing-role',
    story: 'The outage was two hours ago; its rows arrived ten minutes ago, after an earlier pass had read that time as silent.',
    passes: [60],
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      for (const at of here.instants({ from: 150, until: 110, every: 1 }))
        here.log({
          ...vaultDiagnosticsRow({
            vault,
            tenantId: here.t.tenantId,
            at,
            caller: identity,
            operation: 'SecretGet',
            object: 'x',
            answer: noRole(),
          }),
          _IngestionTime: here.t.ago({ minutes: 10 }),
        });
    },
  },
  {
    id: 'missing-role/ids-in-capitals',
    cause: 'missing-role',
    story: 'The namespace logs the client id in capitals.',
    build(here) {
      const { identity } = workload(here);
      const namespace = here.t.resource(here.home, 'Microsoft.ServiceBus/namespaces', 'sb-orders-prod', { sku: { name: 'Premium' } });
      const shouting: Caller = { ...identity, clientId: identity.clientId.toUpperCase() };
      messagingCalls(here, { caller: shouting, namespace, activity: 'ReceiveMessage' });
    },
  },
  {
    id: 'missing-role/table-entities',
    cause: 'missing-role',
    story: 'Entities of a table are refused to an identity that may use the queues of the account.',
    build(here) {
      const { identity } = workload(here, { host: 'functionApp' });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(identity, 'Storage Queue Data Contributor', account);
      storageCalls(here, {
        account,
        caller: identity,
        service: 'table',
        operation: 'QueryEntities',
        path: 'orders()',
        text: 'AuthorizationPermissionMismatch',
        decision: { action: 'Microsoft.Storage/storageAccounts/tableServices/tables/entities/read' },
      });
    },
  },
  {
    id: 'missing-role/linked-scope',
    cause: 'missing-role',
    story: 'A deployment identity may write the machine and may not join the subnet that the machine names.',
    build(here) {
      const { identity } = workload(here);
      const machines = here.t.customRole('Machine operator', { actions: ['Microsoft.Compute/*', 'Microsoft.Resources/deployments/*'] }, [
        here.prod,
      ]);
      here.t.assign(identity, machines, here.nextDoor);
      const machine = `${here.nextDoor.id}/providers/Microsoft.Compute/virtualMachines/vm-new-01`;
      const subnet = `${here.faraway.id}/providers/Microsoft.Network/virtualNetworks/vnet-hub/subnets/apps`;
      for (const at of here.instants({ ...usual, every: 3 }))
        here.did({
          operation: 'Microsoft.Compute/virtualMachines/write',
          resourceId: machine,
          at,
          by: identity,
          failure: {
            statusCode: 'Forbidden',
            code: 'LinkedAuthorizationFailed',
            message: `The client '${identity.clientId}' with object id '${identity.principalId}' has permission to perform action 'Microsoft.Compute/virtualMachines/write' on scope '${machine}'; however, it does not have permission to perform action(s) 'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) '${subnet}' (respectively) or the linked scope(s) are invalid.`,
          },
        });
    },
  },
  {
    id: 'missing-role/application-of-a-pipeline',
    cause: 'missing-role',
    story: 'Not a managed identity: the application of a pipeline uploads without a role.',
    build(here) {
      const { principalId } = here.t.directory.application('release-pipeline', { ownerTenantId: here.t.tenantId });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      storageCalls(here, {
        account,
        caller: { principalId, clientId: here.t.seeded.guid('application client', 'release-pipeline'), id: '' },
        operation: 'PutBlob',
        decision: { action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write' },
      });
    },
  },
  {
    id: 'still-propagating/joined-a-group-at-some-time',
    cause: 'still-propagating',
    notCertain: true,
    story: "The group's role is a year old. Nobody can tell when the identity joined the group, and a token from before would be refused.",
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      const group = here.t.directory.group('blob-readers', [{ principalId: identity.principalId, name: identity.name }]);
      here.t.assign(group, 'Storage Blob Data Reader', account);
      storageCalls(here, { account, caller: identity });
    },
  },
  {
    id: 'role-removed/of-its-group',
    cause: 'role-removed',
    story: 'What was removed an hour ago was the role of a group that the identity is in.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      const group = here.t.directory.group('blob-readers', [{ principalId: identity.principalId, name: identity.name }]);
      const assignment = here.t.assign(group, 'Storage Blob Data Reader', account);
      here.t.remove(assignment.id);
      grantRemoved(here, {
        assignment,
        principalId: group.principalId,
        role: 'Storage Blob Data Reader',
        scope: account,
        at: here.t.ago({ minutes: 60 }),
      });
      storageCalls(here, { account, caller: identity });
    },
  },
  {
    id: 'network-rule/storage-ip-authorization-error',
    cause: 'network-rule',
    story: "The account's log calls it IpAuthorizationError; no role is there either, and was never looked at.",
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      storageCalls(here, { account, caller: identity, text: 'IpAuthorizationError', address: '20.61.7.9' });
    },
  },
  {
    id: 'network-rule/service-bus-in-a-trace',
    cause: 'network-rule',
    story: 'The client of a namespace prints that its address is not let in.',
    build(here) {
      workload(here);
      const component = here.t.resource(here.home, 'Microsoft.Insights/components', 'appi-orders-prod');
      for (const at of here.instants(usual))
        here.log(
          traceRow({
            component,
            role: 'app-orders-prod',
            at,
            text: 'Azure.Messaging.ServiceBus.ServiceBusException: Ip has been prevented to connect to the endpoint. For more information see: Virtual Network service endpoints: https://go.microsoft.com/fwlink/?linkid=2044192 (GeneralError)',
          }),
        );
    },
  },
  {
    id: 'database-user-missing/console',
    cause: 'database-user-missing',
    story: 'A web app prints the failed login of its token.',
    build(here) {
      const { host } = workload(here);
      here.t.resource(here.home, 'Microsoft.Sql/servers', 'sql-orders-prod');
      printsInAppService(here, {
        host,
        text: "pyodbc.InterfaceError: ('28000', \"[28000] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]Login failed for user '<token-identified principal>'. (18456) (SQLDriverConnect)\")",
      });
    },
  },
  {
    id: 'recreated-identity/without-the-activity-log',
    cause: 'recreated-identity',
    story: 'The machine was made again and the Activity Log is closed: the orphaned grant and the recycle bin tell it all the same.',
    build(here) {
      const machine = here.t.host('virtualMachine', here.home, 'vm-orders-01', { systemAssigned: true });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(machine.identity!, 'Storage Blob Data Reader', account);
      const again = here.t.recreateHost(machine, { recycledAt: here.t.ago({ minutes: 70 }), createdAt: here.t.ago({ minutes: 66 }) });
      storageCalls(here, { account, caller: again.identity! });
      here.t.configure({ denied: [`activity:${here.prod.subscriptionId}`, `activity:${here.other.subscriptionId}`, 'activity:tenant'] });
    },
  },
  {
    id: 'wrong-identity/blob-writer-beside-a-reader',
    cause: 'wrong-identity',
    story: 'Both identities of the host hold a role on the account; the one that reads is used to write.',
    build(here) {
      const reads = here.t.userAssignedIdentity(here.home, 'id-orders-read');
      const writes = here.t.userAssignedIdentity(here.home, 'id-orders-write');
      here.t.host('virtualMachine', here.home, 'vm-orders-01', { userAssigned: [reads, writes] });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(reads, 'Storage Blob Data Reader', account);
      here.t.assign(writes, 'Storage Blob Data Contributor', account);
      storageCalls(here, {
        account,
        caller: reads,
        operation: 'PutBlob',
        decision: { action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write' },
      });
    },
  },
];
