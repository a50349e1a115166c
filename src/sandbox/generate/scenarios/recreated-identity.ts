import { noRole, storageCalls, throwsInFunctions, vaultCalls } from '../log-rows/calls.ts';
import { workload } from './place.ts';
import type { Scenario } from './scenario.ts';

/** Same name, new principal: the grants stayed with the old one. */
export const recreatedIdentity: readonly Scenario[] = [
  {
    id: 'recreated-identity/machine',
    cause: 'recreated-identity',
    story: 'A virtual machine was deleted and deployed again an hour ago; its former principal is in the recycle bin.',
    build(here) {
      const machine = here.t.host('virtualMachine', here.home, 'vm-orders-01', { systemAssigned: true });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(machine.identity!, 'Storage Blob Data Reader', account);
      const again = here.t.recreateHost(machine, { recycledAt: here.t.ago({ minutes: 70 }), createdAt: here.t.ago({ minutes: 66 }) });
      here.did({ operation: 'Microsoft.Compute/virtualMachines/delete', resourceId: machine.id, at: here.t.ago({ minutes: 70 }) });
      here.did({ operation: 'Microsoft.Compute/virtualMachines/write', resourceId: machine.id, at: here.t.ago({ minutes: 66 }) });
      storageCalls(here, { account, caller: again.identity! });
    },
  },
  {
    id: 'recreated-identity/user-assigned-gone-for-good',
    cause: 'recreated-identity',
    story:
      'A pipeline deleted the user-assigned identity and made it again. The directory knows nothing of the former principal any more; its grants name a principal that nobody is.',
    build(here) {
      const { identity } = workload(here, { host: 'functionApp' });
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      here.t.assign(identity, 'Key Vault Secrets User', vault);
      const again = here.t.recreateIdentity(identity, here.home, { createdAt: here.t.ago({ minutes: 60 }) });
      here.did({
        operation: 'Microsoft.ManagedIdentity/userAssignedIdentities/delete',
        resourceId: identity.id,
        at: here.t.ago({ minutes: 62 }),
      });
      here.did({
        operation: 'Microsoft.ManagedIdentity/userAssignedIdentities/write',
        resourceId: identity.id,
        at: here.t.ago({ minutes: 60 }),
      });
      vaultCalls(here, { vault, caller: again, answer: noRole() });
    },
  },
  {
    id: 'recreated-identity/old-client-id',
    cause: 'recreated-identity',
    story: "The identity was made again; the app's setting still names the old client id, which Entra no longer knows.",
    build(here) {
      const { identity, host } = workload(here, { host: 'functionApp' });
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      here.t.assign(identity, 'Key Vault Secrets User', vault);
      here.t.recreateIdentity(identity, here.home, { recycledAt: here.t.ago({ minutes: 62 }), createdAt: here.t.ago({ minutes: 60 }) });
      here.did({
        operation: 'Microsoft.ManagedIdentity/userAssignedIdentities/delete',
        resourceId: identity.id,
        at: here.t.ago({ minutes: 62 }),
      });
      here.did({
        operation: 'Microsoft.ManagedIdentity/userAssignedIdentities/write',
        resourceId: identity.id,
        at: here.t.ago({ minutes: 60 }),
      });
      throwsInFunctions(here, {
        host,
        exception: 'Azure.Identity.AuthenticationFailedException',
        text: `ManagedIdentityCredential authentication failed: AADSTS700016: Application with identifier '${identity.clientId}' was not found in the directory 'Fabrikam'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant. Trace ID: 5c1ed8a3-9a63-4f6c-93f0-2b4b2b2f3a00 Correlation ID: 0d4e0c66-8f4d-4c79-9f0a-0f9a1e8a7f10 Timestamp: 2026-11-20 07:30:00Z`,
      });
    },
  },
  {
    id: 'recreated-identity/neighbour-grants-made-again-at-the-wrong-place',
    cause: 'missing-role',
    story: 'A machine that is new and never had a predecessor; an orphaned grant at the account belongs to something else.',
    build(here) {
      const machine = here.t.host('virtualMachine', here.home, 'vm-orders-01', { systemAssigned: true });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(here.t.directory.nobody('somebody long gone'), 'Storage Blob Data Reader', account);
      storageCalls(here, { account, caller: machine.identity! });
    },
  },
  {
    id: 'recreated-identity/neighbour-former-principal-lacked-it-too',
    cause: 'missing-role',
    story: 'The machine was made again, but what its former principal held was a role on a queue: it could not read blobs either.',
    build(here) {
      const machine = here.t.host('virtualMachine', here.home, 'vm-orders-01', { systemAssigned: true });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      const other = here.t.storageAccount(here.nextDoor, 'stbillingprod');
      here.t.assign(machine.identity!, 'Storage Queue Data Contributor', other);
      const again = here.t.recreateHost(machine, { recycledAt: here.t.ago({ days: 3 }) });
      storageCalls(here, { account, caller: again.identity! });
    },
  },
];
