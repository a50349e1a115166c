import { managedIdentitySignInRow } from '../log-rows/entra.ts';
import { printsInAppService, printsInContainerApp, vaultCalls } from '../log-rows/calls.ts';
import { usual } from '../log-rows/recorder.ts';
import { workload } from './place.ts';
import type { Scenario } from './scenario.ts';

/** The token is good, for something else. */
export const wrongAudience: readonly Scenario[] = [
  {
    id: 'wrong-audience/vault-says-so',
    cause: 'wrong-audience',
    story: "The vault's log has the 401 with its reason; a token that was not accepted names nobody.",
    build(here) {
      workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      vaultCalls(here, {
        vault,
        caller: undefined,
        answer: {
          kind: 'unauthorized',
          text: 'AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://management.azure.com/.',
        },
      });
    },
  },
  {
    id: 'wrong-audience/app-prints-it',
    cause: 'wrong-audience',
    story: 'The app prints what the vault answered.',
    build(here) {
      const { host, identity } = workload(here, { host: 'containerApp' });
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      here.t.assign(identity, 'Key Vault Secrets User', vault);
      printsInContainerApp(here, {
        host,
        text: '401 Unauthorized {"error":{"code":"Unauthorized","message":"AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://vault.azure.net/kv-orders-prod."}}',
      });
    },
  },
  {
    id: 'wrong-audience/entra-knows-no-such-resource',
    cause: 'wrong-audience',
    story: 'The resource id has a typing error: Entra answers AADSTS500011 to the managed identity.',
    build(here) {
      const { identity, host } = workload(here, { host: 'functionApp' });
      for (const at of here.instants(usual))
        here.log(
          managedIdentitySignInRow({
            at,
            tenantId: here.t.tenantId,
            caller: identity,
            result: '500011',
            text: 'The resource principal named https://vaults.azure.net was not found in the tenant named Fabrikam. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.',
            audience: { appId: '', name: '' },
            host: host.id,
          }),
        );
    },
  },
  {
    id: 'wrong-audience/storage',
    cause: 'wrong-audience',
    story: 'A raw HTTP client sends an ARM token to blob storage.',
    build(here) {
      const { identity, host } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(identity, 'Storage Blob Data Reader', account);
      printsInAppService(here, {
        host,
        text: '401 https://stordersprod.blob.core.windows.net/invoices/1.pdf <?xml version="1.0" encoding="utf-8"?><Error><Code>InvalidAuthenticationInfo</Code><Message>Server failed to authenticate the request. Please refer to the information in the www-authenticate header.</Message><AuthenticationErrorDetail>Audience validation failed. Audience did not match.</AuthenticationErrorDetail></Error>',
      });
    },
  },
  {
    id: 'wrong-audience/neighbour-expired',
    cause: 'stale-token',
    story: 'A 401 as well, but the token has run out: the app keeps the string.',
    build(here) {
      const { identity, host } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      here.t.assign(identity, 'Key Vault Secrets User', vault);
      printsInAppService(here, {
        host,
        text: '401 Unauthorized {"error":{"code":"Unauthorized","message":"[BearerReadAccessTokenFailed] Error validating token: IDX10223: Lifetime validation failed. The token is expired."}} https://kv-orders-prod.vault.azure.net/',
      });
    },
  },
  {
    id: 'wrong-audience/neighbour-challenge',
    cause: 'none',
    story: 'The 401 of a first request without a token, a hundred of them: many short-lived clients.',
    build(here) {
      workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      vaultCalls(here, {
        vault,
        caller: undefined,
        every: 0.5,
        answer: { kind: 'unauthorized', text: 'AKV10000: Request is missing a Bearer or PoP token.' },
      });
    },
  },
  {
    id: 'wrong-audience/neighbour-other-issuer',
    cause: 'foreign-tenant',
    story: "The issuer is wrong, not the audience: the token comes from another tenant's Entra.",
    build(here) {
      workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      const foreign = here.t.seeded.guid('foreign tenant');
      vaultCalls(here, {
        vault,
        caller: undefined,
        answer: {
          kind: 'unauthorized',
          text: `AKV10032: Invalid issuer. Expected one of https://sts.windows.net/${here.t.tenantId}/, found https://sts.windows.net/${foreign}/.`,
        },
      });
    },
  },
];
