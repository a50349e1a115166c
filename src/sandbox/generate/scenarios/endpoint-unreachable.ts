import { exceptionRow } from '../log-rows/consoles.ts';
import { printsInAppService, printsInContainerApp } from '../log-rows/calls.ts';
import { usual } from '../log-rows/recorder.ts';
import { workload } from './place.ts';
import type { Scenario } from './scenario.ts';

/** Tokens are made at a link-local address, and the way there is closed. */
export const endpointUnreachable: readonly Scenario[] = [
  {
    id: 'endpoint-unreachable/timeout',
    cause: 'endpoint-unreachable',
    story: 'A worker on a virtual machine gets no answer from the metadata address.',
    build(here) {
      here.t.host('virtualMachine', here.home, 'orders-worker', { systemAssigned: true });
      const component = here.t.resource(here.home, 'Microsoft.Insights/components', 'appi-orders-prod');
      for (const at of here.instants(usual))
        here.log(
          exceptionRow({
            component,
            role: 'orders-worker',
            at,
            type: 'Azure.Identity.CredentialUnavailableException',
            text: 'ManagedIdentityCredential authentication unavailable. No response received from the managed identity endpoint. Retry failed after 4 tries. (A connection attempt failed because the connected party did not properly respond after a period of time (169.254.169.254:80))',
          }),
        );
    },
  },
  {
    id: 'endpoint-unreachable/proxy',
    cause: 'endpoint-unreachable',
    story: 'HTTP_PROXY is set without NO_PROXY: the proxy answers for the metadata address.',
    build(here) {
      const { host } = workload(here);
      printsInAppService(here, {
        host,
        text: "azure.identity._exceptions.CredentialUnavailableError: ManagedIdentityCredential authentication unavailable, no response from the IMDS endpoint. HTTPConnectionPool(host='proxy.fabrikam.example', port=3128): Max retries exceeded with url: http://169.254.169.254/metadata/identity/oauth2/token (Caused by ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 403 Forbidden')))",
      });
    },
  },
  {
    id: 'endpoint-unreachable/refused-in-a-container',
    cause: 'endpoint-unreachable',
    story: 'The endpoint that the platform names refuses connections.',
    build(here) {
      const { host } = workload(here, { host: 'containerApp' });
      printsInContainerApp(here, {
        host,
        custom: true,
        text: 'ManagedIdentityCredential authentication failed: connect ECONNREFUSED 127.0.0.1:42356 while calling IDENTITY_ENDPOINT http://localhost:42356/msi/token',
      });
    },
  },
  {
    id: 'endpoint-unreachable/neighbour-no-identity',
    cause: 'identity-not-assigned',
    story: 'The endpoint answers, and says that there is no such identity.',
    build(here) {
      const host = here.t.host('containerApp', here.home, 'ca-orders-prod');
      printsInContainerApp(here, {
        host,
        text: 'ManagedIdentityCredential: Authentication failed. Message: {"error":"invalid_request","error_description":"Identity not found"} from http://169.254.169.254/metadata/identity/oauth2/token',
      });
    },
  },
  {
    id: 'endpoint-unreachable/neighbour-three-at-a-start',
    cause: 'none',
    story: 'Three timeouts while a host starts: the endpoint was not up yet.',
    build(here) {
      const { host } = workload(here, { host: 'containerApp' });
      printsInContainerApp(here, {
        host,
        from: 30,
        until: 28,
        text: 'ManagedIdentityCredential: Network unreachable. Message: connect ETIMEDOUT 169.254.169.254:80',
      });
    },
  },
  {
    id: 'endpoint-unreachable/neighbour-other-address',
    cause: 'none',
    story: 'Timeouts to a database are no business of an identity.',
    build(here) {
      const { host } = workload(here, { host: 'containerApp' });
      printsInContainerApp(here, { host, text: 'Npgsql.NpgsqlException: Exception while connecting: connect ETIMEDOUT 10.20.4.5:5432' });
    },
  },
];
