import { exceptionRow } from '../log-rows/consoles.ts';
import { audiences, managedIdentitySignInRow } from '../log-rows/entra.ts';
import { printsInContainerApp, vaultCalls } from '../log-rows/calls.ts';
import { usual } from '../log-rows/recorder.ts';
import { workload, type Place } from './place.ts';
import type { ManagedIdentity } from '../rows/identity.ts';
import type { Scenario } from './scenario.ts';

const issuer = 'https://westeurope.oic.prod-aks.azure.com/6f0b2c5e-6f0a-4d6b-9d2f-0c1a8f4f5b10/2d9f7a60-0f6a-4a4a-9b5d-0f8a7b6c5d4e/';

/** An identity for pods, with one federated credential. */
function podIdentity(here: Place): ManagedIdentity {
  const identity = here.t.userAssignedIdentity(here.home, 'id-orders-prod');
  here.t.host('cluster', here.home, 'aks-orders-prod', {
    systemAssigned: true,
    properties: { oidcIssuerProfile: { enabled: true, issuerURL: issuer } },
  });
  here.t.federatedCredential(identity, 'fc-orders', { issuer, subject: 'system:serviceaccount:orders:orders-api' });
  return identity;
}

function throwsInPods(here: Place, text: string): void {
  const component = here.t.resource(here.home, 'Microsoft.Insights/components', 'appi-orders-prod');
  for (const at of here.instants(usual))
    here.log(exceptionRow({ component, role: 'orders-api', at, type: 'Azure.Identity.AuthenticationFailedException', text }));
}

export const federationMismatch: readonly Scenario[] = [
  {
    id: 'federation-mismatch/subject',
    cause: 'federation-mismatch',
    story: 'The pods run under another service account than the credential names.',
    build(here) {
      podIdentity(here);
      throwsInPods(
        here,
        "WorkloadIdentityCredential authentication failed. AADSTS700213: No matching federated identity record found for presented assertion subject 'system:serviceaccount:orders:default'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation Trace ID: 1f8ac6d1-1111-4222-8333-444455556600",
      );
    },
  },
  {
    id: 'federation-mismatch/issuer-in-the-sign-ins',
    cause: 'federation-mismatch',
    story: 'The cluster was built again and has a new issuer; the sign-in log has the code.',
    build(here) {
      const identity = podIdentity(here);
      for (const at of here.instants(usual))
        here.log(
          managedIdentitySignInRow({
            at,
            tenantId: here.t.tenantId,
            caller: identity,
            result: '700211',
            text: "No matching federated identity record found for presented assertion issuer 'https://westeurope.oic.prod-aks.azure.com/6f0b2c5e-6f0a-4d6b-9d2f-0c1a8f4f5b10/90a1b2c3-0000-4000-8000-0c1a8f4f5b11/'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.",
            audience: audiences.vault,
          }),
        );
    },
  },
  {
    id: 'federation-mismatch/audience',
    cause: 'federation-mismatch',
    story: 'The projected token is for another audience.',
    build(here) {
      podIdentity(here);
      throwsInPods(
        here,
        "AADSTS700212: No matching federated identity record found for presented assertion audience 'api://AzureADTokenExchangeChina'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.",
      );
    },
  },
  {
    id: 'federation-mismatch/generic',
    cause: 'federation-mismatch',
    story: 'The older message with all three parts.',
    build(here) {
      podIdentity(here);
      throwsInPods(
        here,
        `AADSTS70021: No matching federated identity record found for presented assertion. Assertion Issuer: '${issuer}'. Assertion Subject: 'system:serviceaccount:Orders:orders-api'. Assertion Audience: 'api://AzureADTokenExchange'. https://docs.microsoft.com/en-us/azure/active-directory/develop/workload-identity-federation`,
      );
    },
  },
  {
    id: 'federation-mismatch/neighbour-identity-gone',
    cause: 'deleted-identity',
    story: 'The credential would fit; the identity behind the annotated client id was deleted.',
    build(here) {
      const identity = podIdentity(here);
      here.t.deleteIdentity(identity);
      throwsInPods(
        here,
        `WorkloadIdentityCredential authentication failed. AADSTS700016: Application with identifier '${identity.clientId}' was not found in the directory 'Fabrikam'.`,
      );
    },
  },
  {
    id: 'federation-mismatch/neighbour-let-in-and-refused',
    cause: 'missing-role',
    story: 'Federation works; the vault refuses for want of a role.',
    build(here) {
      const identity = podIdentity(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      vaultCalls(here, { vault, caller: identity, answer: { kind: 'rbac', action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action' } });
    },
  },
];

export const foreignTenant: readonly Scenario[] = [
  {
    id: 'foreign-tenant/unknown-tenant',
    cause: 'foreign-tenant',
    story: 'AZURE_TENANT_ID has a digit too many wrong: no such tenant.',
    build(here) {
      const { host } = workload(here, { host: 'containerApp' });
      printsInContainerApp(here, {
        host,
        custom: true,
        text: "AADSTS90002: Tenant '5f6f3f7e-3d57-4c4e-8f55-0c5e3d3b9d10' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.",
      });
    },
  },
  {
    id: 'foreign-tenant/identity-provider',
    cause: 'foreign-tenant',
    story: 'A token of this tenant is shown to an application of another one.',
    build(here) {
      podIdentity(here);
      throwsInPods(
        here,
        "AADSTS50020: User account '{EUII Hidden}' from identity provider 'https://sts.windows.net/5f6f3f7e-3d57-4c4e-8f55-0c5e3d3b9d10/' does not exist in tenant 'Fabrikam' and cannot access the application '3f1c0c9b-52ec-4c5d-9d1e-4e8c0b9a7d10'(orders) in that tenant.",
      );
    },
  },
  {
    id: 'foreign-tenant/vault-issuer',
    cause: 'foreign-tenant',
    story: 'The vault belongs to another tenant than the token.',
    build(here) {
      workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      vaultCalls(here, {
        vault,
        caller: undefined,
        answer: {
          kind: 'unauthorized',
          text: `AKV10032: Invalid issuer. Expected one of https://sts.windows.net/${here.t.tenantId}/, found https://sts.windows.net/5f6f3f7e-3d57-4c4e-8f55-0c5e3d3b9d10/.`,
        },
      });
    },
  },
  {
    id: 'foreign-tenant/neighbour-deleted-here',
    cause: 'deleted-identity',
    story: 'The tenant is right, the application is gone from it.',
    build(here) {
      const { identity, host } = workload(here, { host: 'containerApp' });
      here.t.deleteIdentity(identity);
      printsInContainerApp(here, {
        host,
        text: `AADSTS700016: Application with identifier '${identity.clientId}' was not found in the directory 'Fabrikam'. You may have sent your authentication request to the wrong tenant.`,
      });
    },
  },
  {
    id: 'foreign-tenant/neighbour-partner-has-no-role',
    cause: 'missing-role',
    story: 'An application of another tenant, consented to here, is refused for want of a role: its tokens are of this tenant.',
    build(here) {
      const partner = here.t.directory.application('partner-sync', { ownerTenantId: here.t.seeded.guid('partner tenant') });
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      vaultCalls(here, {
        vault,
        caller: { principalId: partner.principalId, clientId: here.t.seeded.guid('application client', 'partner-sync'), id: '' },
        answer: { kind: 'rbac', action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action' },
      });
    },
  },
];
