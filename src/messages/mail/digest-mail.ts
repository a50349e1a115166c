import { severities } from '../../rules/index.ts';
import { instant } from '../card/instants.ts';
import { listLink } from '../card/links.ts';
import { words } from '../card/names.ts';
import type { DigestMessage, MessageContext } from '../message.ts';
import { coverageOf, footer, placed, repeatNotes, told } from './told.ts';
import type { MailText } from './mail-text.ts';

const entriesMax = 50;

/** Many changes in one mail: how many it holds, why they come together, and the worst of them by name. */
export function digestMail(message: DigestMessage, context: MessageContext): MailText {
  const { total, entries, from, to, bySeverity, byEvent } = message;
  const changes = `${total} ${total === 1 ? 'change' : 'changes'}`;
  const counts = severities
    .flatMap((severity) => ((bySeverity[severity] ?? 0) > 0 ? [`${bySeverity[severity]} ${severity}`] : []))
    .join(', ');
  const events = eventNames.flatMap(([event, word]) => ((byEvent[event] ?? 0) > 0 ? [`${byEvent[event]} ${word}`] : [])).join(', ');
  const shown = entries.slice(0, entriesMax);
  const rest = Math.max(total, entries.length) - shown.length;
  const stands = entries.filter(({ event }) => event !== 'resolved');
  return {
    subject: `[mi-audit] ${changes}${counts === '' ? '' : `: ${counts}`}`,
    preview: because[message.because],
    tone:
      stands[0]?.severity ?? (entries.length === 0 ? (severities.find((severity) => (bySeverity[severity] ?? 0) > 0) ?? 'info') : 'good'),
    headline: `${changes}${counts === '' ? '' : `: ${counts}`}`,
    reason: `${because[message.because]} From ${instant(from)} to ${instant(to)}.${events === '' ? '' : ` ${events}.`}`,
    notes: repeatNotes(context),
    facts: [],
    parts:
      shown.length === 0
        ? []
        : [
            {
              kind: 'table',
              title: rest > 0 ? `The worst ${shown.length}; ${rest} more: mi-audit findings, mi-audit incidents` : 'What changed',
              columns: ['Severity', 'What', 'Where', 'Change'],
              rows: shown.map(({ severity, title, topic, scope, event }) => [
                severity,
                told(title, context, 240) || words(topic),
                placed(scope, context),
                eventWord[event],
              ]),
              end: [],
            },
          ],
    coverage: coverageOf(context),
    links: [...listLink('All findings', 'findings', context), ...listLink('All incidents', 'incidents', context)],
    more: ['mi-audit findings', 'mi-audit incidents'],
    footer: footer(context),
  };
}

const because = {
  digest: 'This channel gets one mail for all changes of a run.',
  'quiet-hours': 'They were held back in the quiet hours of this channel.',
  'rate-cap': 'More came within an hour than this channel takes one by one.',
} as const satisfies Record<DigestMessage['because'], string>;

const eventWord = {
  opened: 'new',
  reopened: 'back',
  grown: 'grown',
  'severity-changed': 'new severity',
  'acceptance-expired': 'acceptance expired',
  resolved: 'resolved',
} as const satisfies Record<DigestMessage['entries'][number]['event'], string>;

const eventNames = Object.entries(eventWord) as readonly (readonly [keyof typeof eventWord, string])[];
