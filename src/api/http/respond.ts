import { createHash } from 'node:crypto';
import type { Answer } from './answer.ts';
import { csvOf } from './csv.ts';
import { Refusal } from './problem.ts';
import { accepts } from './accept.ts';

/** An answer as bytes with headers: the representation that the caller asked for, and nothing at all where they have it already. */
export function respond(request: Request, answer: Answer): Response {
  const { contentType, text, headers } = represented(request, answer);
  const status = answer.kind === 'json' ? (answer.status ?? 200) : 200;
  const common = { ...headers, vary: 'Accept, Authorization, Origin', 'cache-control': 'private, no-cache' };
  if (status !== 200 || (request.method !== 'GET' && request.method !== 'HEAD'))
    return new Response(text, { status, headers: { ...common, 'content-type': contentType, 'cache-control': 'no-store' } });
  const etag = `"${createHash('sha256').update(contentType).update('\n').update(text).digest('base64url').slice(0, 27)}"`;
  if (matches(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers: { ...common, etag } });
  return new Response(text, { status, headers: { ...common, etag, 'content-type': contentType } });
}

function represented(request: Request, answer: Answer): { contentType: string; text: string; headers: Readonly<Record<string, string>> } {
  const accept = request.headers.get('accept');
  const headers = answer.headers ?? {};
  if (answer.kind === 'text') {
    if (!accepts(accept, answer.contentType.split(';')[0]!)) throw notAcceptable([answer.contentType]);
    return { contentType: answer.contentType, text: answer.text, headers };
  }
  const { sheet } = answer;
  const chosen = bestOf(accept, ['application/json', ...(sheet === undefined ? [] : ['text/csv'])]);
  if (chosen === 'text/csv' && sheet !== undefined) {
    const disposition = { 'content-disposition': `attachment; filename="${sheet.name}.csv"` };
    return { contentType: 'text/csv; charset=utf-8; header=present', text: csvOf(sheet.rows()), headers: { ...headers, ...disposition } };
  }
  return { contentType: 'application/json; charset=utf-8', text: jsonText(answer.body), headers };
}

/** The first that is accepted best. */
export function bestOf(accept: string | null, offered: readonly string[]): string {
  const rated = offered.map((type) => ({ type, quality: accepts(accept, type) }));
  const best = rated.reduce((one, other) => (other.quality > one.quality ? other : one));
  if (best.quality === 0) throw notAcceptable(offered);
  return best.type;
}

const notAcceptable = (offered: readonly string[]): Refusal => new Refusal('not-acceptable', `This comes as ${offered.join(' or ')}.`);

/** Names are other people's text: what could be markup stays a string even for a reader that takes the answer for a page. */
export const jsonText = (body: unknown): string =>
  JSON.stringify(body).replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Weak comparison, as If-None-Match wants it (https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2). */
function matches(header: string | null, etag: string): boolean {
  if (header === null) return false;
  return header.split(',').some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === etag);
}
