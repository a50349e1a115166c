import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import { azureClients, cloud, type AzureClients, type ClientOptions } from '../../src/azure/index.ts';

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
}

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly body: unknown;
}

/** Azure's own extension point for tests: everything above the wire is real. */
export function wire(answer: (sent: Sent, count: number) => Reply | Error): {
  readonly httpClient: HttpClient;
  readonly sent: readonly Sent[];
} {
  const sent: Sent[] = [];
  return {
    sent,
    httpClient: {
      async sendRequest(request: PipelineRequest) {
        const url = new URL(request.url);
        const one = {
          method: request.method,
          url: request.url,
          path: url.pathname,
          body: typeof request.body === 'string' ? (JSON.parse(request.body) as unknown) : undefined,
        };
        sent.push(one);
        const reply = answer(one, sent.length);
        if (reply instanceof Error) throw reply;
        const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {});
        return {
          request,
          status: reply.status ?? 200,
          headers: createHttpHeaders({ 'content-type': 'application/json', ...reply.headers }),
          bodyAsText: text,
        };
      },
    },
  };
}

/** A token with these claims; its signature is nobody's. */
export function tokenOf(claims: Readonly<Record<string, unknown>>): string {
  return ['{"alg":"none"}', JSON.stringify(claims), 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.');
}

export const tenantId = '00000000-0000-4000-8000-00000000aaaa';
export const auditor = '00000000-0000-4000-8000-00000000bbbb';

export function clientsOver(httpClient: HttpClient, options: Partial<ClientOptions> = {}): AzureClients {
  return azureClients({
    cloud: cloud({ name: 'AzureCloud' }),
    credential: { getToken: async () => ({ token: tokenOf({ oid: auditor, tid: tenantId }), expiresOnTimestamp: 4_000_000_000_000 }) },
    httpClient,
    wait: async () => {},
    retryDelayMs: 1,
    ...options,
  });
}
