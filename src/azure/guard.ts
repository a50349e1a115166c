import type { PipelinePolicy, PipelineRequest } from '@azure/core-rest-pipeline';
import type { Cloud } from './cloud.ts';

/**
 * The auditor reads. This policy stands last before the wire and lets through GET and the few queries that Azure wants as POST, spelled exactly
 * as our clients spell them; everything else is refused before a byte is sent.
 */
export function guard(cloud: Cloud): PipelinePolicy {
  const bases = [cloud.resourceManager, cloud.graph, cloud.logs].map((base) => new URL(`${base}/`));
  return {
    name: guardName,
    async sendRequest(request, next) {
      const reason = refusal(request, bases, cloud);
      if (reason !== undefined) throw new RefusedCall(request.method, request.url, reason);
      return next(request);
    },
  };
}

export const guardName = 'mi-audit-guard';

/** A call that this product must never make. Not a RestError, so that no retry policy tries it again. */
export class RefusedCall extends Error {
  override readonly name = 'RefusedCall';
  constructor(method: string, url: string, reason: string) {
    super(`Refused before sending: ${method} ${url.split('?', 1)[0]} (${reason}). The auditor only reads.`);
  }
}

function refusal(request: PipelineRequest, bases: readonly URL[], cloud: Cloud): string | undefined {
  if (!URL.canParse(request.url)) return 'not an address';
  const url = new URL(request.url);
  // What a parser would rewrite (dots, backslashes, tabs) is not what was compared below.
  if (`${url.origin}${url.pathname}` !== request.url.split(/[?#]/, 1)[0]) return 'an address that is not written out';
  if (url.username !== '' || url.password !== '') return 'credentials in the address';
  if (!bases.some((base) => base.origin === url.origin && `${url.pathname}/`.startsWith(base.pathname)))
    return 'not an endpoint of this cloud';
  for (const [name] of request.headers) {
    if (methodOverride.test(name)) return `header ${name}`;
  }
  if (request.method === 'GET') return request.body === undefined || request.body === null ? undefined : 'GET with a body';
  if (request.method !== 'POST') return 'a method that can change things';
  return isQuery(request, cloud) ? undefined : 'not one of the known queries';
}

const methodOverride = /^x-(http-)?method(-override)?$/i;

/** The address is compared as text, not as a parsed path: what is encoded, doubled or differently cased is not ours. */
function isQuery(request: PipelineRequest, cloud: Cloud): boolean {
  const [address = '', query = ''] = request.url.split('?', 2);
  if (request.url.includes('#') || request.url.split('?').length > 2) return false;
  const bare = query === '';
  if (address === `${cloud.resourceManager}/providers/Microsoft.ResourceGraph/resources`) return /^api-version=[\w.-]+$/.test(query);
  if (address === `${cloud.graph}/v1.0/directoryObjects/getByIds`) return bare;
  if (address === `${cloud.graph}/v1.0/$batch`) return bare && isBatchOfGets(request.body);
  if (!address.startsWith(`${cloud.logs}/v1/`)) return false;
  return bare && logsQuery.test(address.slice(cloud.logs.length));
}

/** By workspace, or resource-centric: `/v1/subscriptions/…/query`. */
const logsQuery = /^\/v1\/(workspaces\/[0-9a-fA-F-]{36}|subscriptions\/[0-9a-fA-F-]{36}(\/[\w.()-]+)*)\/query$/;

function isBatchOfGets(body: PipelineRequest['body']): boolean {
  if (typeof body !== 'string') return false;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return false;
  }
  if (typeof parsed !== 'object' || parsed === null || !('requests' in parsed) || !Array.isArray(parsed.requests)) return false;
  return parsed.requests.length > 0 && parsed.requests.every(isGet);
}

function isGet(request: unknown): boolean {
  if (typeof request !== 'object' || request === null || 'body' in request) return false;
  if (!('method' in request) || request.method !== 'GET' || !('url' in request) || typeof request.url !== 'string') return false;
  if (
    'headers' in request &&
    !(
      typeof request.headers === 'object' &&
      request.headers !== null &&
      !Object.keys(request.headers).some((name) => methodOverride.test(name))
    )
  )
    return false;
  return /^\/[A-Za-z]/.test(request.url) && !request.url.includes('..');
}
