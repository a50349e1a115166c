import type { Envelope } from './mailbox.ts';
import type { Post } from './teams.ts';

/** What arrived at the people of a world. */
export interface Received {
  readonly posts: readonly Post[];
  readonly mails: readonly ReceivedMail[];
}

/** A mail as a reader's program shows it. */
export interface ReceivedMail extends Envelope {
  readonly subject: string;
  readonly messageId: string;
  /** Names in lower case; the last one counts where one stands twice. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly {
    readonly name: string;
    readonly contentType: string;
    readonly contentId: string | undefined;
    readonly content: Uint8Array;
  }[];
}

export async function openMail(envelope: Envelope): Promise<ReceivedMail> {
  const { default: PostalMime } = await import('postal-mime');
  const mail = await PostalMime.parse(envelope.raw);
  return {
    ...envelope,
    subject: mail.subject ?? '',
    messageId: mail.messageId ?? '',
    headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key.toLowerCase(), value])),
    text: mail.text ?? '',
    html: mail.html ?? '',
    attachments: mail.attachments.map(({ filename, mimeType, contentId, content }) => ({
      name: filename ?? '',
      contentType: mimeType,
      contentId: contentId?.replace(/^<(.*)>$/, '$1'),
      content: typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content),
    })),
  };
}
