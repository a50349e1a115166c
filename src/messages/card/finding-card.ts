import type { Finding } from '../../findings/index.ts';
import type { FindingMessage, MessageContext } from '../message.ts';
import { coverageLine, unseenFold } from './coverage.ts';
import { faint, line, run, strong, type TextRun } from './elements.ts';
import { shown } from './foreign-text.ts';
import { ago, instant, span } from './instants.ts';
import { pageLink, portalLink, runbookLink } from './links.ts';
import { named, place, sentence, words } from './names.ts';
import {
  evidenceLine,
  facts,
  folds,
  footer,
  head,
  mono,
  repeatNote,
  section,
  severityStyle,
  severityWord,
  some,
  stepLines,
} from './parts.ts';
import type { CardContent } from './render-card.ts';
import type { Room } from './room.ts';

/** One finding: what is so, where, since when and why it matters; then the way out, step by step. */
export function findingCard({ event, finding, note }: FindingMessage, context: MessageContext, room: Room): CardContent {
  const resolved = event === 'resolved';
  const read = `mi-audit show ${shown(finding.id, 120)}`;
  const first = [
    strong(`${tag(event, finding)}: `),
    strong(sentence(finding.title, context, Math.min(room.textBytes, 240)) || words(finding.rule)),
  ];
  const second = resolved ? ending(finding, context) : [run(sentence(finding.message, context, Math.min(room.textBytes, 700)))];
  const noted = sentence(note, context, Math.min(room.textBytes, 400));
  return {
    summary: [first, second].map((runs) => runs.map(({ text }) => text).join('')).join(' '),
    body: [
      head(resolved ? 'good' : severityStyle[finding.severity], [
        line(first.map((one) => ({ ...one, size: 'Medium' }))),
        line(second, { spacing: 'Small' }),
      ]),
      ...(noted === '' ? [] : [line([strong('Noted: '), run(noted)])]),
      ...repeatNote(context),
      ...facts(rows(finding, context, room)),
      // A problem that is gone needs no fix; its page has it, should it come back.
      ...(resolved
        ? []
        : section(
            'Fix',
            some(numbered(finding.fix), room.furtherSteps + 1, (step) => stepLines(step, context, room, read), read),
          )),
      ...section(
        'Evidence',
        some(finding.evidence, room.evidence, (one) => [evidenceLine(one, context, room)], read),
      ),
      ...folds([unseenFold(context, room)]),
      coverageLine(context),
      footer([read, `mi-audit explain ${shown(finding.rule, 80)}`], context),
    ],
    actions: [
      ...pageLink('Finding', 'findings', finding.id, context),
      ...portal(finding, context),
      ...runbookLink('rules', finding.rule, context),
    ],
  };
}

function tag(event: FindingMessage['event'], { severity }: Finding): string {
  if (event === 'resolved') return `Resolved (was ${severity})`;
  return `${severityWord[severity]}, ${eventWord[event]}`;
}

export const eventWord = {
  opened: 'new',
  grown: 'grown',
  reopened: 'back again',
  resolved: 'resolved',
  'severity-changed': 'severity changed',
  'acceptance-expired': 'acceptance expired',
} as const satisfies Record<FindingMessage['event'], string>;

function ending({ firstSeenAt, resolvedAt, resolvedBy }: Finding, context: MessageContext): readonly TextRun[] {
  const stood = span(firstSeenAt, resolvedAt ?? context.now);
  const how =
    resolvedBy === 'excluded'
      ? 'A setting now excludes it. The problem may well stand; nobody is told of it any more.'
      : 'The rule was checked there and saw it no more.';
  return [run(`${how}${stood === '' ? '' : ` It was known for ${stood}.`}`)];
}

function rows(finding: Finding, context: MessageContext, room: Room): Parameters<typeof facts>[0] {
  const { principal, role, scope, confidence, proof, controls, firstSeenAt, unjudged = '' } = finding;
  const max = Math.min(room.textBytes, 300);
  const { name, id } = principal;
  const kind = principal.kind === 'unknown' ? 'kind not known' : words(principal.kind);
  const standing = ago(firstSeenAt, context.now);
  return [
    [
      'Identity',
      name + id === ''
        ? []
        : [run(named(name || id, room.textBytes)), faint(` · ${kind}${name === '' ? '' : `, object id ${shown(id, 60)}`}`)],
    ],
    ['Role', [run(shown(role.name || role.id, max))]],
    ['Scope', [run(shown(place(scope, context), max))]],
    ['First seen', [run(instant(firstSeenAt)), faint(standing === '' ? '' : ` · ${standing}`)]],
    ['Confidence', [run(`${confidence}${proof === '' ? '' : `, proof: ${words(proof)}`}`)]],
    ['Unjudged', unjudged === '' ? [] : [run(`not judged in the latest run: ${sentence(unjudged, context, max)}`)]],
    ['Rule', [mono(shown(finding.rule, 80)), faint(controls.length === 0 ? '' : ` · ${shown(controls.slice(0, 5).join(', '), 200)}`)]],
  ];
}

const numbered = (steps: Finding['fix']): Finding['fix'] =>
  steps.length < 2 ? steps : steps.map((step, at) => ({ ...step, text: `${at + 1}. ${step.text}` }));

/** The thing itself where the portal has a page of it, else where the grant was made, else the identity. */
function portal({ subject, scope, principal }: Finding, context: MessageContext): CardContent['actions'] {
  const places = [/\/roleassignments\//i.test(subject) ? scope : subject, scope, principal.resourceId];
  return places.map((id) => portalLink(id, context)).find((links) => links.length > 0) ?? [];
}
