import type { Mail, MailAttachment } from '../messages/index.ts';

/** The mail as it goes over the wire. `from` and `recipients` are addresses without names. */
export async function mimeOf(mail: Mail, from: string, recipients: readonly string[], messageId: string): Promise<Buffer> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const { id, references, inReplyTo, others } = headersOf(mail.headers);
  const composer = new MailComposer({
    from: { name: 'mi-audit', address: from },
    to: recipients.map((address) => ({ name: '', address })),
    subject: oneLine(mail.subject),
    text: mail.text,
    html: mail.html,
    messageId: id ?? messageId,
    ...(references !== undefined && { references }),
    ...(inReplyTo !== undefined && { inReplyTo }),
    headers: others,
    attachments: mail.attachments.map(attachmentOf),
    // Texts come from a tenant: none of them may name a file or an address to be fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

function attachmentOf({ name, contentType, content, contentId }: MailAttachment) {
  return {
    filename: oneLine(name),
    contentType: oneLine(contentType),
    content: typeof content === 'string' ? content : Buffer.from(content.buffer, content.byteOffset, content.byteLength),
    ...(contentId !== undefined && { cid: oneLine(contentId), contentDisposition: 'inline' as const }),
  };
}

/** What the envelope says, or the composer itself, is not for a renderer to say. */
const ownHeaders =
  /^(from|sender|to|cc|bcc|subject|date|mime-version|return-path|received|dkim-signature|content-.*|x-ms-exchange-.*|resent-.*)$/i;

function headersOf(given: Mail['headers']): {
  readonly id?: string;
  readonly references?: string;
  readonly inReplyTo?: string;
  readonly others: Record<string, string>;
} {
  const found = new Map<string, string>();
  // Nobody's absence note shall answer: https://www.rfc-editor.org/rfc/rfc3834#section-5
  const others: Record<string, string> = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };
  for (const [name, value] of Object.entries(given)) {
    if (!/^[!-9;-~]{1,76}$/.test(name) || ownHeaders.test(name)) continue;
    if (/^(message-id|references|in-reply-to)$/i.test(name)) found.set(name.toLowerCase(), oneLine(value));
    else others[name] = oneLine(value);
  }
  const [id, references, inReplyTo] = [found.get('message-id'), found.get('references'), found.get('in-reply-to')];
  return {
    ...(id !== undefined && { id }),
    ...(references !== undefined && { references }),
    ...(inReplyTo !== undefined && { inReplyTo }),
    others,
  };
}

/** Line breaks end a header and begin the next one; no control character belongs into any. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
