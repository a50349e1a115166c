import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { MessageContext } from '../message.ts';

/**
 * The same message sent twice has one Message-ID, so that a mailbox can tell; all mails about one subject refer to one root that is never sent, so that
 * they are one thread whichever of them arrives first. `.invalid` belongs to nobody (RFC 2606).
 */
export function headersOf(
  list: 'alerts' | 'digest' | 'review',
  context: MessageContext,
  thread?: string,
): Readonly<Record<string, string>> {
  const domain = `${domainLabel(context.tenantId)}.mi-audit.invalid`;
  const root = thread === undefined ? undefined : `<${digestOf(thread)}.thread@${domain}>`;
  return {
    'Message-ID': `<${digestOf(context.reference)}@${domain}>`,
    'List-Id': `mi-audit ${list} <${list}.${domain}>`,
    ...(root !== undefined && { References: root, 'In-Reply-To': root }),
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
  };
}

const digestOf = (text: string): string => bytesToHex(sha256(utf8ToBytes(text.toWellFormed()))).slice(0, 32);
const domainLabel = (tenantId: string): string =>
  tenantId
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '')
    .slice(0, 60) || 'tenant';

/** One line of visible text: a name must not begin a new header, nor fill a screen. */
export const subjectOf = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 240)
    .toWellFormed();
