import { isRestError } from '@azure/core-rest-pipeline';

/** What went wrong with a call, as far as the collector must tell cases apart. */
export interface Trouble {
  readonly kind: 'forbidden' | 'absent' | 'throttled' | 'rejected' | 'unreachable' | 'malformed';
  readonly status?: number | undefined;
  /** Azure's own error code, such as `AuthorizationFailed`. */
  readonly code?: string | undefined;
  /** A clause that fits into "… failed: <text>". Never holds a token; Azure's words are cut and cleaned. */
  readonly text: string;
}

export function troubleOf(error: unknown): Trouble {
  const status = statusOf(error);
  const code = codeOf(error);
  const words = sentence(error instanceof Error ? error.message : String(error));
  if (status === undefined || status < 400) {
    if (isRestError(error) && error.code === 'PARSE_ERROR') return { kind: 'malformed', code, text: 'the answer was not readable JSON' };
    return { kind: 'unreachable', code, text: words === '' ? 'no answer' : words };
  }
  return {
    kind: kindOf(status),
    status,
    code,
    text: `HTTP ${status}${code === undefined ? '' : ` ${code}`}${words === '' ? '' : `, ${words}`}`,
  };
}

/** True where the SDK's retry policy has not tried again already, and trying again can help: a broken body, an unusual network error. */
export const worthAnotherTry = (trouble: Trouble): boolean =>
  trouble.status === undefined && (trouble.kind === 'unreachable' || trouble.kind === 'malformed');

function kindOf(status: number): Trouble['kind'] {
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'absent';
  if (status === 429) return 'throttled';
  return status >= 500 || status === 408 ? 'unreachable' : 'rejected';
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  const status = Number(error.statusCode);
  return Number.isInteger(status) && status > 0 ? status : undefined;
}

function codeOf(error: unknown): string | undefined {
  const inBody = isRestError(error) ? bodyCode(error.response?.bodyAsText) : undefined;
  const code = inBody ?? (isRestError(error) ? error.code : undefined);
  return code !== undefined && /^[\w.-]{1,80}$/.test(code) ? code : undefined;
}

function bodyCode(text: string | null | undefined): string | undefined {
  if (text === undefined || text === null || text === '') return undefined;
  try {
    const body = JSON.parse(text) as { readonly error?: { readonly code?: unknown } } | null;
    return typeof body?.error?.code === 'string' ? body.error.code : undefined;
  } catch {
    return undefined;
  }
}

/** Control characters out, one line, 300 characters: what a service answers may be an attacker's text. */
function sentence(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return clean.length > 300 ? `${clean.slice(0, 299)}…` : clean;
}
