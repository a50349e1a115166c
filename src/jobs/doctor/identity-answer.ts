import { z } from 'zod';
import type { HostAnswer } from '../../ports/index.ts';

/** The words of a refusal, however the endpoint spells them; empty where the body says nothing readable. */
export function wordsOf({ body }: HostAnswer): string {
  const parsed = errorBody.safeParse(json(body));
  if (!parsed.success) return isPage(body) ? '' : xmlWords(body);
  const { error, error_description, message, ExceptionMessage, ErrorCode } = parsed.data;
  const inner = typeof error === 'object' ? [error.code, error.message] : [error];
  return [...inner, error_description, ErrorCode, ExceptionMessage, message].filter((part) => part !== undefined && part !== '').join(': ');
}

/** Storage answers XML. */
function xmlWords(body: string): string {
  const parts = ['Code', 'Message', 'AuthenticationErrorDetail'].map((name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1]);
  const found = parts.filter((part) => part !== undefined && part !== '');
  return found.length === 0 ? body : found.join(': ');
}

export function tokenIn({ status, body }: HostAnswer): string | undefined {
  const parsed = tokenBody.safeParse(json(body));
  return status === 200 && parsed.success ? parsed.data.access_token : undefined;
}

/**
 * Something between this host and the endpoint answered: a page for people, a proxy's own status, or the marks that proxies leave. Identity endpoints
 * answer JSON, or a bare sentence.
 */
export function isFromProxy({ status, headers, body }: HostAnswer): boolean {
  return (
    status === 407 ||
    status === 502 ||
    status === 504 ||
    isPage(body) ||
    /\btext\/html\b/i.test(headers['content-type'] ?? '') ||
    ['via', 'proxy-authenticate', 'proxy-connection', 'x-squid-error', 'x-bluecoat-via'].some((name) => headers[name] !== undefined)
  );
}

const isPage = (body: string): boolean => /^\s*(?:<!doctype|<html|<head|<body|<\?xml[^>]*\?>\s*<!doctype html)/i.test(body);

export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const word = z.string().optional().catch(undefined);
const errorBody = z.object({
  error: z
    .union([z.string(), z.object({ code: word, message: word })])
    .optional()
    .catch(undefined),
  error_description: word,
  message: word,
  ExceptionMessage: word,
  ErrorCode: word,
});
const tokenBody = z.object({ access_token: z.string().min(1) });
