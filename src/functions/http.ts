import type { HttpHandler, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { answerRequest, type Dependencies } from '../api/index.ts';
import { openHouse } from '../compose.ts';
import { secretsOf } from '../config/index.ts';
import { sentence } from '../jobs/error-sentence.ts';
import { safeText } from '../telemetry/index.ts';
import { apiDependencies } from './api-dependencies.ts';
import { compressed } from './compressed.ts';
import { deployedSettings } from './deployed-settings.ts';
import { pageFiles } from './page-files.ts';
import { safeWords } from './safe-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * API and page as one function. The house is opened with the first request and kept: keys of the sign-in authority, the connection to the store and the
 * limits of callers live in it. Always answers: an invocation that fails is an empty 500 to whoever asked.
 */
export function httpDoor(environment: () => Environment, door: { readonly version: string; readonly pageFolder: string }): HttpHandler {
  let opened: Dependencies | undefined;
  return async (asked, context) => {
    try {
      opened ??= open(environment(), door, context);
      const request = await webRequest(asked);
      return await functionsResponse(await compressed(request, await answerRequest(request, opened)));
    } catch (error) {
      context.error((await safeWords(environment()))(sentence(error)));
      return wentWrong;
    }
  };
}

function open(
  environment: Environment,
  door: { readonly version: string; readonly pageFolder: string },
  context: InvocationContext,
): Dependencies {
  const settings = deployedSettings(environment);
  const safe = safeText(secretsOf(settings));
  // Later lines belong to later invocations, whose context is another one.
  // oxlint-disable-next-line no-console -- the worker passes on what is printed
  const log = (line: string): void => console.log(safe(line));
  const house = openHouse(settings, (line) => context.info(line));
  return apiDependencies({ house, settings, version: door.version, pages: pageFiles(door.pageFolder), log });
}

/** The library's request lacks what the web's has; the API takes the web's. */
async function webRequest(asked: HttpRequest): Promise<Request> {
  const { url, method } = asked;
  const headers = new Headers([...asked.headers]);
  const takesNone = method === 'GET' || method === 'HEAD';
  return new Request(url, { method, headers, ...(!takesNone && { body: await asked.arrayBuffer() }) });
}

async function functionsResponse(response: Response): Promise<HttpResponseInit> {
  const body = response.body === null ? {} : { body: new Uint8Array(await response.arrayBuffer()) };
  return { status: response.status, headers: Object.fromEntries(response.headers), ...body };
}

const wentWrong: HttpResponseInit = {
  status: 503,
  headers: {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  },
  body: JSON.stringify({
    type: 'urn:mi-audit:problem:not-configured',
    title: 'The app cannot answer',
    status: 503,
    detail: 'Most often an app setting is wrong. The log of the app names it.',
    instance: '/',
  }),
};
