import { ago, instant, span } from '../card/instants.ts';
import { pageLink, portalLink, runbookLink } from '../card/links.ts';
import { words } from '../card/names.ts';
import type { FindingMessage, MessageContext } from '../message.ts';
import { coverageOf, footer, lines, placed, repeatNotes, steps, told } from './told.ts';
import type { Fact, MailText } from './mail-text.ts';
import { foreign } from './unlinked.ts';

/** One finding: what is so, where, since when and why it matters; then the way out, step by step. */
export function findingMail({ event, finding, note }: FindingMessage, context: MessageContext): MailText {
  const resolved = event === 'resolved';
  const read = `mi-audit show ${foreign(finding.id, 120)}`;
  const title = told(finding.title, context, 300) || words(finding.rule);
  const noted = told(note, context, 400);
  return {
    subject: `[mi-audit] ${opening(event, finding)}: ${title} (${foreign(finding.rule, 80)})`,
    preview: told(finding.message, context, 200),
    tone: resolved ? 'good' : finding.severity,
    headline: title,
    reason: resolved ? ending(finding, context) : told(finding.message, context, 900),
    notes: [...(noted === '' ? [] : [`${eventNote[event]}: ${noted}`]), ...repeatNotes(context)],
    facts: factsOf(finding, context),
    parts: [
      ...(resolved ? [] : steps('What to do', finding.fix, 5, context, read)),
      ...lines('Evidence', finding.evidence, 10, ({ label, value }) => `${told(label, context, 80)}: ${told(value, context, 500)}`, read),
    ],
    coverage: coverageOf(context),
    links: [
      ...pageLink('Open the finding', 'findings', finding.id, context),
      ...([finding.principal.resourceId, finding.scope].map((id) => portalLink(id, context)).find((list) => list.length > 0) ?? []),
      ...runbookLink('rules', finding.rule, context),
    ],
    more: [read, `mi-audit explain ${foreign(finding.rule, 80)}`],
    footer: footer(context),
  };
}

function opening(event: FindingMessage['event'], { severity }: FindingMessage['finding']): string {
  switch (event) {
    case 'opened':
    case 'grown':
      return severity;
    case 'resolved':
      return 'resolved';
    case 'reopened':
      return `${severity}, again`;
    case 'severity-changed':
      return `now ${severity}`;
    case 'acceptance-expired':
      return `${severity}, acceptance expired`;
  }
}

const eventNote = {
  opened: 'Noted',
  grown: 'Noted',
  resolved: 'Resolved',
  reopened: 'It was resolved, and is back',
  'severity-changed': 'Its severity changed',
  'acceptance-expired': 'The acceptance of this risk has ended',
} as const satisfies Record<FindingMessage['event'], string>;

function ending({ firstSeenAt, resolvedAt, resolvedBy }: FindingMessage['finding'], context: MessageContext): string {
  const stood = span(firstSeenAt, resolvedAt ?? context.now);
  const how = resolvedBy === 'excluded' ? 'A setting hides it now: hidden is not fixed.' : 'The rule was checked here and saw it no more.';
  return stood === '' ? how : `${how} It stood for ${stood}.`;
}

function factsOf(finding: FindingMessage['finding'], context: MessageContext): readonly Fact[] {
  const { principal, role, scope, confidence, proof, firstSeenAt, severity, unjudged } = finding;
  const name = foreign(principal.name || principal.id, 160);
  return [
    { label: 'Severity', text: `${severity}, ${confidence}` },
    {
      label: 'Principal',
      text: name === '' ? '' : `${name}, ${words(principal.kind)}${principal.id === '' ? '' : `, object id ${foreign(principal.id, 60)}`}`,
    },
    { label: 'Role', text: foreign(role.name, 200) },
    { label: 'Scope', text: placed(scope, context) },
    { label: 'Proof', text: proof === '' ? '' : words(proof) },
    { label: 'Since', text: `${instant(firstSeenAt)}${ago(firstSeenAt, context.now) === '' ? '' : ` (${ago(firstSeenAt, context.now)})`}` },
    { label: 'Not judged', text: unjudged === undefined ? '' : told(unjudged, context, 300) },
  ].filter(({ text }) => text !== '');
}
