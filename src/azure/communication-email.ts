import { createHash, randomUUID } from 'node:crypto';
import { bearerTokenAuthenticationPolicy, createPipelineFromOptions } from '@azure/core-rest-pipeline';
import type { EmailClient, EmailMessage, EmailSendOptionalParams } from '@azure/communication-email';
import type { TokenCredential } from '@azure/core-auth';
import type { Mail } from '../messages/index.ts';
import type { Delivery, Messenger } from '../ports/index.ts';
import { failedMail, outcomeOf } from './communication-email-answer.ts';
import { mailGuard } from './communication-email-guard.ts';
import { deadline } from './deadline.ts';
import { rest } from './rest.ts';
import { toldHttpClient } from './told-http-client.ts';
import { troubleOf } from './trouble.ts';
import { wait as realWait, type Wait } from './wait.ts';

export interface CommunicationEmailOptions {
  /** `https://NAME.communication.azure.com` */
  readonly endpoint: string;
  readonly from: string;
  readonly credential: TokenCredential;
  readonly ca?: string;
  readonly wait?: Wait;
  readonly timeoutSeconds?: number;
}

const apiVersion = '2025-09-01';
const scope = 'https://communication.azure.com/.default';
/** Between looks at the status. Few: an Azure-managed domain allows 20 looks an hour. https://learn.microsoft.com/azure/communication-services/concepts/service-limits#email */
const looksSeconds = [1, 3, 8];

/**
 * Sends mails by Azure Communication Services, signed in as the auditor's identity. The operation id is derived from the reference, and its status is asked first: an
 * attempt whose answer was lost is found there instead of being sent again.
 */
export function communicationEmail(options: CommunicationEmailOptions): Messenger['sendMail'] {
  const { endpoint, wait = realWait } = options;
  const service = connect(options);
  return async (mail, recipients, reference) => {
    const id = operationIdOf(reference);
    try {
      const { client, status } = await service();
      const before = await status(id);
      if (before !== undefined && before.status !== 'Failed' && before.status !== 'Canceled') return outcomeOf(before);
      // What failed for good has not arrived: sent anew, it needs an id of its own.
      const operationId = before === undefined ? id : randomUUID();
      const sent = await send(client, messageOf(mail, options.from, recipients), operationId);
      if (sent !== 'accepted') return sent;
      return await followed(() => status(operationId), wait);
    } catch (error) {
      return failedMail(error, endpoint);
    }
  };
}

interface Operation {
  readonly status: string;
  readonly code?: string;
}

interface Service {
  readonly client: EmailClient;
  /** Undefined: no such operation, or the service does not want to say now. */
  readonly status: (id: string) => Promise<Operation | undefined>;
}

function connect({ endpoint, credential, ca, timeoutSeconds = 60 }: CommunicationEmailOptions): () => Promise<Service> {
  const guard = mailGuard(endpoint);
  const late = deadline(timeoutSeconds * 1000);
  const httpClient = toldHttpClient('email');
  const pipelineOptions = {
    // The outbox tries again, with what the service asks for.
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: 'mi-audit' },
    ...(ca !== undefined && { tlsOptions: { ca } }),
  };
  let made: Promise<Service> | undefined;
  return () => (made ??= make());

  async function make(): Promise<Service> {
    const { EmailClient } = await import('@azure/communication-email');
    const client = new EmailClient(endpoint, credential, {
      ...pipelineOptions,
      httpClient,
      additionalPolicies: [late, guard].map((policy) => ({ policy, position: 'perRetry' as const })),
    });
    const pipeline = createPipelineFromOptions(pipelineOptions);
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: [scope] }), { phase: 'Sign' });
    pipeline.addPolicy(late, { afterPhase: 'Sign' });
    pipeline.addPolicy(guard, { afterPhase: 'Sign', afterPolicies: [late.name] });
    const calls = rest(endpoint, pipeline, httpClient);
    return { client, status: (id) => operation(() => calls.get(`/emails/operations/${id}?api-version=${apiVersion}`)) };
  }
}

async function operation(ask: () => Promise<unknown>): Promise<Operation | undefined> {
  let body: unknown;
  try {
    body = await ask();
  } catch (error) {
    const { kind } = troubleOf(error);
    if (kind === 'absent' || kind === 'throttled') return undefined;
    throw error;
  }
  if (typeof body !== 'object' || body === null || !('status' in body) || typeof body.status !== 'string') return undefined;
  const error = 'error' in body ? body.error : undefined;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return { status: body.status, ...(typeof code === 'string' && /^[\w.-]{1,80}$/.test(code) && { code }) };
}

/** The client polls at once after sending; what counts is that the service took the mail. */
async function send(client: EmailClient, message: EmailMessage, operationId: string): Promise<'accepted' | Delivery> {
  const taken = { yes: false };
  const options: EmailSendOptionalParams = {
    operationId,
    onResponse: ({ status, request }) => {
      if (request.method === 'POST' && status >= 200 && status < 300) taken.yes = true;
    },
  };
  try {
    await client.beginSend(message, options);
  } catch (error) {
    if (!taken.yes) throw error;
  }
  return 'accepted';
}

/** Taken is delivered, as with a mail server; a look or two shows whether it failed right after. */
async function followed(status: () => Promise<Operation | undefined>, wait: Wait): Promise<Delivery> {
  for (const seconds of looksSeconds) {
    await wait(seconds * 1000);
    const operation = await status().catch(() => undefined);
    if (operation !== undefined && operation.status !== 'Running' && operation.status !== 'NotStarted') return outcomeOf(operation);
  }
  return outcomeOf({ status: 'Running' });
}

function messageOf(mail: Mail, from: string, recipients: readonly string[]): EmailMessage {
  return {
    senderAddress: from,
    recipients: { to: recipients.map((address) => ({ address })) },
    content: { subject: oneLine(mail.subject), plainText: mail.text, html: mail.html },
    headers: Object.fromEntries(
      Object.entries(mail.headers)
        .filter(([name]) => /^[!-9;-~]{1,76}$/.test(name) && !ownHeaders.test(name))
        .map(([name, value]) => [name, oneLine(value)]),
    ),
    attachments: mail.attachments.map(({ name, contentType, content, contentId }) => ({
      name: oneLine(name),
      contentType: oneLine(contentType),
      contentInBase64: Buffer.from(content).toString('base64'),
      ...(contentId !== undefined && { contentId: oneLine(contentId) }),
    })),
    // Its tracking would put a picture and rewritten links into the mail.
    disableUserEngagementTracking: true,
  };
}

/** `x-ms-acsemail-*` are orders to the service: https://learn.microsoft.com/azure/communication-services/concepts/email/email-headers */
const ownHeaders = /^(from|sender|to|cc|bcc|subject|date|mime-version|content-.*|x-ms-.*)$/i;

const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

/** A GUID of version 8 (own making, RFC 9562) from the reference. */
export function operationIdOf(reference: string): string {
  const hex = createHash('sha256').update(`mi-audit mail ${reference}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
