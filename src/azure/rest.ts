import { createHttpHeaders, createPipelineRequest, RestError, type HttpClient, type Pipeline } from '@azure/core-rest-pipeline';

/** ARM and Microsoft Graph where no SDK client fits: GET, the query POSTs, pages by nextLink. Throws RestError like the SDK's clients. */
export interface Rest {
  /** `path` starts with a slash and carries its query; or it is a complete nextLink of the same service. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
}

export function rest(base: string, pipeline: Pipeline, httpClient: HttpClient): Rest {
  async function send(method: 'GET' | 'POST', path: string, headers: Readonly<Record<string, string>>, body?: string): Promise<unknown> {
    const request = createPipelineRequest({
      url: path.startsWith('/') ? `${base}${path}` : path,
      method,
      headers: createHttpHeaders({ accept: 'application/json', ...headers }),
      ...(body === undefined ? {} : { body }),
    });
    const response = await pipeline.sendRequest(httpClient, request);
    const text = response.bodyAsText ?? '';
    if (response.status >= 200 && response.status < 300)
      return parse(text, response.status, () => new RestError('not JSON', { code: RestError.PARSE_ERROR, request, response }));
    throw new RestError(messageOf(text), { statusCode: response.status, request, response });
  }
  return {
    get: (path, headers = {}) => send('GET', path, headers),
    post: (path, body) => send('POST', path, { 'content-type': 'application/json' }, JSON.stringify(body)),
  };
}

function parse(text: string, status: number, malformed: () => Error): unknown {
  if (text === '' && status === 204) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed();
  }
}

function messageOf(text: string): string {
  try {
    const body = JSON.parse(text) as { readonly error?: { readonly message?: unknown } } | null;
    return typeof body?.error?.message === 'string' ? body.error.message : '';
  } catch {
    return '';
  }
}
