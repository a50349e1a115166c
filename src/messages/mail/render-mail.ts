import type { Mail } from '../mail.ts';
import type { Message, MessageContext } from '../message.ts';
import { digestMail } from './digest-mail.ts';
import { findingMail } from './finding-mail.ts';
import { headersOf, subjectOf } from './headers.ts';
import { incidentMail } from './incident-mail.ts';
import { inert } from './inert.ts';
import type { MailText } from './mail-text.ts';
import { plainText } from './plain-text.ts';

/** A message as a mail: HTML that Outlook shows, plain text that reads for itself, and headers that keep one incident in one thread. */
export async function renderMail(message: Message, context: MessageContext): Promise<Mail> {
  const text = inert(textOf(message, context));
  return {
    subject: subjectOf(text.subject),
    text: plainText(text),
    html: await htmlOf(text),
    headers: headersOf(message.kind === 'digest' ? 'digest' : 'alerts', context, threadOf(message)),
    attachments: [],
  };
}

/** React and the templates take most of a second to load: only who sends mail waits for them. */
export const htmlOf = async (text: MailText): Promise<string> => (await import('./html-mail.ts')).htmlMail(text);

function textOf(message: Message, context: MessageContext): MailText {
  switch (message.kind) {
    case 'incident':
      return incidentMail(message, context);
    case 'finding':
      return findingMail(message, context);
    case 'digest':
      return digestMail(message, context);
  }
}

function threadOf(message: Message): string | undefined {
  switch (message.kind) {
    case 'incident':
      return message.incident.id;
    case 'finding':
      return message.finding.id;
    case 'digest':
      return undefined;
  }
}
