import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const worthwhileBytes = 1_024;
const compressible = /^(text\/|application\/(problem\+)?json|image\/svg)/;

/** The Functions host compresses nothing, and neither does App Service in front of it on Linux. */
export async function compressed(request: Request, response: Response): Promise<Response> {
  const type = response.headers.get('content-type') ?? '';
  if (response.body === null || !compressible.test(type) || response.headers.has('content-encoding')) return response;
  response.headers.append('vary', 'Accept-Encoding');
  const accepted = request.headers.get('accept-encoding') ?? '';
  const encoding = /\bbr\b(?!;q=0)/.test(accepted) ? 'br' : /\bgzip\b(?!;q=0)/.test(accepted) ? 'gzip' : undefined;
  if (encoding === undefined) return response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const headers = new Headers(response.headers);
  if (bytes.byteLength < worthwhileBytes) return new Response(bytes, { status: response.status, headers });
  headers.set('content-encoding', encoding);
  headers.delete('content-length');
  const etag = headers.get('etag');
  // The same answer in other bytes (https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1).
  if (etag !== null && !etag.startsWith('W/')) headers.set('etag', `W/${etag}`);
  const packed = encoding === 'br' ? await brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }) : await zip(bytes);
  return new Response(new Uint8Array(packed), { status: response.status, headers });
}

const quality = 5;
const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
