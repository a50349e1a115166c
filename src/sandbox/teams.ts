import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { Failure } from './failure.ts';
import { jsonBody, type Call, type Reply, type Service } from './http.ts';
import { isObject, listAt, textAt, valueAt, type JsonObject } from './json.ts';
import type { Quota } from './quota.ts';

/** A card as the channel shows it. */
export interface Post {
  /** From x-ms-client-tracking-id: repeated posts of one delivery carry the same. */
  readonly reference: string | undefined;
  /** Of the whole request. */
  readonly bytes: number;
  /** The Adaptive Card. */
  readonly card: JsonObject;
}

export interface TeamsChannel {
  readonly service: Service;
  /** Path and query of the webhook; its signature is the secret. */
  readonly address: string;
  posts(): readonly Post[];
}

const messageBytesMax = 28 * 1024;
const cardVersionMax = 1.5;
const cardType = 'application/vnd.microsoft.card.adaptive';

/**
 * One channel behind a Workflow ("When a Teams webhook request is received"). Real Workflows take the request with 202 and fail later, unseen by the caller; here what Teams would not
 * show is an error at once. It offers no idempotency, as they do not: what is posted twice stands there twice.
 */
export function teamsChannel(quota: Quota, arrived: (post: Post) => void): TeamsChannel {
  const id = randomUUID().replaceAll('-', '');
  const signature = randomBytes(32).toString('base64url');
  const path = `/powerautomate/automations/direct/workflows/${id}/triggers/manual/paths/invoke`;
  const kept: Post[] = [];

  function handle(call: Call): Reply {
    if (call.path !== path) throw new Failure(404, 'WorkflowNotFound', 'The workflow could not be found.');
    if (call.method !== 'POST') throw new Failure(405, 'MethodNotAllowed', `The workflow trigger does not take ${call.method}.`);
    if (!same(call.query.get('sig') ?? '', signature))
      throw new Failure(401, 'DirectApiAuthorizationRequired', 'The request must be authenticated only by Shared Access scheme.');
    const { allowed, resetsAfterMs } = quota.take();
    if (!allowed)
      throw new Failure(429, 'TooManyRequests', 'Rate limit is exceeded. Try again later.', {
        headers: { 'retry-after': String(Math.ceil(resetsAfterMs / 1000)) },
      });
    const bytes = Buffer.byteLength(call.body);
    if (bytes > messageBytesMax) throw tooLarge(bytes);
    const reference = call.headers['x-ms-client-tracking-id'];
    const cards = cardsIn(call);
    // Teams keeps a card as a text inside of its own JSON, and measures that: https://github.com/MicrosoftDocs/msteams-docs/issues/11274
    const stored = cards.reduce((sum, card) => sum + Buffer.byteLength(JSON.stringify(JSON.stringify(card))), 0);
    if (stored > messageBytesMax) throw tooLarge(stored);
    for (const card of cards) {
      const post = { reference: typeof reference === 'string' ? reference : undefined, bytes, card };
      kept.push(post);
      arrived(post);
    }
    return { status: 202 };
  }
  return {
    service: {
      name: 'teams',
      handle,
      refuse: ({ status, code, message, headers }) => ({ status, headers, body: { error: { code, message } } }),
    },
    address: `${path}?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=${signature}`,
    posts: () => [...kept],
  };
}

const same = (given: string, expected: string): boolean =>
  given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));

function cardsIn(call: Call): readonly JsonObject[] {
  if (!/^application\/json\b/i.test(call.headers['content-type'] ?? '')) throw mismatch('the content type is not application/json');
  const body = jsonBody(call);
  if (valueAt(body, 'type') !== 'message') throw mismatch('type is not "message"');
  const attachments = listAt(body, 'attachments');
  if (attachments.length === 0) throw mismatch('attachments is not a list of cards');
  return attachments.map((attachment) => {
    if (textAt(attachment, 'contentType') !== cardType) throw mismatch(`contentType of an attachment is not ${cardType}`);
    const card = valueAt(attachment, 'content');
    if (!isObject(card) || textAt(card, 'type') !== 'AdaptiveCard') throw mismatch('content of an attachment is no AdaptiveCard');
    const version = textAt(card, 'version') ?? '';
    if (!/^\d\.\d$/.test(version) || Number(version) > cardVersionMax)
      throw mismatch(`card version ${version} is not shown by Teams, which shows up to ${cardVersionMax}`);
    if (listAt(card, 'body').length === 0) throw mismatch('the card has no body');
    return card;
  });
}

const tooLarge = (bytes: number): Failure =>
  new Failure(
    413,
    'MessageSizeExceeded',
    `Message properties size exceeded. Actual message properties size: ${bytes} bytes, whereas max allowed size is ${messageBytesMax} bytes`,
  );

const mismatch = (what: string): Failure =>
  new Failure(400, 'TriggerInputSchemaMismatch', `The input body for trigger 'manual' did not match its schema definition: ${what}.`);
