import * as az from '../../remedy/az.ts';
import { ruledOut, silent, type Cause } from '../cause.ts';
import { refusal } from './steps.ts';

export const endpoint =
  /169\.254\.169\.254|169\.254\.130\.|169\.254\.1[0-9]{2}\.|identity_endpoint|msi_endpoint|imds|managed identity endpoint|managed_identity_unreachable_network|managed identity timed out|metadata (?:service|endpoint)|\/msi\/token|\/metadata\/identity/;
const unreachable =
  /timed ?out|time ?-?out(?:[^\s=:\d]|[\s=:]+[^\s=:\d]|\s*$)|deadline exceeded|connection refused|actively refused|econnrefused|etimedout|ehostunreach|enetunreach|unreachable|no route to host|socket hang up|connection (?:reset|aborted)|failed to connect|unable to connect|no response|multiple attempts failed|[^\w/.-]proxy|squid|502|504|bad gateway/;
/** A proxy that spoke; `NO_PROXY` and `http_proxy` are settings that somebody printed. */
export const proxied = /(?:^|[^\w/.-])proxy|squid/;

export const endpointUnreachable: Cause = {
  id: 'endpoint-unreachable',
  title: 'The host cannot reach its identity endpoint',
  explain: `The identity is not refused, it is never asked: the request to the host's own identity endpoint (169.254.169.254 on virtual machines, the address in
\`IDENTITY_ENDPOINT\` on App Service, Functions and Container Apps) times out, is refused, or goes to a proxy.

**Recognise it** by time-outs, refused connections or a proxy's error page next to that address in the application's log. The identity endpoint is link-local: it must never go through a proxy.

**Fix it** by adding the address to \`NO_PROXY\`, or by opening the host's own firewall (iptables, a service mesh sidecar, an AKS network policy) for it.
\`mi-audit doctor\` on the host tells which.`,
  references: [
    'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token',
    'https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#proxies',
  ],
  needs: ['logs'],
  judge: (scene) => {
    if (scene.burst.service !== 'app') return silent;
    const lines = scene.words.split('\n').filter((line) => endpoint.test(line));
    if (lines.length === 0) return silent;
    const silences = lines.filter((line) => unreachable.test(line));
    if (silences.length === 0) return ruledOut('the identity endpoint answered');
    const proxy = silences.some((line) => proxied.test(line));
    // A host without an identity has no endpoint to reach.
    const bare = scene.failing.bareHosts.length > 0 && !proxy;
    // Of a host that nobody found, nobody knows whether it has an identity.
    const known = scene.failing.hosts.length > 0;
    const host = scene.failing.hosts[0]?.name ?? scene.burst.denials.flatMap((denial) => denial.hosts)[0]?.name ?? 'the host';
    return {
      kind: 'fits',
      confidence: bare ? 'possible' : known || proxy ? 'certain' : 'likely',
      weight: proxy ? 86 : 84,
      why: proxy
        ? `${host} sends its token requests to a proxy instead of the link-local identity endpoint.`
        : `${host} gets no answer from its identity endpoint.`,
      evidence: [refusal(scene)],
      fix: proxy
        ? [
            {
              text: 'Set NO_PROXY=169.254.169.254,169.254.130.1,localhost (and no_proxy for tools that read the lower-case name) on the host and restart it.',
            },
          ]
        : [
            {
              text: "Open the host's own firewall, service mesh or network policy for the identity endpoint (169.254.169.254 port 80, or the address in IDENTITY_ENDPOINT).",
            },
          ],
      check: [scene.failing.hosts[0] && az.showResource(scene.failing.hosts[0].id)],
    };
  },
};
