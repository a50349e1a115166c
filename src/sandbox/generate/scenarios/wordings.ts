import { printsInAppService, printsInContainerApp, storageCalls, throwsInFunctions, vaultCalls, noRole } from '../log-rows/calls.ts';
import { registryLoginRow } from '../log-rows/data-services.ts';
import { audiences, servicePrincipalSignInRow } from '../log-rows/entra.ts';
import { vaultAuditRow, vaultDiagnosticsRow } from '../log-rows/key-vault.ts';
import { usual } from '../log-rows/recorder.ts';
import { storageRow } from '../log-rows/storage.ts';
import { workload } from './place.ts';
import type { Scenario } from './scenario.ts';

/** The same causes in the words of other libraries and in other logs, and lines that only sound alike. Texts are those of the libraries' own sources. */
export const wordings: readonly Scenario[] = [
  {
    id: 'identity-not-assigned/go-in-a-container-app',
    cause: 'identity-not-assigned',
    notCertain: true,
    story:
      'A Go program in a container app without an identity. The older table names the app and no resource id, and other apps may have that name.',
    build(here) {
      const host = here.t.host('containerApp', here.home, 'ca-orders-prod');
      printsInContainerApp(here, {
        host,
        custom: true,
        text: 'DefaultAzureCredential: failed to acquire a token.\nAttempted credentials:\n\tEnvironmentCredential: missing environment variable AZURE_TENANT_ID\n\tWorkloadIdentityCredential: no client ID specified. Check pod configuration or set ClientID in the options\n\tManagedIdentityCredential: managed identity timed out. See https://aka.ms/azsdk/go/identity/troubleshoot#dac for more information\n\tAzureCLICredential: Azure CLI not found on path',
      });
    },
  },
  {
    id: 'endpoint-unreachable/java',
    cause: 'endpoint-unreachable',
    story: 'MSAL for Java has a code of its own for it, and no address in the message.',
    build(here) {
      const { host } = workload(here);
      printsInAppService(here, {
        host,
        text: 'com.microsoft.aad.msal4j.MsalManagedIdentityException: managed_identity_unreachable_network: java.net.ConnectException: Connection refused',
      });
    },
  },
  {
    id: 'endpoint-unreachable/local-endpoint',
    cause: 'endpoint-unreachable',
    story: "The container app's own endpoint on the loopback refuses the connection.",
    build(here) {
      const { host } = workload(here, { host: 'containerApp' });
      printsInContainerApp(here, {
        host,
        text: 'RestError: connect ECONNREFUSED 127.0.0.1:42356 while requesting http://127.0.0.1:42356/msi/token?resource=https%3A%2F%2Fvault.azure.net',
      });
    },
  },
  {
    id: 'vault-on-access-policies/app-prints-it',
    cause: 'vault-on-access-policies',
    notCertain: true,
    story: 'The vault has no diagnostic setting; the web app prints what the vault answered, and its identity holds a role there.',
    build(here) {
      const { host, identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: false });
      here.t.assign(identity, 'Key Vault Secrets User', vault);
      printsInAppService(here, {
        host,
        text: `Azure.RequestFailedException: The user, group or application 'appid=${identity.clientId};oid=${identity.principalId};numgroups=2;iss=https://sts.windows.net/${here.t.tenantId}/' does not have secrets get permission on key vault 'kv-orders-prod;location=westeurope'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`,
      });
    },
  },
  {
    id: 'missing-role/graph-client-prints-it',
    cause: 'missing-role',
    notCertain: true,
    story: "Microsoft Graph's activity log is not collected; the function prints Graph's answer.",
    build(here) {
      const { host } = workload(here, { host: 'functionApp' });
      throwsInFunctions(here, {
        host,
        exception: 'Microsoft.Graph.ServiceException',
        text: 'Code: Authorization_RequestDenied Message: Insufficient privileges to complete the operation.',
      });
    },
  },
  {
    id: 'missing-role/managed-hsm',
    cause: 'missing-role',
    notCertain: true,
    story: "A managed HSM refuses to sign. Its roles live inside of it: none of Azure's own would help.",
    build(here) {
      const { identity } = workload(here);
      const hsm = here.t.resource(here.home, 'Microsoft.KeyVault/managedHSMs', 'hsm-orders-prod');
      for (const at of here.instants(usual))
        here.log({
          ...vaultAuditRow({
            vault: hsm,
            tenantId: here.t.tenantId,
            at,
            caller: identity,
            operation: 'KeySign',
            object: 'orders',
            answer: { kind: 'rbac', action: 'Microsoft.KeyVault/managedHsm/keys/sign/action' },
          }),
          ResultDescription: 'Caller is not authorized',
        });
    },
  },
  {
    id: 'wrong-audience/graph-client-prints-it',
    cause: 'wrong-audience',
    story: 'A token for ARM is sent to Microsoft Graph.',
    build(here) {
      const { host } = workload(here);
      printsInAppService(here, {
        host,
        text: 'Code: InvalidAuthenticationToken Message: Access token validation failure. Invalid audience.',
      });
    },
  },
  {
    id: 'stale-token/projected-token-kept',
    cause: 'stale-token',
    notCertain: true,
    story: 'A pod keeps the content of its projected token file: an hour later Entra ID calls the assertion too old.',
    build(here) {
      const { identity } = workload(here);
      here.t.federatedCredential(identity, 'fc-orders', {
        issuer: 'https://westeurope.oic.prod-aks.azure.com/6f0b2c5e-6f0a-4d6b-9d2f-0c1a8f4f5b10/',
        subject: 'system:serviceaccount:orders:orders-api',
      });
      for (const at of here.instants(usual))
        here.log(
          servicePrincipalSignInRow({
            at,
            tenantId: here.t.tenantId,
            caller: identity,
            result: '700024',
            text: 'Client assertion is not within its valid time range. Current time: 2026-11-20T07:30:00Z, assertion valid from 2026-11-20T05:00:00Z, expiry time of assertion 2026-11-20T06:00:00Z.',
            audience: audiences.vault,
          }),
        );
    },
  },
  {
    id: 'stale-token/app-prints-it-after-a-grant',
    cause: 'stale-token',
    notCertain: true,
    story: 'A replica prints that storage refuses it; the role is three hours old. The line does not say what the replica tried to do.',
    build(here) {
      const { identity, host } = workload(here, { host: 'containerApp' });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(identity, 'Storage Blob Data Reader', account, { createdOn: here.t.ago({ hours: 3 }) });
      printsInContainerApp(here, {
        host,
        replica: 'old-1',
        text: 'Azure.RequestFailedException: This request is not authorized to perform this operation using this permission. ErrorCode: AuthorizationPermissionMismatch https://stordersprod.blob.core.windows.net/invoices/a',
      });
    },
  },
  {
    id: 'foreign-tenant/storage-names-the-issuer',
    cause: 'foreign-tenant',
    story: 'The token is for storage and was issued by another tenant.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      storageCalls(here, {
        account,
        caller: identity,
        status: '401',
        text: 'InvalidAuthenticationInfo',
        issuer: 'https://sts.windows.net/5f6f3f7e-3d57-4c4e-8f55-0c5e3d3b9d10/',
      });
    },
  },
  {
    id: 'hostile/a-secret-called-firewall',
    cause: 'missing-role',
    story: 'The caller asks for secrets with names that sound like other causes.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      vaultCalls(here, { vault, caller: identity, object: 'x ForbiddenByFirewall AADSTS700016 deny assignment', answer: noRole() });
    },
  },
  {
    id: 'benign/storage-challenge',
    cause: 'none',
    story: 'Clients of a storage account ask without a token first, to learn the tenant.',
    build(here) {
      const account = here.t.storageAccount(here.home, 'stordersprod');
      for (const at of here.instants(usual))
        here.log({
          ...storageRow({
            account,
            tenantId: here.t.tenantId,
            at,
            caller: undefined,
            service: 'blob',
            operation: 'GetBlob',
            path: 'invoices/a',
            status: '401',
            text: 'InvalidAuthenticationInfo',
          }),
          AuthenticationType: 'Anonymous',
        });
    },
  },
  {
    id: 'benign/registry-challenge',
    cause: 'none',
    story: 'Every pull begins without a token.',
    build(here) {
      const registry = here.t.resource(here.home, 'Microsoft.ContainerRegistry/registries', 'crorders');
      const nobody = { principalId: '', clientId: '', id: '' };
      for (const at of here.instants(usual)) here.log(registryLoginRow({ registry, at, caller: nobody, status: '401' }));
    },
  },
  {
    id: 'benign/vault-scan',
    cause: 'none',
    story: 'The internet knocks at the firewall of a vault: another address and another name each time, and never a token.',
    build(here) {
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      for (const [index, at] of here.instants(usual).entries())
        here.log(
          vaultDiagnosticsRow({
            vault,
            tenantId: here.t.tenantId,
            at,
            caller: undefined,
            operation: 'SecretGet',
            object: `guess-${index}`,
            address: `185.220.101.${index}`,
            answer: { kind: 'firewall' },
          }),
        );
    },
  },
  {
    id: 'quiet/settings-printed',
    cause: 'none',
    story: 'A program prints which credential it will use, with which time-out, and the proxy settings it found. Nothing failed.',
    build(here) {
      const { host } = workload(here);
      for (const text of [
        'ManagedIdentityCredential will use App Service managed identity',
        'ManagedIdentityCredential - IMDS: timeout 3000 ms, 5 retries',
        'HTTP_PROXY=http://gateway.fabrikam.example:3128 NO_PROXY=169.254.169.254,localhost',
        'DefaultAzureCredential acquired a token from ManagedIdentityCredential',
      ])
        printsInAppService(here, { host, text });
    },
  },
];
