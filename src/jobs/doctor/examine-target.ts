import type { HostProbe, Silence } from '../../ports/index.ts';
import type { CloudEndpoints } from '../examine-host.ts';
import type { Signing, TokenAnswer } from './ask-token.ts';
import { quoted, worst, type Check, type Verdict } from './check.ts';
import { wordsOf } from './identity-answer.ts';
import { proxyRoute, withoutCredentials, type Environment } from './proxy-route.ts';
import { judgeAnswer } from './target-answer.ts';
import { knownTarget, targetByResource, type KnownTarget } from './target-service.ts';

export interface TargetReport {
  readonly url: string;
  readonly service: string;
  readonly audience: string;
  readonly verdict: Verdict;
  /** dns, connect, token, answer: in this order; what comes after a failure is skipped. */
  readonly hops: readonly Check[];
}

export interface TargetRequest {
  readonly probe: HostProbe;
  readonly environment: Environment;
  readonly cloud: CloudEndpoints;
  /** Undefined where this host has no way to sign in. */
  readonly source: Signing | undefined;
  readonly token: (audience: string) => Promise<TokenAnswer>;
  readonly resource: string | undefined;
}

/** One dependency, hop by hop. */
export async function examineTarget(url: URL, request: TargetRequest): Promise<TargetReport> {
  const known = knownTarget(url, request.cloud) ?? (request.resource === undefined ? undefined : targetByResource(url, request.resource));
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (known?.service.port ?? 443) : Number(url.port);
  const proxy = proxyRoute(request.environment, url.href).azureSdk;
  const dns = await dnsHop(request.probe, host, proxy);
  const connect =
    dns.verdict === 'failed' ? skipped('connect', 'the name has no address') : await connectHop(request.probe, host, port, known, proxy);
  const { hop: token, answer } = await tokenHop(request, known, host);
  const reached = dns.verdict !== 'failed' && connect.verdict !== 'failed';
  const last =
    known === undefined
      ? skipped('answer', 'no harmless read is known for this host')
      : !reached
        ? skipped('answer', 'it cannot be reached')
        : answer?.kind !== 'token'
          ? skipped('answer', 'there is no token')
          : await answerHop(request.probe, url, known, answer, proxy);
  const hops = [dns, connect, token, last];
  return {
    url: quoted(`${url.origin}${url.pathname === '/' ? '' : url.pathname}`),
    service: known?.service.name ?? 'unknown',
    audience: known?.audience ?? '',
    verdict: worst(hops.map(({ verdict }) => verdict)),
    hops,
  };
}

async function dnsHop(probe: HostProbe, host: string, proxy: string | undefined): Promise<Check> {
  const found = await probe.lookUp(host);
  const why = 'The name must lead to an address that this host can reach; with a private endpoint, to a private one.';
  if (found.kind === 'addresses')
    return {
      id: 'dns',
      verdict: 'ok',
      saw: quoted(found.addresses.map((address) => `${address}${isPrivate(address) ? ' (private)' : ''}`).join(', ')),
      why,
      fix: '',
    };
  // A proxy looks names up itself.
  if (proxy !== undefined)
    return {
      id: 'dns',
      verdict: 'warning',
      saw: `${quoted(found.text)}; requests go through a proxy, which looks names up itself`,
      why,
      fix: 'Nothing, if programs here do use the proxy.',
    };
  return {
    id: 'dns',
    verdict: 'failed',
    saw: quoted(found.text),
    why,
    fix: 'Check the spelling. With a private endpoint: link the private DNS zone (privatelink.…) to the network of this host.',
    cause: 'network-rule',
  };
}

async function connectHop(
  probe: HostProbe,
  host: string,
  port: number,
  known: KnownTarget | undefined,
  proxy: string | undefined,
): Promise<Check> {
  const via = proxy === undefined ? undefined : proxyAddress(proxy);
  const tls = known?.service.tls ?? true;
  // Database protocols do not go through http proxies.
  const throughProxy = via !== undefined && tls;
  const reply = throughProxy ? await probe.connect({ ...via, tls: false }) : await probe.connect({ host, port, tls });
  const where = throughProxy ? `the proxy ${withoutCredentials(proxy!)} that the variables name` : `port ${port}${tls ? ' with TLS' : ''}`;
  const why = 'No call succeeds before the network lets it through.';
  if (reply.kind === 'connected') return { id: 'connect', verdict: 'ok', saw: `Connected to ${quoted(where)}`, why, fix: '' };
  return { id: 'connect', verdict: 'failed', saw: `${quoted(where)}: ${quoted(reply.text)}`, ...connectTrouble(reply) };
}

function connectTrouble({ reason }: Silence): { readonly why: string; readonly fix: string; readonly cause: string } {
  if (reason === 'certificate')
    return {
      cause: 'network-rule',
      why: 'The certificate is not one that this machine trusts for that name: something in between ends TLS, or the address is not the right one.',
      fix: "If a proxy of yours inspects TLS, make its authority known (NODE_EXTRA_CA_CERTS, or the machine's store). Otherwise find out who answers.",
    };
  return {
    cause: 'network-rule',
    why:
      reason === 'refused'
        ? 'Something answered and refuses the port.'
        : 'Nothing answers: packets are dropped on the way, or the service is closed to this network.',
    fix: 'Check the network security group and route of this host, the firewall in between, and the private endpoint or network rules of the resource.',
  };
}

async function tokenHop(
  { source, token }: TargetRequest,
  known: KnownTarget | undefined,
  host: string,
): Promise<{ readonly hop: Check; readonly answer?: TokenAnswer }> {
  const why = 'The service accepts a token for its own audience only.';
  if (known === undefined)
    return {
      hop: {
        id: 'token',
        verdict: 'skipped',
        saw: `No Azure service is known by the name ${quoted(host)}; a token for one is never sent anywhere else`,
        why,
        fix: "Give the service's own host name. For an application of your own: --resource api://… names its audience.",
      },
    };
  if (source === undefined) return { hop: skipped('token', 'this host has no identity endpoint that answers') };
  const answer = await token(known.audience);
  if (answer.kind === 'none')
    return {
      answer,
      hop: {
        id: 'token',
        verdict: answer.again ? 'skipped' : 'failed',
        saw: `for ${known.audience}: ${answer.saw}`,
        why: answer.trouble.why,
        fix: answer.trouble.fix,
        ...(answer.trouble.cause !== undefined && { cause: answer.trouble.cause }),
      },
    };
  const who = answer.claims === undefined ? '' : `, of object id ${quoted(answer.claims.oid || 'unknown', 60)}`;
  return { answer, hop: { id: 'token', verdict: 'ok', saw: `for ${known.audience}${who}`, why, fix: '' } };
}

async function answerHop(
  probe: HostProbe,
  url: URL,
  { service }: KnownTarget,
  { token, claims }: Extract<TokenAnswer, { kind: 'token' }>,
  proxy: string | undefined,
): Promise<Check> {
  const read = service.read(url);
  if (read === undefined) return { ...skipped('answer', 'not tried'), fix: service.untried };
  const authorization = service.id === 'cosmos-db' ? encodeURIComponent(`type=aad&ver=1.0&sig=${token}`) : `Bearer ${token}`;
  const reply = await probe.ask({
    url: `${url.origin}${read.path}`,
    headers: { ...read.headers, authorization, 'x-ms-date': new Date(probe.nowMs()).toUTCString() },
    proxy,
  });
  const why = 'This is what the app will meet: the read is harmless, and its answer tells whether the identity is let in.';
  if (reply.kind === 'silence')
    return { id: 'answer', verdict: 'failed', saw: `${read.words}: ${quoted(reply.text)}`, ...connectTrouble(reply) };
  const who = claims?.oid ? `object id ${quoted(claims.oid, 60)}` : 'the identity';
  const verdict = judgeAnswer(reply, service, who);
  const words = reply.status < 300 ? '' : wordsOf(reply);
  const saw = `${read.words}: HTTP ${reply.status}${words === '' ? '' : `, ${quoted(words)}`}`;
  switch (verdict.kind) {
    case 'ok':
      return {
        id: 'answer',
        verdict: verdict.note === '' ? 'ok' : 'warning',
        saw: verdict.note === '' ? saw : `${saw}; ${verdict.note}`,
        why,
        fix: verdict.note === '' ? '' : `Grant the role that the app needs, at the resource that it uses.`,
      };
    case 'undecided':
      return { id: 'answer', verdict: 'skipped', saw, why: verdict.trouble.why, fix: verdict.trouble.fix };
    case 'failed':
      return { id: 'answer', verdict: 'failed', saw, ...verdict.trouble };
  }
}

const skipped = (id: string, because: string): Check => ({
  id,
  verdict: 'skipped',
  saw: `not checked: ${because}`,
  why: 'What comes before decides.',
  fix: '',
});

function proxyAddress(proxy: string): { readonly host: string; readonly port: number } | undefined {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port) };
}

/** https://www.rfc-editor.org/rfc/rfc1918, and unique local addresses of IPv6. */
const isPrivate = (address: string): boolean => /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:)/i.test(address);
