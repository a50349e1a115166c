import { printsInAppService, printsInContainerApp } from '../log-rows/calls.ts';
import { audiences, servicePrincipalSignInRow } from '../log-rows/entra.ts';
import { usual } from '../log-rows/recorder.ts';
import { workload } from './place.ts';
import type { Scenario } from './scenario.ts';

const notFound = (clientId: string): string =>
  `AADSTS700016: Application with identifier '${clientId}' was not found in the directory 'Fabrikam'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`;

/** The caller asks for an identity that is no more. */
export const deletedIdentity: readonly Scenario[] = [
  {
    id: 'deleted-identity/app-still-names-it',
    cause: 'deleted-identity',
    story: 'The identity was deleted an hour ago; the web app still asks for its client id.',
    build(here) {
      const { identity, host } = workload(here);
      here.t.deleteIdentity(identity);
      here.did({
        operation: 'Microsoft.ManagedIdentity/userAssignedIdentities/delete',
        resourceId: identity.id,
        at: here.t.ago({ minutes: 60 }),
      });
      printsInAppService(here, {
        host,
        text: `azure.core.exceptions.ClientAuthenticationError: ManagedIdentityCredential authentication failed: ${notFound(identity.clientId)}`,
      });
    },
  },
  {
    id: 'deleted-identity/sign-ins',
    cause: 'deleted-identity',
    story: 'The same, seen in the sign-in logs only: the principal is in the recycle bin.',
    build(here) {
      const { identity } = workload(here);
      here.t.deleteIdentity(identity, { recycledAt: here.t.ago({ minutes: 60 }) });
      for (const at of here.instants(usual))
        here.log(
          servicePrincipalSignInRow({
            at,
            tenantId: here.t.tenantId,
            caller: { ...identity, principalId: '' },
            result: '700016',
            text: notFound(identity.clientId),
            audience: audiences.vault,
          }),
        );
    },
  },
  {
    id: 'deleted-identity/workload-identity-in-a-container',
    cause: 'deleted-identity',
    story: 'A container app beside a live identity asks for one that was deleted months ago.',
    build(here) {
      const { host } = workload(here, { host: 'containerApp' });
      const gone = here.t.userAssignedIdentity(here.home, 'id-orders-old');
      here.t.deleteIdentity(gone);
      printsInContainerApp(here, {
        host,
        custom: true,
        text: `WorkloadIdentityCredential authentication failed. ${notFound(gone.clientId)} Trace ID: 5c1ed8a3-9a63-4f6c-93f0-2b4b2b2f3a00`,
      });
    },
  },
  {
    id: 'deleted-identity/neighbour-lives',
    cause: 'identity-not-assigned',
    story: 'The client id belongs to a live identity that is not attached to this host: the endpoint finds none.',
    build(here) {
      const other = here.t.userAssignedIdentity(here.home, 'id-invoices-prod');
      const { host } = workload(here, { host: 'containerApp' });
      printsInContainerApp(here, {
        host,
        text: `ManagedIdentityCredential: Authentication failed. Message: invalid_request: Identity not found. Client ID '${other.clientId}'. Status: 400 {"error":"invalid_request","error_description":"Identity not found"}`,
      });
    },
  },
  {
    id: 'deleted-identity/neighbour-other-tenant',
    cause: 'foreign-tenant',
    story: 'The tenant that is asked does not exist: AZURE_TENANT_ID is wrong, the identity is alive.',
    build(here) {
      const { host } = workload(here, { host: 'containerApp' });
      printsInContainerApp(here, {
        host,
        text: "WorkloadIdentityCredential authentication failed. AADSTS90002: Tenant '5f6f3f7e-3d57-4c4e-8f55-0c5e3d3b9d10' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
      });
    },
  },
];
