import type { DiagnosedCause } from '../../incidents/index.ts';
import type { IncidentMessage, MessageContext } from '../message.ts';
import { faint, line, run, strong, type CardElement, type TextRun } from './elements.ts';
import { shown } from './foreign-text.ts';
import { ago, instant, shortInstant, span } from './instants.ts';
import { pageLink, portalLink, runbookLink } from './links.ts';
import { lastPart, named, place, sentence, words } from './names.ts';
import {
  commandOr,
  coverageLine,
  evidenceLine,
  facts,
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
  const [step, ...further] = best?.fix ?? [];
  const todo = resolved || step?.cli === undefined || step.cli === '' ? [] : [commandOr(step.cli, room, read)];
  return {
    summary: [first, second].map((runs) => runs.map(({ text }) => text).join('')).join(' '),
    body: [
      head(resolved ? 'good' : severityStyle[incident.severity], [line(first), line(second, { spacing: 'Small' }), ...todo]),
      ...repeatNote(context),
      ...facts(rows(incident, context, room)),
      ...section('Why', why(best, step, resolved, context, room, read)),
      ...section(
        resolved ? 'If it comes back' : 'Then',
        some(resolved ? (best?.fix ?? []) : further, room.furtherSteps, (one) => stepLines(one, context, room, read), read),
      ),
      ...folds([
        {
          id: 'checks',
          title: count('Checks', best?.check),
          lines: some(best?.check ?? [], room.checks, (one) => [commandOr(one, room, read)], read),
        },
        {
          id: 'less-likely',
          title: count('Less likely', others),
          lines: some(others, room.otherCauses, (one) => [reason(one.id, one.why, context, room, one.confidence)], read),
        },
        {
          id: 'ruled-out',
          title: count('Ruled out', incident.ruledOut),
          lines: some(incident.ruledOut, room.ruledOut, (one) => [reason(one.id, one.why, context, room)], read),
        },
      ]),
      coverageLine(context, room),
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
  const todo =
    step === undefined
      ? ''
      : step.cli === undefined || step.cli === ''
        ? ` Do: ${sentence(step.text, context.now, Math.min(room.textBytes, 300))}`
        : ' Type:';
  return [strong(sure(best)), run(`.${todo}`)];
}

const sure = ({ id, confidence }: DiagnosedCause): string => {
  const cause = words(id);
  return `${cause.charAt(0).toUpperCase()}${cause.slice(1)} (${confidence})`;
};

function ending({ resolvedAt, resolvedBy, firstDenialAt, lastDenialAt }: Subject, context: MessageContext, room: Room): readonly TextRun[] {
  const by = sentence(resolvedBy ?? '', context.now, Math.min(room.textBytes, 400));
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
    faint(ago(at, context.now) === '' ? '' : `  ${ago(at, context.now)}`),
  ];
  return [
    ['Identity', [run(who(incident, room)), faint(`  ${kind}`)]],
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
        faint(`  ${shown(words(incident.service), 60)}, ${shown(incident.kind, 20)}`),
      ],
    ],
    ['First', when(firstDenialAt)],
    ['Last', when(lastDenialAt)],
  ];
}

function why(
  best: DiagnosedCause | undefined,
  step: DiagnosedCause['fix'][number] | undefined,
  resolved: boolean,
  context: MessageContext,
  room: Room,
  read: string,
): readonly CardElement[] {
  if (best === undefined) return [];
  const reasonLine = line([run(sentence(best.why, context.now, room.textBytes))], { spacing: 'Small' });
  // A step without a command is the second line of the card already.
  const fix =
    resolved || step?.cli === undefined || step.cli === ''
      ? []
      : [line([strong('Fix: '), run(sentence(step.text, context.now, room.textBytes))], { spacing: 'Small' })];
  const proof = some(best.evidence, room.evidence, (one) => [evidenceLine(one, room)], read);
  return [reasonLine, ...proof, ...fix];
}

const reason = (id: string, text: string, context: MessageContext, room: Room, confidence = ''): CardElement =>
  line(
    [
      strong(words(id)),
      run(`${confidence === '' ? '' : ` (${confidence})`}: ${sentence(text, context.now, Math.min(room.textBytes, 300))}`),
    ],
    { spacing: 'Small' },
  );

const count = (title: string, items: readonly unknown[] | undefined): string => `${title} (${items?.length ?? 0})`;
const firstOf = <Item>(lists: readonly (readonly Item[])[]): readonly Item[] => lists.find((list) => list.length > 0) ?? [];
