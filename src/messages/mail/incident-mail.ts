import { ago, instant, span } from '../card/instants.ts';
import { portalLink, pageLink, runbookLink } from '../card/links.ts';
import { lastPart, words } from '../card/names.ts';
import type { IncidentMessage, MessageContext } from '../message.ts';
import { coverageOf, footer, lines, placed, repeatNotes, steps, told } from './told.ts';
import type { Fact, MailText } from './mail-text.ts';
import { foreign } from './unlinked.ts';

type Subject = IncidentMessage['incident'];

/** Refused calls, for the person on call: who fails, on what, since when, why, and what to type. */
export function incidentMail({ event, incident }: IncidentMessage, context: MessageContext): MailText {
  const [best, ...others] = incident.causes;
  const resolved = event === 'resolved';
  const read = `mi-audit show ${foreign(incident.id, 100)}`;
  const who = whoOf(incident);
  const what = whatOf(incident);
  const cause = best === undefined ? 'cause unknown' : foreign(best.id, 80);
  const opening = resolved
    ? 'resolved'
    : event === 'grown'
      ? `${incident.severity}, grown`
      : event === 'reopened'
        ? `${incident.severity}, again`
        : incident.severity;
  const since = ago(incident.firstDenialAt, context.now);
  const reason = resolved
    ? ending(incident, context)
    : best === undefined
      ? 'The cause is not known yet.'
      : `${capital(words(best.id))} (${best.confidence}): ${told(best.why, context)}`;
  return {
    subject: `[mi-audit] ${opening}: ${who} ${resolved ? 'is no longer refused' : 'is refused'} by ${what} (${cause})`,
    preview: reason,
    tone: resolved ? 'good' : incident.severity,
    headline: `${who} ${resolved ? 'is no longer refused' : 'is refused'} by ${what}${incident.targets.length > 1 ? ` and ${incident.targets.length - 1} more` : ''}${resolved || since === '' ? '' : `, since ${instant(incident.firstDenialAt)} (${since})`}`,
    reason,
    notes: repeatNotes(context),
    facts: factsOf(incident, who, context),
    parts: [
      ...(resolved || best === undefined ? [] : steps('What to type', best.fix, 4, context, read)),
      ...(best === undefined
        ? []
        : lines('Evidence', best.evidence, 8, ({ label, value }) => `${told(label, context, 80)}: ${told(value, context, 500)}`, read)),
      ...(best === undefined || resolved
        ? []
        : steps(
            'Check for yourself',
            best.check.map((cli) => ({ text: '', cli })),
            3,
            context,
            read,
          )),
      ...lines('Less likely', others, 4, ({ id, confidence, why }) => `${words(id)} (${confidence}): ${told(why, context, 300)}`, read),
      ...lines('Ruled out', incident.ruledOut, 8, ({ id, why }) => `${words(id)}: ${told(why, context, 240)}`, read),
    ],
    coverage: coverageOf(context),
    links: [
      ...pageLink('Open the incident', 'incidents', incident.id, context),
      ...([...incident.targets.slice(0, 5), incident.principal.resourceId]
        .map((id) => portalLink(id, context))
        .find((list) => list.length > 0) ?? []),
      ...(best === undefined ? [] : runbookLink('causes', best.id, context)),
    ],
    more: [read, ...(best === undefined ? [] : [`mi-audit explain ${foreign(best.id, 80)}`])],
    footer: footer(context),
  };
}

function whoOf({ principal, attribution }: Subject): string {
  const name = foreign(principal.name || principal.id || principal.clientId || lastPart(principal.resourceId), 120);
  if (name === '') return 'a caller that the log does not name';
  return attribution === 'inferred' ? `probably ${name}` : name;
}

const whatOf = ({ targets, service }: Subject): string =>
  targets[0] === undefined || targets[0] === '' ? words(service) : foreign(lastPart(targets[0]), 120) || words(service);

function ending({ resolvedBy = '', resolvedAt, firstDenialAt, lastDenialAt }: Subject, context: MessageContext): string {
  const by = told(resolvedBy, context, 400);
  const took = resolvedAt === undefined ? '' : span(firstDenialAt, resolvedAt);
  const lasted = span(firstDenialAt, lastDenialAt);
  return `What ended it: ${by === '' ? 'the log does not say' : by}.${lasted === '' ? '' : ` Calls were refused for ${lasted}`}${took === '' ? '' : `${lasted === '' ? ' It was' : ', and it was'} closed ${took} after the first refusal`}${lasted === '' && took === '' ? '' : '.'}`;
}

function factsOf(incident: Subject, who: string, context: MessageContext): readonly Fact[] {
  const { principal, targets, operations, statusCodes, denials, service, kind, firstDenialAt, lastDenialAt } = incident;
  const when = (at: string): string => (ago(at, context.now) === '' ? instant(at) : `${instant(at)} (${ago(at, context.now)})`);
  return [
    { label: 'Identity', text: `${who}, ${words(principal.kind)}${principal.id === '' ? '' : `, object id ${foreign(principal.id, 60)}`}` },
    {
      label: 'Target',
      text: `${targets
        .slice(0, 4)
        .map((id) => placed(id, context))
        .join('; ')}${targets.length > 4 ? `; and ${targets.length - 4} more` : ''}`,
    },
    {
      label: 'Refused',
      text: `${denials} × ${statusCodes.slice(0, 5).join('/')} on ${operations
        .slice(0, 4)
        .map((one) => foreign(one, 120))
        .join(', ')} (${words(service)}, ${words(kind)})`,
    },
    { label: 'First', text: when(firstDenialAt) },
    { label: 'Last', text: when(lastDenialAt) },
  ].filter(({ text }) => text !== '');
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
