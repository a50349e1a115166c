import { printsInContainerApp, storageCalls, vaultCalls } from '../log-rows/calls.ts';
import { workload } from './place.ts';
import { managedIdentitySignInRow, audiences } from '../log-rows/entra.ts';
import type { Scenario } from './scenario.ts';

/** The grant is fine; somebody still shows a token from before it, or one that has run out. */
export const staleToken: readonly Scenario[] = [
  {
    id: 'stale-token/one-replica',
    cause: 'stale-token',
    story: 'Granted three hours ago. One replica runs since before and is refused; the others succeed.',
    build(here) {
      const { identity } = workload(here, { host: 'containerApp' });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      const assignment = here.t.assign(identity, 'Storage Blob Data Reader', account, { createdOn: here.t.ago({ hours: 3 }) });
      storageCalls(here, { account, caller: identity, address: '10.20.1.7' });
      storageCalls(here, {
        account,
        caller: identity,
        address: '10.20.1.8',
        status: '200',
        text: 'Success',
        decision: { action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read', assignmentId: assignment.id },
      });
      storageCalls(here, {
        account,
        caller: identity,
        address: '10.20.1.9',
        status: '200',
        text: 'Success',
        decision: { action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read', assignmentId: assignment.id },
      });
    },
  },
  {
    id: 'stale-token/401-after-an-hour',
    cause: 'stale-token',
    story:
      'The code keeps the token string. It was deployed some 24 hours ago, and a day later the vault answers 401: the token has expired.',
    build(here) {
      const { identity, host } = workload(here, { host: 'containerApp' });
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      here.t.assign(identity, 'Key Vault Secrets User', vault);
      here.log(
        managedIdentitySignInRow({
          at: here.t.ago({ minutes: 125 }),
          tenantId: here.t.tenantId,
          caller: identity,
          result: '0',
          audience: audiences.vault,
          tokenId: 'uti-orders-1',
          host: host.id,
        }),
      );
      here.did({ operation: 'Microsoft.App/containerApps/write', resourceId: host.id, at: here.t.ago({ minutes: 126 }) });
      vaultCalls(here, { vault, caller: identity, from: 120, until: 62, every: 2, answer: { kind: 'ok' } });
      vaultCalls(here, {
        vault,
        caller: identity,
        from: 60,
        until: 3,
        answer: {
          kind: 'unauthorized',
          text: "Error validating token: IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): '11/20/2026 7:00:00 AM', Current time (UTC): '11/20/2026 7:01:12 AM'.",
        },
      });
      printsInContainerApp(here, {
        host,
        from: 60,
        text: 'Azure.RequestFailedException: Service request failed. Status: 401 (Unauthorized) Content: {"error":{"code":"Unauthorized","message":"[BearerReadAccessTokenFailed] Error validating token: IDX10223: Lifetime validation failed. The token is expired."}}',
      });
    },
  },
  {
    id: 'stale-token/storage-401-expired',
    cause: 'stale-token',
    story:
      'Storage says that the token ran out, and the app prints it. The account has no diagnostic setting; its log could not say which kind of 401 it was.',
    build(here) {
      const { identity, host } = workload(here, { host: 'containerApp' });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(identity, 'Storage Blob Data Reader', account);
      printsInContainerApp(here, {
        host,
        text: 'azure.core.exceptions.ClientAuthenticationError: Server failed to authenticate the request. Please refer to the information in the www-authenticate header. ErrorCode:InvalidAuthenticationInfo AuthenticationErrorDetail: Lifetime validation failed. The token is expired. https://stordersprod.blob.core.windows.net/',
      });
    },
  },
  {
    id: 'stale-token/neighbour-every-replica',
    cause: 'missing-role',
    story: 'All replicas are refused, because there is no grant.',
    build(here) {
      const { identity } = workload(here, { host: 'containerApp' });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      storageCalls(here, { account, caller: identity, every: 3 });
      storageCalls(here, { account, caller: identity, address: '10.20.1.8', every: 3 });
      storageCalls(here, { account, caller: identity, address: '10.20.1.9', every: 3 });
    },
  },
  {
    id: 'stale-token/neighbour-granted-just-now',
    cause: 'still-propagating',
    story: 'One replica is refused, others succeed already: the grant is four minutes old.',
    build(here) {
      const { identity } = workload(here, { host: 'containerApp' });
      const account = here.t.storageAccount(here.home, 'stordersprod');
      const assignment = here.t.assign(identity, 'Storage Blob Data Reader', account, { createdOn: here.t.ago({ minutes: 6 }) });
      storageCalls(here, { account, caller: identity, from: 6, until: 3, every: 0.2 });
      storageCalls(here, {
        account,
        caller: identity,
        from: 4,
        until: 3,
        every: 0.2,
        address: '10.20.1.8',
        status: '200',
        text: 'Success',
        decision: { action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read', assignmentId: assignment.id },
      });
    },
  },
];
