import { pageContentPolicy, securityHeaders } from './http/security-headers.ts';

/** The built page: index.html and its assets. */
export interface PageFiles {
  /** Undefined where there is no such file. `path` has no leading slash and never leaves the folder. */
  read(path: string): Promise<PageFile | undefined>;
}

export interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/** In `index.html`, where a style or script element needs this answer's nonce. */
export const noncePlace = '__CSP_NONCE__';

/**
 * A file of the page, or the page itself for every address it routes in the browser. Names of assets carry a hash of their content, so they never
 * change and are kept for a year; the page is asked for anew each time.
 */
export async function servePage(
  pathname: string,
  files: PageFiles | undefined,
  { authority, nonce }: { readonly authority: string; readonly nonce: string },
): Promise<Response> {
  if (files === undefined) return missing('The page is not built here. The API answers under /api.');
  const path = pathname.replace(/^\/+/, '');
  const isFile = /^[\w./-]+\.\w+$/.test(path) && !path.includes('..');
  const file = isFile ? await files.read(path) : undefined;
  if (file !== undefined && path !== 'index.html') return asset(path, file);
  if (isFile && path !== 'index.html') return missing('There is no such file.');
  const index = await files.read('index.html');
  if (index === undefined) return missing('The page is not built here. The API answers under /api.');
  const html = new TextDecoder().decode(index.bytes).replaceAll(noncePlace, nonce);
  return new Response(html, {
    headers: {
      ...securityHeaders,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': pageContentPolicy({ authority, nonce }),
      // A sign-in window opens on another origin and must find its opener again.
      'cross-origin-opener-policy': 'same-origin-allow-popups',
    },
  });
}

function asset(path: string, { bytes, contentType }: PageFile): Response {
  const forever = /^assets\/.*-[\w-]{8,}\.\w+$/.test(path);
  return new Response(bytes, {
    headers: {
      ...securityHeaders,
      'content-type': contentType,
      'cache-control': forever ? 'public, max-age=31536000, immutable' : 'public, max-age=300',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    },
  });
}

const missing = (text: string): Response =>
  new Response(`${text}\n`, {
    status: 404,
    headers: {
      ...securityHeaders,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    },
  });
