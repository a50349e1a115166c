import type { Message, MessageContext } from '../../../src/messages/index.ts';
import { renderCard } from '../../../src/messages/index.ts';

export interface Part {
  readonly type?: string;
  readonly text?: string;
  readonly title?: string;
  readonly url?: string;
  readonly id?: string;
  readonly style?: string;
  readonly isVisible?: boolean;
  readonly fontType?: string;
  readonly [name: string]: unknown;
}

export interface ReadCard {
  readonly payload: string;
  readonly fallbackText: string;
  readonly body: readonly Part[];
  readonly actions: readonly Part[];
  /** Every object of the card. */
  readonly parts: readonly Part[];
  /** What a reader sees, a line per block. */
  readonly lines: readonly string[];
  /** What stands in monospace: commands and references. */
  readonly commands: readonly string[];
}

export function readCard(message: Message, context: MessageContext): ReadCard {
  const payload = renderCard(message, context);
  const card = (JSON.parse(payload) as { attachments: [{ content: { body: Part[]; actions: Part[]; fallbackText: string } }] })
    .attachments[0].content;
  const parts = objects(card);
  return {
    payload,
    fallbackText: card.fallbackText,
    body: card.body,
    actions: card.actions,
    parts,
    lines: parts.filter(({ type }) => type === 'RichTextBlock' || type === 'TextBlock').map(textOf),
    commands: parts.filter(({ fontType }) => fontType === 'Monospace').map(({ text }) => text ?? ''),
  };
}

const textOf = (part: Part): string => part.text ?? (part['inlines'] as readonly Part[]).map(({ text }) => text).join('');

function objects(part: unknown): readonly Part[] {
  if (Array.isArray(part)) return part.flatMap(objects);
  if (typeof part !== 'object' || part === null) return [];
  return [part as Part, ...Object.values(part).flatMap(objects)];
}
