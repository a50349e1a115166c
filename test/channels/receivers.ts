import { readFileSync } from 'node:fs';
import { openMessenger } from '../../src/channels/index.ts';
import type { Mail } from '../../src/messages/index.ts';
import type { Messenger } from '../../src/ports/index.ts';
import type { Received, Sandbox } from '../../src/sandbox/index.ts';
import { serve, type Serving, type SmallWorld } from '../sandbox/small-world.ts';

export interface Receivers extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly messenger: Messenger;
  readonly secrets: readonly string[];
  received(): Promise<Received>;
}

/** The real senders at the sandbox's real receivers. */
export async function receivers(
  settings: object = {},
  changes: { readonly webhook?: string; readonly smtp?: string } = {},
): Promise<Receivers> {
  const serving: Serving = await serve({ settings } satisfies SmallWorld);
  const { environment } = serving.sandbox;
  const webhook = changes.webhook ?? environment['TEAMS_WEBHOOK_URL'] ?? '';
  const url = changes.smtp ?? environment['SMTP_URL'] ?? '';
  const messenger = openMessenger(
    {
      webhook,
      mail: { kind: 'smtp', url, from: environment['EMAIL_FROM'] ?? '' },
      ca: readFileSync(environment['CLOUD_CA_FILE'] ?? '', 'utf8'),
    },
    { communicationEmail: () => Promise.reject.bind(Promise) },
  );
  return {
    sandbox: serving.sandbox,
    messenger,
    secrets: secretsOf(webhook, url),
    received: () => serving.sandbox.received(),
    [Symbol.asyncDispose]: () => serving[Symbol.asyncDispose](),
  };
}

/** What must appear nowhere: the whole, and the parts that are enough to use it. */
export function secretsOf(webhook: string, smtpUrl: string): readonly string[] {
  const signature = new URL(webhook).searchParams.get('sig') ?? '';
  const password = new URL(smtpUrl).password;
  return [webhook, signature, smtpUrl, password, Buffer.from(password).toString('base64')].filter((text) => text !== '');
}

export const card = (text = 'Something fails'): string =>
  JSON.stringify({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text }], fallbackText: text },
      },
    ],
  });

export const mail = (more: Partial<Mail> = {}): Mail => ({
  subject: 'Something fails',
  text: 'Something fails since 08:00.',
  html: '<p>Something fails since 08:00.</p>',
  headers: {},
  attachments: [],
  ...more,
});

export const people = ['on-call@contoso.example', 'security@contoso.example'];
