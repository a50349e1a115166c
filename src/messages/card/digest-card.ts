import { severities, type Severity } from '../../rules/index.ts';
import type { DigestEntry, DigestMessage, MessageContext } from '../message.ts';
import { coverageLine, unseenFold } from './coverage.ts';
import { faint, heading, line, run, strong, type CardElement, type Container } from './elements.ts';
import { eventWord } from './finding-card.ts';
import { shown } from './foreign-text.ts';
import { instant } from './instants.ts';
import { listLink, pageLink } from './links.ts';
import { place, sentence, words } from './names.ts';
import { folds, footer, head, mono, repeatNote, severityStyle, severityWord } from './parts.ts';
import type { CardContent } from './render-card.ts';
import type { Room } from './room.ts';

/** Many changes in one message: how many it holds, why they come together, and the worst of them by name. */
export function digestCard(message: DigestMessage, context: MessageContext, room: Room): CardContent {
  const { total, from, to, entries } = message;
  const changes = `${total} ${total === 1 ? 'change' : 'changes'}`;
  const first = `${changes} in one message: ${counts(severities, message.bySeverity, severityWord) || 'none of a known severity'}`;
  const second = `${because[message.because]} From ${instant(from)} to ${instant(to)}.`;
  const shownEntries = entries.slice(0, room.entries);
  const rest = Math.max(total, entries.length) - shownEntries.length;
  const byEvent = counts(events, message.byEvent, eventWord);
  return {
    summary: `${first}. ${second}`,
    body: [
      head(worstStyle(message), [
        line([run(first, { weight: 'Bolder', size: 'Medium' })]),
        line([run(second)], { spacing: 'Small' }),
        ...(byEvent === '' ? [] : [line([run(byEvent)], { spacing: 'Small' })]),
      ]),
      ...repeatNote(context),
      ...(shownEntries.length === 0 ? [] : [heading(rest > 0 ? 'The worst of them' : 'What changed')]),
      ...shownEntries.map((entry) => entryLines(entry, context, room)),
      ...(rest > 0 ? [more(rest, context)] : []),
      ...folds([unseenFold(context, room)]),
      coverageLine(context),
      footer([], context),
    ],
    actions: [...listLink('All findings', 'findings', context), ...listLink('All incidents', 'incidents', context)],
  };
}

const because = {
  digest: 'This channel gets one message for all changes of a run.',
  'quiet-hours': 'They were held back in the quiet hours of this channel.',
  'rate-cap': 'More came within an hour than this channel takes one by one.',
} as const satisfies Record<DigestMessage['because'], string>;

const events = ['opened', 'reopened', 'grown', 'severity-changed', 'acceptance-expired', 'resolved'] as const;

const counts = <Key extends string>(
  keys: readonly Key[],
  by: Readonly<Partial<Record<Key, number>>>,
  word: Readonly<Record<Key, string>>,
): string =>
  keys
    .filter((key) => (by[key] ?? 0) > 0)
    .map((key) => `${by[key]} ${word[key].toLowerCase()}`)
    .join(', ');

/** Resolved ones do not make it red: what asks for somebody does. */
function worstStyle({ bySeverity, byEvent, total }: DigestMessage): Container['style'] & string {
  if ((byEvent.resolved ?? 0) >= total && total > 0) return 'good';
  const worst = severities.find((severity) => (bySeverity[severity] ?? 0) > 0);
  return worst === undefined ? 'accent' : severityStyle[worst];
}

function entryLines(entry: DigestEntry, context: MessageContext, room: Room): Container {
  const [link] = pageLink('Open', entry.about === 'finding' ? 'findings' : 'incidents', entry.id, context);
  const max = Math.min(room.textBytes, 220);
  const id = shown(entry.id, 120);
  const items: readonly CardElement[] = [
    line([
      run(`${entry.event === 'resolved' ? 'Resolved' : `${severityWord[entry.severity]}, ${eventWord[entry.event]}`}: `, {
        weight: 'Bolder',
        ...colour(entry),
      }),
      run(sentence(entry.title, context, max) || words(entry.topic)),
    ]),
    line(
      [
        faint(`${entry.scope === '' ? '' : `${shown(place(entry.scope, context), max)} · `}${words(entry.topic)} · `),
        // The link shows our own word: a title chosen by others is never what is clicked.
        link === undefined ? mono(`mi-audit show ${id}`) : run('Open', { selectAction: link }),
      ],
      { spacing: 'None' },
    ),
  ];
  return { type: 'Container', spacing: 'Small', items };
}

function colour({ event, severity }: DigestEntry): { readonly color?: 'Attention' | 'Warning' | 'Good' | 'Accent' } {
  if (event === 'resolved') return { color: 'Good' };
  const colours = { critical: 'Attention', high: 'Attention', medium: 'Warning', low: 'Accent', info: 'Accent' } as const satisfies Record<
    Severity,
    string
  >;
  return { color: colours[severity] };
}

function more(rest: number, context: MessageContext): CardElement {
  const [link] = listLink('All findings', 'findings', context);
  return line([
    strong(`and ${rest} more`),
    ...(link === undefined ? [run(': '), mono('mi-audit findings')] : [run(': '), run('All findings', { selectAction: link })]),
  ]);
}
