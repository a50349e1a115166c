import type { HostProbe, HostReply, HostRequest } from '../../ports/index.ts';
import { readToken, type TokenClaims } from '../judge-token.ts';
import { quoted, type Trouble } from './check.ts';
import { isFromProxy, tokenIn, wordsOf } from './identity-answer.ts';
import type { IdentitySource } from './identity-source.ts';
import { troubleOfWords } from './token-trouble.ts';

export type TokenAnswer =
  /** `claims` is undefined for an opaque token. `date` is the answering machine's clock. */
  | { readonly kind: 'token'; readonly token: string; readonly claims: TokenClaims | undefined; readonly date: string | undefined }
  /** `again`: it may be otherwise in a minute. */
  | { readonly kind: 'none'; readonly saw: string; readonly again: boolean; readonly trouble: Trouble };

export type Signing = IdentitySource | { readonly kind: 'azure-cli' };

/** A token for this resource, asked for in the way this host offers, once and with the endpoint's own words when there is none. */
export async function askToken(probe: HostProbe, source: Signing, resource: string, clientId: string | undefined): Promise<TokenAnswer> {
  switch (source.kind) {
    case 'app-service':
      return outcome(
        await probe.ask({
          url: withQuery(source.endpoint, {
            'api-version': '2019-08-01',
            resource,
            ...(clientId !== undefined && { client_id: clientId }),
          }),
          headers: { 'x-identity-header': source.secret },
        }),
        true,
      );
    case 'machine-learning':
      return outcome(
        await probe.ask({
          url: withQuery(source.endpoint, { 'api-version': '2017-09-01', resource, ...(clientId !== undefined && { clientid: clientId }) }),
          headers: { secret: source.secret },
        }),
        true,
      );
    case 'imds':
      return outcome(
        await probe.ask({
          url: withQuery(source.endpoint, {
            'api-version': '2018-02-01',
            resource,
            ...(clientId !== undefined && { client_id: clientId }),
          }),
          headers: { metadata: 'true' },
        }),
      );
    case 'workload-identity':
      return exchanged(probe, source, resource, clientId);
    case 'service-fabric':
    case 'cloud-shell':
    case 'azure-arc':
      return byLibrary(probe, 'managed-identity', resource, clientId);
    case 'azure-cli':
      return byLibrary(probe, 'azure-cli', resource, undefined);
  }
}

/** The same address without what makes it a request for a token: an identity endpoint refuses it in its own words, a proxy shows a page. */
export const wrongRequest = (source: IdentitySource): HostRequest =>
  source.kind === 'workload-identity'
    ? { url: source.endpoint.replace(/\/oauth2\/v2\.0\/token$/, '/v2.0/.well-known/openid-configuration') }
    : { url: withQuery(source.endpoint, { 'api-version': source.kind === 'imds' ? '2018-02-01' : '2019-08-01' }) };

async function exchanged(
  probe: HostProbe,
  source: Extract<IdentitySource, { kind: 'workload-identity' }>,
  resource: string,
  clientId: string | undefined,
): Promise<TokenAnswer> {
  const assertion = (await probe.readText(source.tokenFile))?.trim();
  if (assertion === undefined || assertion === '')
    return {
      kind: 'none',
      saw: `${source.tokenFile} cannot be read or is empty`,
      again: false,
      trouble: {
        cause: 'federation-mismatch',
        why: 'Without the projected service account token there is nothing to exchange.',
        fix: 'Check the volume of the token in the pod (kubectl describe pod) and the rights of the process to read it.',
      },
    };
  const reply = await probe.ask({
    url: source.endpoint,
    form: {
      grant_type: 'client_credentials',
      client_id: clientId ?? source.clientId,
      scope: `${resource.replace(/\/+$/, '')}/.default`,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    },
  });
  return outcome(reply);
}

async function byLibrary(
  probe: HostProbe,
  by: 'managed-identity' | 'azure-cli',
  resource: string,
  clientId: string | undefined,
): Promise<TokenAnswer> {
  const answer = await probe.libraryToken({ by, resource, clientId });
  if (answer.kind === 'token') return { kind: 'token', token: answer.token, claims: readToken(answer.token), date: undefined };
  const trouble = troubleOfWords(answer.text) ?? {
    why: "Azure's library got no token.",
    fix:
      by === 'azure-cli'
        ? 'Sign in with az login, or unset CREDENTIAL to use the managed identity.'
        : 'Read its words above; the agent or platform behind the endpoint logs more.',
  };
  return { kind: 'none', saw: quoted(answer.text), again: false, trouble };
}

/** `secret`: the request carried one that the endpoint may refuse. */
function outcome(reply: HostReply, secret = false): TokenAnswer {
  if (reply.kind === 'silence')
    return {
      kind: 'none',
      saw: `no answer: ${quoted(reply.text)}`,
      again: false,
      trouble: { cause: 'endpoint-unreachable', why: 'The endpoint does not answer.', fix: 'See the check of the endpoint.' },
    };
  const token = tokenIn(reply);
  if (token !== undefined) return { kind: 'token', token, claims: readToken(token), date: reply.headers['date'] };
  const words = wordsOf(reply);
  const saw = `HTTP ${reply.status}${words === '' ? '' : `: ${quoted(words)}`}`;
  const again = reply.status === 410 || reply.status === 429 || (reply.status >= 500 && !isFromProxy(reply));
  return { kind: 'none', saw, again, trouble: troubleOfWords(words) ?? troubleOfStatus(reply.status, isFromProxy(reply), again, secret) };
}

function troubleOfStatus(status: number, proxy: boolean, again: boolean, secret: boolean): Trouble {
  if (proxy)
    return {
      cause: 'endpoint-unreachable',
      why: 'The answer is a page or a refusal of something in between, not of an identity endpoint.',
      fix: 'Keep requests to the identity endpoint away from proxies and gateways: NO_PROXY for its address.',
    };
  // 410: the endpoint is being updated, for up to 70 seconds; 429: too many requests. Both are documented as "try again".
  if (again)
    return { why: 'The endpoint is busy or being updated.', fix: 'Ask again in a minute; libraries try several times by themselves.' };
  if (secret && (status === 401 || status === 403))
    return {
      why: 'The endpoint does not accept the secret of this process. The value of IDENTITY_HEADER changes when the app restarts.',
      fix: "Run this inside the app's own process environment, and never copy IDENTITY_HEADER or MSI_SECRET into settings or files.",
    };
  // The metadata service refuses nobody who sends its header: a bare 403 is a packet filter's or a gateway's.
  if (status === 403)
    return {
      cause: 'endpoint-unreachable',
      why: 'Something in between refuses the request.',
      fix: "Open the host's own firewall, service mesh or network policy for the identity endpoint.",
    };
  return { cause: 'unexplained', why: 'The endpoint answered and gave no token.', fix: 'Read its words above.' };
}

export function withQuery(address: string, query: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}
