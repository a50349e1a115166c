import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Message, MessageContext } from '../message.ts';
import { digestCard } from './digest-card.ts';
import type { AdaptiveCard, CardElement, OpenUrl } from './elements.ts';
import { withoutMarkup } from './foreign-text.ts';
import { findingCard } from './finding-card.ts';
import { incidentCard } from './incident-card.ts';
import { keptBytesMax, payloadBytesMax, rooms, type Room } from './room.ts';

/** What a card says, before it is put into its envelope. */
export interface CardContent {
  /** For clients that cannot show the card: its first two lines as one text. */
  readonly summary: string;
  readonly body: readonly CardElement[];
  readonly actions: readonly OpenUrl[];
}

/**
 * The JSON that a Teams Workflow takes ("When a Teams webhook request is received"): a message with one Adaptive Card 1.5. Under 25,000 bytes whatever is inside:
 * parts are left out in the order of `rooms`, and the card says how many and where they are.
 */
export function renderCard(message: Message, context: MessageContext): string {
  for (const room of rooms) {
    const payload = envelope(content(message, context, room));
    if (fits(payload)) return payload;
  }
  throw new Error(`A card about ${message.kind} does not fit into ${payloadBytesMax} bytes, although its smallest form should.`);
}

/** Teams keeps the card as text inside text and measures that: each quote counts twice (MicrosoftDocs/msteams-docs#11274). */
const fits = (payload: string): boolean =>
  utf8ToBytes(payload).length < payloadBytesMax && utf8ToBytes(JSON.stringify(payload)).length < keptBytesMax;

function content(message: Message, context: MessageContext, room: Room): CardContent {
  switch (message.kind) {
    case 'incident':
      return incidentCard(message, context, room);
    case 'finding':
      return findingCard(message, context, room);
    case 'digest':
      return digestCard(message, context, room);
  }
}

function envelope({ summary, body, actions }: CardContent): string {
  const card: AdaptiveCard = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.5',
    fallbackText: withoutMarkup(summary),
    body,
    actions,
  };
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card };
  return JSON.stringify({ type: 'message', attachments: [attachment] });
}
