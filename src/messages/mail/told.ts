import type { Fix } from '../../rules/index.ts';
import type { MessageContext, MessageGap } from '../message.ts';
import { copyable } from '../card/foreign-text.ts';
import { instant } from '../card/instants.ts';
import { place, sentence } from '../card/names.ts';
import type { Coverage, MailPart, MailText } from './mail-text.ts';
import { foreign, unlinked } from './unlinked.ts';

/** What every mail tells alike. */
export const textBytesMax = 600;
const commandBytesMax = 4_000;
const gapsMax = 3;

export const told = (text: string, context: MessageContext, bytesMax = textBytesMax): string => unlinked(sentence(text, context, bytesMax));

export const placed = (id: string, context: MessageContext): string => foreign(place(id, context), 300);

/** First steps that a mail has room for; a command that no mail carries unchanged is named by where it can be read. */
export function steps(title: string, fix: readonly Fix[], most: number, context: MessageContext, read: string): readonly MailPart[] {
  if (fix.length === 0) return [];
  const lines = fix.slice(0, most).map(({ text, cli = '' }) => {
    const command = copyable(cli, commandBytesMax) ?? '';
    const lost = cli !== '' && command === '' ? ` The command is too long or too odd for a mail: ${read} prints it.` : '';
    return { text: `${told(text, context, 900)}${lost}`, command };
  });
  const more = fix.length - lines.length;
  return [
    { kind: 'steps', title, steps: more > 0 ? [...lines, { text: `${more} more steps: ${read} prints them.`, command: '' }] : lines },
  ];
}

export function lines<Item>(
  title: string,
  items: readonly Item[],
  most: number,
  line: (item: Item) => string,
  read: string,
): readonly MailPart[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, most).map(line);
  return [
    { kind: 'lines', title, lines: items.length > most ? [...shown, `and ${items.length - most} more: ${read} prints them.`] : shown },
  ];
}

/** Blind is not clean: it stands in every mail. */
export function coverageOf(context: MessageContext): Coverage {
  const { gaps } = context;
  if (gaps.length === 0) return { whole: true, text: 'Coverage: this run saw everything it asked for.' };
  const named = gaps.slice(0, gapsMax).map((gap) => gapWords(gap, context));
  const rest = gaps.length - named.length;
  return {
    whole: false,
    text: `Not seen: ${named.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}. What is wrong there is not in this mail. All gaps: mi-audit doctor`,
  };
}

function gapWords({ slice, scope, state, why, permission }: MessageGap, context: MessageContext): string {
  const what = foreign(slice.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase(), 60);
  const needs = permission === '' ? '' : `, needs ${foreign(permission, 160)}`;
  return `${state === 'partial' ? 'a part of ' : ''}${what} in ${placed(scope, context)} (${told(why, context, 240).replace(/\.$/, '')}${needs})`;
}

/** Mail servers cannot always be told that two mails are one: the reader can. */
export const repeatNotes = ({ attempt }: MessageContext): readonly string[] =>
  attempt <= 1 ? [] : [`This mail may have reached you before: an earlier attempt ended without an answer (this is attempt ${attempt}).`];

export const footer = (context: MessageContext): MailText['footer'] => [
  `Tenant ${foreign(context.tenantId, 80)}. Written ${instant(context.now)} by mi-audit.`,
  `Message ${foreign(context.reference, 200)}.`,
];
