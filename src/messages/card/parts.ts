import type { Severity } from '../../rules/index.ts';
import type { MessageContext } from '../message.ts';
import {
  faint,
  heading,
  line,
  run,
  strong,
  type CardElement,
  type ColumnSet,
  type Container,
  type ContainerStyle,
  type TextRun,
} from './elements.ts';
import { copyable, shown } from './foreign-text.ts';
import { instant } from './instants.ts';
import { place, sentence, words } from './names.ts';
import type { Room } from './room.ts';

/** The words stand beside the colour, for those who do not see it. */
export const severityWord = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low', info: 'Info' } as const satisfies Record<
  Severity,
  string
>;

export const severityStyle = {
  critical: 'attention',
  high: 'attention',
  medium: 'warning',
  low: 'accent',
  info: 'accent',
} as const satisfies Record<Severity, ContainerStyle>;

/** The coloured head of a card: who, what, since when; then why and what to do. */
export const head = (style: ContainerStyle, items: readonly CardElement[]): Container => ({ type: 'Container', style, bleed: true, items });

/** A command in a block of its own, so that selecting the block selects the command and nothing else. */
export const commandBlock = (command: string): Container => ({
  type: 'Container',
  style: 'emphasis',
  spacing: 'Small',
  items: [line([run(command, { fontType: 'Monospace', size: 'Small' })])],
});

/** The command, or where to find it. */
export function commandOr(command: string, room: Room, elsewhere: string): CardElement {
  const text = copyable(command, room.commandBytes);
  return text === undefined
    ? line([
        run('The command does not fit here unchanged. Read it in full with '),
        run(elsewhere, { fontType: 'Monospace', size: 'Small' }),
      ])
    : commandBlock(text);
}

/** Label and value; rows whose value is empty are left out. Columns of one width line up, and leave a phone enough room. */
export const facts = (rows: readonly (readonly [label: string, value: readonly TextRun[]])[]): readonly ColumnSet[] =>
  rows
    .filter(([, value]) => value.some(({ text }) => text !== ''))
    .map(([label, value], at) => ({
      type: 'ColumnSet',
      spacing: at === 0 ? 'Medium' : 'Small',
      columns: [
        { type: 'Column', width: '84px', items: [line([faint(label)])] },
        { type: 'Column', width: 'stretch', items: [line(value.filter(({ text }) => text !== ''))] },
      ],
    }));

/** A heading with its lines; nothing where there are none. */
export const section = (title: string, lines: readonly CardElement[]): readonly CardElement[] =>
  lines.length === 0 ? [] : [heading(title), ...lines];

interface Fold {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly CardElement[];
}

/** A list that is folded away, with its count on the button. */
export const fold = <Item>(
  title: string,
  items: readonly Item[],
  max: number,
  show: (item: Item) => readonly CardElement[],
  elsewhere: string,
): Fold => ({
  id: title.toLowerCase().replaceAll(' ', '-'),
  title: `${title} (${items.length})`,
  lines: some(items, max, show, elsewhere),
});

/** Parts that are folded away behind buttons. */
export function folds(all: readonly Fold[]): readonly CardElement[] {
  const some = all.filter(({ lines }) => lines.length > 0);
  if (some.length === 0) return [];
  return [
    {
      type: 'ActionSet',
      spacing: 'Medium',
      actions: some.map(({ id, title }) => ({ type: 'Action.ToggleVisibility', title, targetElements: [id] })),
    },
    ...some.map(({ id, title, lines }): Container => ({
      type: 'Container',
      id,
      isVisible: false,
      style: 'emphasis',
      spacing: 'Small',
      items: [heading(title), ...lines],
    })),
  ];
}

/** The first `max`, and how many more there are and where. */
export const some = <Item>(
  items: readonly Item[],
  max: number,
  show: (item: Item) => readonly CardElement[],
  elsewhere: string,
): readonly CardElement[] => [
  ...items.slice(0, max).flatMap(show),
  ...(items.length > max
    ? [line([faint(`${max === 0 ? '' : 'and '}${items.length - max} more, left out here: `), mono(elsewhere)], { spacing: 'Small' })]
    : []),
];

export const mono = (text: string): TextRun => run(text, { fontType: 'Monospace', size: 'Small' });

/** An ARM id as a place, within a text by its last part: `show` has them in full. */
export const evidenceLine = (
  { label, value, source }: { readonly label: string; readonly value: string; readonly source: string },
  context: MessageContext,
  room: Room,
): CardElement => {
  const text = /^\/(subscriptions|providers)\/\S+$/i.test(value.slice(0, 2_000)) ? place(value.slice(0, 2_000), context) : value;
  return line([faint(`${shown(label, 60)}: `), run(sentence(text, context, Math.min(room.textBytes, 320))), faint(` (${words(source)})`)], {
    spacing: 'Small',
  });
};

export const stepLines = (
  { text, cli = '' }: { readonly text: string; readonly cli?: string },
  context: MessageContext,
  room: Room,
  read: string,
): readonly CardElement[] => [
  line([run(sentence(text, context, Math.min(room.textBytes, 500)))], { spacing: 'Small' }),
  ...(cli === '' ? [] : [commandOr(cli, room, read)]),
];

/** Workflows cannot be told that two posts are one: the reader can. */
export const repeatNote = ({ attempt, reference }: MessageContext): readonly CardElement[] =>
  attempt <= 1
    ? []
    : [
        line([
          strong('You may have this already: '),
          run(`attempt ${attempt}, because an earlier one ended without an answer. Messages with the same reference are one: `),
          mono(shown(reference, 100)),
        ]),
      ];

/** The last line: where the rest is, and what this message is. */
export const footer = (read: readonly string[], context: MessageContext): CardElement =>
  line(
    [
      ...read.flatMap((command, at) => [faint(at === 0 ? 'More: ' : ' and '), mono(command)]),
      faint(`${read.length === 0 ? '' : '. '}Written ${instant(context.now)}, reference ${shown(context.reference, 100)}.`),
    ],
    { spacing: 'Small' },
  );
