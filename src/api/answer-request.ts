import { sentence } from '../jobs/error-sentence.ts';
import { admit } from './auth/admit.ts';
import type { Caller } from './auth/caller.ts';
import type { Dependencies } from './dependencies.ts';
import { json } from './http/answer.ts';
import { readBody } from './http/body.ts';
import { corsHeaders, preflightHeaders } from './http/cors.ts';
import { Refusal, problemOf } from './http/problem.ts';
import { readQuery } from './http/query.ts';
import { jsonText, respond } from './http/respond.ts';
import { route, type Route } from './http/route.ts';
import { routeTable } from './http/route-table.ts';
import { apiContentPolicy, securityHeaders } from './http/security-headers.ts';
import { openApi } from './openapi.ts';
import { servePage } from './pages.ts';
import { routes } from './routes/index.ts';

/** Per caller. A page asks a handful of questions when it opens, and one for each letter that is typed. */
const allowance = { burst: 120, perMinute: 240 };
const urlCharsMax = 8_192;

const document = route({
  method: 'GET',
  path: '/api/openapi.json',
  summary: 'This document',
  needs: 'anybody',
  answers: { 200: { about: 'OpenAPI 3.1.' } },
  handle: async ({ api }) => json(openApi(allRoutes, api.settings.version)),
});
const allRoutes: readonly Route[] = [...routes, document];
const table = routeTable(allRoutes);

/** Answers whatever is asked, and never throws. */
export async function answerRequest(request: Request, api: Dependencies): Promise<Response> {
  const { pathname } = new URL(request.url);
  const isApi = pathname === '/api' || pathname.startsWith('/api/');
  const response = await (isApi ? answerApi(request, pathname, api) : answerPage(request, pathname, api)).catch((error: unknown) =>
    problemResponse(request, pathname, error, api),
  );
  return request.method === 'HEAD' ? new Response(null, response) : response;
}

async function answerPage(request: Request, pathname: string, api: Dependencies): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed(['GET', 'HEAD']);
  return servePage(pathname, api.pages, { authority: api.settings.authority, nonce: api.reference() });
}

async function answerApi(request: Request, pathname: string, api: Dependencies): Promise<Response> {
  const url = new URL(request.url);
  if (request.url.length > urlCharsMax) throw new Refusal('too-large', `The address is longer than ${urlCharsMax} characters.`);
  const found = table(request.method === 'HEAD' ? 'GET' : request.method, pathname);
  switch (found.kind) {
    case 'nothing':
      throw new Refusal('not-found', 'The API has no such address. /api/openapi.json lists all.');
    case 'other-methods':
      if (request.method === 'OPTIONS')
        return withHeaders(
          new Response(null, { status: 204, headers: { allow: found.methods.join(', ') } }),
          preflightHeaders(request, api.settings.allowedOrigins, found.methods),
        );
      throw methodNotAllowed(found.methods);
    case 'route': {
      const { caller, sight } = await admit(request, found.route.needs, api);
      takeTurn(caller, api);
      const query = readQuery(found.route.query, url.searchParams);
      const body = await readBody(request, found.route.body);
      const answer = await found.route.handle({ request, query, body, path: found.path, caller, sight, api });
      return withHeaders(respond(request, answer), {
        ...(answer.kind === 'text' && answer.contentPolicy !== undefined && { 'content-security-policy': answer.contentPolicy }),
        ...corsHeaders(request, api.settings.allowedOrigins),
      });
    }
  }
}

function takeTurn(caller: Caller | undefined, { limiter }: Dependencies): void {
  if (caller === undefined) return;
  const wait = limiter.take(`caller ${caller.objectId}`, allowance);
  if (wait > 0)
    throw new Refusal('too-many-requests', `You ask faster than this answers. Try again in ${wait} seconds.`, {
      headers: { 'retry-after': String(wait) },
    });
}

const methodNotAllowed = (methods: readonly string[]): Refusal =>
  new Refusal('method-not-allowed', `This address takes ${methods.join(', ')}.`, { headers: { allow: methods.join(', ') } });

/** What went wrong, in words for the caller; what is not theirs to know goes to the log under the same reference. */
function problemResponse(request: Request, pathname: string, error: unknown, api: Dependencies): Response {
  const refusal = error instanceof Refusal ? error : unexpected(error, api);
  if (refusal.kind === 'unavailable' && refusal.cause !== undefined)
    api.log(`${request.method} ${shownPath(pathname)}: ${sentence(refusal)}`);
  const response = new Response(jsonText(problemOf(refusal, shownPath(pathname))), {
    status: refusal.status,
    headers: {
      ...refusal.headers,
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      vary: 'Accept, Authorization, Origin',
    },
  });
  return withHeaders(response, corsHeaders(request, api.settings.allowedOrigins));
}

function unexpected(cause: unknown, api: Dependencies): Refusal {
  // A setting that is needed and absent is named by an error of its own, and its words are for whoever runs the app.
  if (cause instanceof Error && cause.name === 'MissingSetting')
    return new Refusal('not-configured', 'Nothing is stored: the app setting STORE is missing.', { cause });
  const reference = api.reference();
  api.log(`${reference}: ${sentence(cause)}${cause instanceof Error ? `\n${cause.stack ?? ''}` : ''}`);
  return new Refusal('went-wrong', `The log of the app says what happened, under the reference ${reference}.`, { cause });
}

const shownPath = (pathname: string): string => pathname.slice(0, 200).replace(/[^\w/.%~:@!$'()*+,;=-]/g, '?');

function withHeaders(response: Response, more: Readonly<Record<string, string>>): Response {
  for (const [name, value] of Object.entries({ ...securityHeaders, 'content-security-policy': apiContentPolicy, ...more }))
    response.headers.set(name, value);
  return response;
}
