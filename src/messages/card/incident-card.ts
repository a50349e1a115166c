import type { DiagnosedCause } from '../../incidents/index.ts';
import type { IncidentMessage, MessageContext } from '../message.ts';
import { coverageLine, unseenFold } from './coverage.ts';
import { faint, line, run, strong, type CardElement, type TextRun } from './elements.ts';
import { bytesInJson, shown } from './foreign-text.ts';
import { ago, instant, shortInstant, span } from './instants.ts';
import { pageLink, portalLink, runbookLink } from './links.ts';
import { lastPart, named, place, sentence, words } from './names.ts';
import {
  commandOr,
  evidenceLine,
  facts,
  fold,
  folds,
  footer,
  head,
  repeatNote,
  section,
  severityStyle,
  severityWord,
  some,
  stepLines,
} from './parts.ts';
import type { CardContent } from './render-card.ts';
import type { Room } from './room.ts';

/** Refused calls, for the person on call: the two lines at the top say who fails, on what, since when, why, and what to type. */
export function incidentCard({ event, incident }: IncidentMessage, context: MessageContext, room: Room): CardContent {
  const [best, ...others] = incident.causes;
  const resolved = event === 'resolved';
  const read = `mi-audit show ${shown(incident.id, 100)}`;
  const first = headline(event, incident, context, room);
  const second = resolved ? ending(incident, context, room) : causeLine(best, context, room);
  const steps = best?.fix ?? [];
  return {
    summary: [first, second].map((runs) => runs.map(({ text }) => text).join('')).join(' '),
    body: [
      head(resolved ? 'good' : severityStyle[incident.severity], [
        line(first.map((one) => ({ ...one, size: 'Medium' }))),
        line(second, { spacing: 'Small' }),
        ...(resolved ? [] : firstStep(steps[0], context, room, read)),
      ]),
      ...repeatNote(context),
      ...facts(rows(incident, context, room)),
      ...section('Then', resolved ? [] : some(steps.slice(1), room.furtherSteps, (one) => stepLines(one, context, room, read), read)),
      ...section(resolved ? 'What it was' : 'Evidence', [
        ...(best === undefined || (!resolved && whyShort(best, context).whole)
          ? []
          : [reason(best.id, best.why, context, room, best.confidence)]),
        ...some(best?.evidence ?? [], room.evidence, (one) => [evidenceLine(one, context, room)], read),
      ]),
      ...folds([
        fold('Checks', best?.check ?? [], room.checks, (one) => [commandOr(one, room, read)], read),
        fold('Less likely', others, room.otherCauses, (one) => [reason(one.id, one.why, context, room, one.confidence)], read),
        fold('Ruled out', incident.ruledOut, room.ruledOut, (one) => [reason(one.id, one.why, context, room)], read),
        unseenFold(context, room),
      ]),
      coverageLine(context),
      footer([read, ...(best === undefined ? [] : [`mi-audit explain ${shown(best.id, 80)}`])], context),
    ],
    actions: [
      ...pageLink('Incident', 'incidents', incident.id, context),
      ...firstOf([...incident.targets.slice(0, 5), incident.principal.resourceId].map((id) => portalLink(id, context))),
      ...(best === undefined ? [] : runbookLink('causes', best.id, context)),
    ],
  };
}

type Subject = IncidentMessage['incident'];

function headline(event: IncidentMessage['event'], incident: Subject, context: MessageContext, room: Room): readonly TextRun[] {
  const { severity, denials, firstDenialAt } = incident;
  const calls = `${denials} ${denials === 1 ? 'refusal' : 'refusals'}`;
  const tag =
    event === 'resolved'
      ? `Resolved (was ${severity})`
      : `${severityWord[severity]}, ${event === 'grown' ? `grown to ${calls}` : eventWord[event]}`;
  const [one = '', ...more] = incident.targets;
  const what = one === '' ? words(incident.service) : named(lastPart(one), room.textBytes);
  const since = ago(firstDenialAt, context.now);
  return [
    strong(`${tag}: `),
    strong(who(incident, room)),
    run(event === 'resolved' ? ' is no longer refused by ' : ' is refused by '),
    strong(what),
    run(more.length === 0 ? '' : ` and ${more.length} more`),
    run(event === 'resolved' ? '' : `, since ${shortInstant(firstDenialAt, context.now)}${since === '' ? '' : ` (${since})`}`),
  ].filter(({ text }) => text !== '');
}

const eventWord = {
  opened: 'opened',
  grown: 'grown',
  reopened: 'opened again',
  resolved: 'resolved',
  'severity-changed': 'now this severe',
  'acceptance-expired': 'acceptance expired',
} as const satisfies Record<IncidentMessage['event'], string>;

function who({ principal, attribution }: Subject, room: Room): string {
  const name = principal.name || principal.id || principal.clientId || lastPart(principal.resourceId);
  if (name === '') return 'A caller that the log does not name';
  return attribution === 'inferred' ? `probably ${named(name, room.textBytes)}` : named(name, room.textBytes);
}

/** Cause and what to do; the command stands in its block right below. */
function causeLine(best: DiagnosedCause | undefined, context: MessageContext, room: Room): readonly TextRun[] {
  if (best === undefined) return [run('The cause is not known yet.')];
  const [step] = best.fix;
  const number = best.fix.length > 1 ? ` (step 1 of ${best.fix.length})` : '';
  return [
    strong(`${capital(words(best.id))} (${best.confidence})`),
    run(`: ${whyShort(best, context).text.replace(/[.…]$/, '')}. `),
    ...(step === undefined ? [] : [strong(hasCommand(step) ? `Type${number}:` : `Do${number}: `)]),
    ...(step === undefined || hasCommand(step) ? [] : [run(sentence(step.text, context, Math.min(room.textBytes, 300)))]),
  ];
}

type Step = DiagnosedCause['fix'][number];

const hasCommand = ({ cli = '' }: Step): boolean => cli !== '';

/** The command, and in a few words what it does. A step without one is in the line above. */
const firstStep = (step: Step | undefined, context: MessageContext, room: Room, read: string): readonly CardElement[] =>
  step?.cli === undefined || step.cli === ''
    ? []
    : [commandOr(step.cli, room, read), line([run(sentence(step.text, context, Math.min(room.textBytes, 400)))], { spacing: 'Small' })];

/** As many whole sentences as a headline bears. Names say enough there; the ids are in the facts, and what is left out is in the evidence. */
function whyShort({ why }: DiagnosedCause, context: MessageContext): { readonly text: string; readonly whole: boolean } {
  const text = sentence(why, context, 2 * whyBytesMax).replaceAll(/ \([0-9a-f]{8}…\)/g, '');
  if (bytesInJson(text) <= whyBytesMax) return { text, whole: true };
  const ends = [...text.matchAll(/[.;](?= )/g)].map(({ index }) => index).filter((end) => bytesInJson(text.slice(0, end)) <= whyBytesMax);
  return { text: shown(text.slice(0, ends.at(-1) ?? text.length), whyBytesMax), whole: false };
}

const whyBytesMax = 260;

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function ending({ resolvedAt, resolvedBy, firstDenialAt, lastDenialAt }: Subject, context: MessageContext, room: Room): readonly TextRun[] {
  const by = sentence(resolvedBy ?? '', context, Math.min(room.textBytes, 400));
  const lasted = span(firstDenialAt, lastDenialAt);
  return [
    strong('What ended it: '),
    run(`${by === '' ? 'the log does not say' : by}. `),
    run(
      lasted === ''
        ? ''
        : `Calls were refused for ${lasted}${resolvedAt === undefined ? '' : `; closed ${shortInstant(resolvedAt, context.now)}, ${span(firstDenialAt, resolvedAt)} after the first`}.`,
    ),
  ].filter(({ text }) => text !== '');
}

function rows(incident: Subject, context: MessageContext, room: Room): Parameters<typeof facts>[0] {
  const { principal, targets, operations, statusCodes, denials, firstDenialAt, lastDenialAt } = incident;
  const max = Math.min(room.textBytes, 300);
  const kind = [words(principal.kind), principal.id === '' ? '' : `object id ${shown(principal.id, 60)}`].join(', ').replace(/, $/, '');
  const when = (at: string): readonly TextRun[] => [
    run(instant(at)),
    faint(ago(at, context.now) === '' ? '' : ` · ${ago(at, context.now)}`),
  ];
  return [
    ['Identity', [run(who(incident, room)), faint(` · ${kind}`)]],
    [
      'Target',
      [
        run(
          targets
            .slice(0, 3)
            .map((id) => shown(place(id, context), max))
            .join('; '),
        ),
        faint(targets.length > 3 ? ` and ${targets.length - 3} more` : ''),
      ],
    ],
    [
      'Refused',
      [
        run(
          `${denials} × ${statusCodes.slice(0, 5).join('/')} on ${operations
            .slice(0, 3)
            .map((one) => shown(one, 100))
            .join(', ')}`,
        ),
        faint(` · ${words(incident.service)}, ${words(incident.kind)}`),
      ],
    ],
    ['First', when(firstDenialAt)],
    ['Last', when(lastDenialAt)],
  ];
}

const reason = (id: string, text: string, context: MessageContext, room: Room, confidence = ''): CardElement =>
  line(
    [strong(words(id)), run(`${confidence === '' ? '' : ` (${confidence})`}: ${sentence(text, context, Math.min(room.textBytes, 300))}`)],
    { spacing: 'Small' },
  );

const firstOf = <Item>(lists: readonly (readonly Item[])[]): readonly Item[] => lists.find((list) => list.length > 0) ?? [];
