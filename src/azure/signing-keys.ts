import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type TlsSettings,
} from '@azure/core-rest-pipeline';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';

/** So often at most are the keys asked for because of a `kid` that nobody knows: tokens with made-up ones must not become a flood. */
const cooldownMs = 30_000;
/** Entra rolls its keys over in days and announces none of it. */
const ageMaxMs = 3_600_000;
const timeoutMs = 10_000;

/**
 * The keys that the authority signs tokens with, read when the first token comes and kept. An unknown `kid` reads them anew, at most once per cool-down, so
 * that a roll-over is seen within seconds.
 */
export function signingKeys(options: {
  readonly url: string;
  readonly ca?: string | undefined;
  readonly httpClient?: HttpClient;
  readonly cooldownMs?: number;
}): JWTVerifyGetKey {
  const client = options.httpClient ?? createDefaultHttpClient();
  const tlsSettings: TlsSettings | undefined = options.ca === undefined ? undefined : { ca: options.ca };
  return createRemoteJWKSet(new URL(options.url), {
    timeoutDuration: timeoutMs,
    cooldownDuration: options.cooldownMs ?? cooldownMs,
    cacheMaxAge: ageMaxMs,
    [customFetch]: async (url, { method, headers, signal }) => {
      const answer = await client.sendRequest(
        createPipelineRequest({
          url,
          method,
          headers: createHttpHeaders(Object.fromEntries(headers)),
          abortSignal: signal,
          timeout: timeoutMs,
          allowInsecureConnection: /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(url),
          ...(tlsSettings !== undefined && { tlsSettings }),
        }),
      );
      return new Response(answer.bodyAsText ?? '', { status: answer.status });
    },
  });
}
