import type { Messenger } from '../ports/index.ts';
import { smtp } from './smtp.ts';
import { teamsWebhook } from './teams-webhook.ts';

/** How one channel is reached. Holds secrets: never printed. */
export interface MessengerSettings {
  /** Of a Teams channel. */
  readonly webhook?: string | undefined;
  /** How mails leave the house. */
  readonly mail?: MailWay | undefined;
  /** PEM of an authority that counts besides those that the machine trusts. */
  readonly ca?: string | undefined;
}

export type MailWay =
  | { readonly kind: 'smtp'; readonly url: string; readonly from: string }
  | { readonly kind: 'acs'; readonly endpoint: string; readonly from: string };

export interface MessengerClients {
  /** Azure Communication Services: an Azure client like the others, and made with them. */
  communicationEmail(way: { readonly endpoint: string; readonly from: string }): Messenger['sendMail'];
}

/** The messenger of one channel. What the channel has no way for is refused, in words. */
export function openMessenger({ webhook, mail, ca }: MessengerSettings, clients: MessengerClients): Messenger {
  const trusted = ca === undefined ? {} : { ca };
  return {
    sendCard: webhook === undefined ? nothing('cards: it has no webhook') : teamsWebhook({ url: webhook, ...trusted }),
    sendMail: mail === undefined ? nothing('mail: set SMTP_URL or ACS_ENDPOINT, and EMAIL_FROM') : mailer(mail, trusted, clients),
  };
}

function mailer(way: MailWay, trusted: { readonly ca?: string }, clients: MessengerClients): Messenger['sendMail'] {
  switch (way.kind) {
    case 'smtp':
      return smtp({ url: way.url, from: way.from, ...trusted });
    case 'acs':
      return clients.communicationEmail(way);
  }
}

const nothing = (what: string) => async (): Promise<{ readonly kind: 'refused'; readonly why: string }> => ({
  kind: 'refused',
  why: `This channel has no way to send ${what}.`,
});
