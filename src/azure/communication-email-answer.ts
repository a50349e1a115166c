import { isRestError } from '@azure/core-rest-pipeline';
import type { Delivery } from '../ports/index.ts';
import { troubleOf } from './trouble.ts';

/** What the state of an operation means for the mail. */
export function outcomeOf({ status, code }: { readonly status: string; readonly code?: string }): Delivery {
  if (status === 'Succeeded') return { kind: 'delivered' };
  if (status === 'Failed' || status === 'Canceled')
    return {
      kind: 'refused',
      why: `Communication Services took the mail and then failed to send it${code === undefined ? '' : ` (${code})`}. Check that the domain of EMAIL_FROM is verified and connected, and the suppression list.`,
    };
  return { kind: 'delivered', note: 'Communication Services took the mail and was still sending it when last asked.' };
}

/** In our own words and with Azure's codes only. */
export function failedMail(error: unknown, endpoint: string): Delivery {
  const { status, code } = troubleOf(error);
  const where = `Communication Services (${endpoint})`;
  const said = `HTTP ${status}${code === undefined ? '' : ` ${code}`}`;
  if (status === undefined) return withoutAnswer(error, where);
  if (status === 429) return { kind: 'later', why: `${where} is throttled (${said}).`, ...retryAfter(error) };
  if (status === 504) return { kind: 'unknown', why: `${where} timed out behind its gateway (${said}); the mail may have been sent.` };
  if (status >= 500 || status === 408) return { kind: 'later', why: `${where} is out of order (${said}).`, ...retryAfter(error) };
  if (status === 401 || status === 403)
    return {
      kind: 'refused',
      why: `${where} does not let the auditor send (${said}). Give its identity the role of docs/channels.md on that resource.`,
    };
  if (status === 404) return { kind: 'refused', why: `${where} is not there (${said}). Check ACS_ENDPOINT.` };
  if (status === 413) return { kind: 'refused', why: `${where} does not take a mail this large (${said}): 10 MB with its attachments.` };
  return {
    kind: 'refused',
    why: `${where} refused the mail (${said}). Check that EMAIL_FROM is a sender of a domain that is connected there, and the recipients' addresses.`,
  };
}

/** Errors of a connection that never came about, and of signing in. */
const nothingSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function withoutAnswer(error: unknown, where: string): Delivery {
  const name = error instanceof Error ? error.name : '';
  if (/^(CredentialUnavailableError|AuthenticationError|AggregateAuthenticationError|AuthenticationRequiredError)$/.test(name))
    return { kind: 'later', why: `The auditor could not sign in for ${where}; nothing was sent. \`mi-audit doctor\` says why.` };
  const code = isRestError(error) && error.code !== undefined && /^[A-Z][A-Z0-9_]{1,60}$/.test(error.code) ? error.code : 'no answer';
  if (nothingSent.has(code) || /CERT|SIGNED|ISSUER/.test(code))
    return { kind: 'later', why: `${where} could not be reached (${code}); nothing was sent. Check name resolution, firewall and proxy.` };
  if (name === 'RefusedMailCall') return { kind: 'refused', why: 'ACS_ENDPOINT is not the address of a Communication Services resource.' };
  return { kind: 'unknown', why: `${where} did not answer (${code}); the mail may have been sent.` };
}

function retryAfter(error: unknown): { readonly retryAfterSeconds?: number } {
  const text = isRestError(error) ? error.response?.headers.get('retry-after') : undefined;
  return text !== undefined && /^\d{1,6}$/.test(text) ? { retryAfterSeconds: Math.min(Number(text), 24 * 3600) } : {};
}
