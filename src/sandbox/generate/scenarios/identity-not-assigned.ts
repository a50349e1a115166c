import { exceptionRow } from '../log-rows/consoles.ts';
import { printsInAppService, printsInContainerApp, throwsInFunctions } from '../log-rows/calls.ts';
import { usual } from '../log-rows/recorder.ts';
import { workload } from './place.ts';
import type { Scenario } from './scenario.ts';

/** There is nobody to be: the host has no identity, or not the one that is asked for. Texts are those of the Azure SDKs. */
export const identityNotAssigned: readonly Scenario[] = [
  {
    id: 'identity-not-assigned/app-service',
    cause: 'identity-not-assigned',
    story: 'The web app has no identity at all.',
    build(here) {
      const host = here.t.host('webApp', here.home, 'app-orders-prod');
      printsInAppService(here, {
        host,
        text: 'Azure.Identity.CredentialUnavailableException: ManagedIdentityCredential authentication unavailable. No managed identity endpoint found.',
      });
    },
  },
  {
    id: 'identity-not-assigned/client-id-of-another',
    cause: 'identity-not-assigned',
    story: 'The container app has an identity; its setting names another one, which is not attached.',
    build(here) {
      const other = here.t.userAssignedIdentity(here.home, 'id-invoices-prod');
      const { host } = workload(here, { host: 'containerApp' });
      printsInContainerApp(here, {
        host,
        custom: true,
        text: `ManagedIdentityCredential authentication failed. GET http://localhost:42356/msi/token?api-version=2019-08-01&client_id=${other.clientId} RESPONSE 400 Bad Request {"statusCode":400,"message":"Unable to load the proper Managed Identity."}`,
      });
    },
  },
  {
    id: 'identity-not-assigned/functions',
    cause: 'identity-not-assigned',
    story: 'A function app without an identity; DefaultAzureCredential lists everything it tried.',
    build(here) {
      const host = here.t.host('functionApp', here.home, 'func-orders-prod');
      throwsInFunctions(here, {
        host,
        exception: 'Azure.Identity.CredentialUnavailableException',
        text: 'DefaultAzureCredential failed to retrieve a token from the included credentials.\n- EnvironmentCredential authentication unavailable. Environment variables are not fully configured.\n- WorkloadIdentityCredential authentication unavailable. The workload options are not fully configured.\n- ManagedIdentityCredential authentication unavailable. The requested identity has not been assigned to this resource.',
      });
    },
  },
  {
    id: 'identity-not-assigned/virtual-machine-in-application-insights',
    cause: 'identity-not-assigned',
    story:
      'A service on a virtual machine without an identity; Application Insights has the exception, and knows the service by the name of its role only.',
    build(here) {
      here.t.host('virtualMachine', here.home, 'orders-worker');
      const component = here.t.resource(here.home, 'Microsoft.Insights/components', 'appi-orders-prod');
      for (const at of here.instants(usual))
        here.log(
          exceptionRow({
            component,
            role: 'orders-worker',
            at,
            type: 'Azure.Identity.CredentialUnavailableException',
            text: 'ManagedIdentityCredential authentication unavailable. The requested identity has not been assigned to this resource. Status: 400 (Bad Request) Content: {"error":"invalid_request","error_description":"Identity not found"}',
          }),
        );
    },
  },
  {
    id: 'identity-not-assigned/neighbour-endpoint-times-out',
    cause: 'endpoint-unreachable',
    story: 'The identity is attached; nobody answers at the metadata address.',
    build(here) {
      const { host } = workload(here, { host: 'containerApp' });
      printsInContainerApp(here, {
        host,
        text: 'CredentialUnavailableError: ManagedIdentityCredential: Network unreachable. Message: connect ETIMEDOUT 169.254.169.254:80',
      });
    },
  },
  {
    id: 'identity-not-assigned/neighbour-refused-by-the-service',
    cause: 'missing-role',
    story: 'The app prints a 403 of the vault: the identity is there and was let in by Entra.',
    build(here) {
      const { host } = workload(here);
      here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      printsInAppService(here, {
        host,
        text: "Azure.RequestFailedException: Caller is not authorized to perform action on resource. If role assignments, deny assignments or role definitions were changed recently, please observe propagation time. Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action' Vault: kv-orders-prod;location=westeurope Status: 403 (Forbidden) ErrorCode: Forbidden",
      });
    },
  },
];
