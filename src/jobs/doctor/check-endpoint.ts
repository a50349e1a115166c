import type { HostAnswer, HostProbe } from '../../ports/index.ts';
import { wrongRequest } from './ask-token.ts';
import { quoted, type Check } from './check.ts';
import { isFromProxy, json, wordsOf } from './identity-answer.ts';
import { sourceWords, type IdentitySource, type SourceFound } from './identity-source.ts';
import { proxyRoute, proxyVariables, withoutCredentials, type Environment } from './proxy-route.ts';

/** Which identity endpoint this host offers. */
export function checkSource({ source, by, oddities }: SourceFound): Check {
  const usable = URL.canParse(source.endpoint) && /^https?:/.test(source.endpoint);
  const chosen = by.length === 0 ? 'since no variable names another' : `by ${by.join(', ')}`;
  return {
    id: 'source',
    verdict: !usable ? 'failed' : oddities.length > 0 ? 'warning' : 'ok',
    saw: [`${sourceWords[source.kind]} at ${quoted(source.endpoint)} (${chosen}).`, ...oddities].join(' '),
    why: 'Libraries choose the endpoint by these variables; a wrong or half-set one sends them elsewhere.',
    fix: !usable ? `Correct ${by[0] ?? 'the variable'}: it must be an http address.` : oddities.length > 0 ? oddityFix(source) : '',
    ...((!usable || oddities.length > 0) && { cause: 'identity-not-assigned' }),
  };
}

const oddityFix = ({ kind }: IdentitySource): string =>
  kind === 'imds'
    ? 'Enable the identity on this host, or label the pod and annotate its service account, and restart it.'
    : 'Set all variables of workload identity (the webhook does), or none.';

/** Would a proxy get the requests for tokens? Undefined where no proxy variable is set. */
export async function checkProxy(probe: HostProbe, environment: Environment, source: IdentitySource): Promise<Check | undefined> {
  const set = proxyVariables(environment);
  if (set.length === 0) return undefined;
  const route = proxyRoute(environment, source.endpoint);
  const host = new URL(source.endpoint).hostname;
  const saw = quoted(set.join(' '), 600);
  const why = `Requests to ${host} must go straight there: a proxy cannot reach the endpoint of this host, and must not see its tokens.`;
  if (source.kind === 'workload-identity')
    return {
      id: 'proxy',
      verdict: route.azureSdk === undefined ? 'ok' : 'warning',
      saw: `${saw}. ${route.azureSdk === undefined ? `No proxy takes requests to ${host}.` : `Requests to ${host} go through ${withoutCredentials(route.azureSdk)}; the checks below go straight.`}`,
      why: 'The sign-in endpoint is on the internet: a proxy may be right, if it lets this host sign in.',
      fix: route.azureSdk === undefined ? '' : `Let the proxy pass requests to ${host}, or name it in NO_PROXY.`,
    };
  const taken = [route.azureSdk, route.others].filter((proxy) => proxy !== undefined);
  if (taken.length === 0) return { id: 'proxy', verdict: 'ok', saw: `${saw}. No proxy takes requests to ${host}.`, why, fix: '' };
  const answered = await passesOn(probe, source, taken[0]!);
  const who =
    taken.length === 2
      ? 'Programs'
      : route.azureSdk === undefined
        ? "Programs other than Azure's SDKs"
        : "Azure's SDK for JavaScript and .NET";
  return {
    id: 'proxy',
    // Where only some programs are sent astray, or the proxy does pass requests on, things may work; they work by luck.
    verdict: taken.length === 2 && !answered.identity ? 'failed' : 'warning',
    saw: `${saw}. ${who} send requests for ${host} to ${withoutCredentials(taken[0]!)}. ${answered.words}`,
    why,
    fix: `Set NO_PROXY=${host} and no_proxy=${host} (exact, since not every program reads ranges or wildcards; keep what stands there), and restart the process.`,
    cause: 'endpoint-unreachable',
  };
}

async function passesOn(
  probe: HostProbe,
  source: IdentitySource,
  proxy: string,
): Promise<{ readonly identity: boolean; readonly words: string }> {
  // Never the request for a token: the secret of the endpoint and the token would pass the proxy.
  const reply = await probe.ask({ ...wrongRequest(source), proxy });
  if (reply.kind === 'silence') return { identity: false, words: `Through it there is no answer (${quoted(reply.text)}).` };
  if (speaksIdentity(reply)) return { identity: true, words: 'It passes them on.' };
  return {
    identity: false,
    words: `Through it the answer is HTTP ${reply.status} ${isFromProxy(reply) ? 'from something in between' : "and not an identity endpoint's"}.`,
  };
}

/** Does something that speaks like an identity endpoint answer, straight and soon? */
export async function checkEndpoint(probe: HostProbe, found: SourceFound): Promise<Check> {
  const { source } = found;
  const reply = await probe.ask(wrongRequest(source));
  const why = 'Without an answer from its identity endpoint, no program on this host gets a token.';
  if (reply.kind === 'silence') {
    // Nobody named an endpoint and the default one is not there: this host offers none.
    const none = source.kind === 'imds' && found.by.length === 0;
    return {
      id: 'endpoint',
      verdict: 'failed',
      saw: `${quoted(source.endpoint)} does not answer: ${quoted(reply.text)}.${none ? ' Nothing else offers an identity here.' : ''}`,
      why,
      fix: none
        ? "On an Azure host: enable a managed identity, or open the host's own firewall, service mesh or network policy for 169.254.169.254 port 80. A machine outside Azure has no managed identity: use Azure Arc, or CREDENTIAL=azure-cli for yourself."
        : "Open the host's own firewall, service mesh or network policy for that address; restart the app if its endpoint moved.",
      cause: found.oddities.length > 0 ? 'identity-not-assigned' : 'endpoint-unreachable',
    };
  }
  if (!speaksIdentity(reply)) return strangeEndpoint(reply, why);
  return {
    id: 'endpoint',
    verdict: 'ok',
    saw: `It answers ${source.kind === 'workload-identity' ? 'with its discovery document' : 'and refuses a request without its header'} (HTTP ${reply.status}${reply.status === 200 || wordsOf(reply) === '' ? '' : `: ${quoted(wordsOf(reply), 120)}`}).`,
    why,
    fix: '',
  };
}

/** A page is surely not an identity endpoint; of other strange words the request for a token tells more. */
function strangeEndpoint(reply: HostAnswer, why: string): Check {
  const page = isFromProxy(reply);
  const words = wordsOf(reply);
  return {
    id: 'endpoint',
    verdict: page ? 'failed' : 'warning',
    saw: `HTTP ${reply.status}${words === '' || reply.status < 300 ? '' : `: ${quoted(words, 120)}`}; ${
      page
        ? 'this comes from something that is no identity endpoint (a page, or the marks of a proxy).'
        : reply.status < 300
          ? 'a request without its header was not refused, as an identity endpoint would.'
          : 'these are not the words of an identity endpoint.'
    }`,
    why,
    fix: 'Find out what listens at or in front of that address (transparent proxy, service mesh, packet filter), and let requests pass it.',
    cause: 'endpoint-unreachable',
  };
}

/**
 * Workload identity asks for a public document; all others must refuse, in words that an identity endpoint has: gateways and packet filters on the way
 * refuse too, and in bare sentences.
 */
function speaksIdentity(reply: HostAnswer): boolean {
  if (isFromProxy(reply)) return false;
  if (reply.status === 200) return /"token_endpoint"/.test(reply.body);
  if (reply.status < 400 || reply.status >= 500) return false;
  return isObject(json(reply.body)) || /metadata|identity|x-identity-header/i.test(reply.body);
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
