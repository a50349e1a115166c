import { moment } from '../../estate/index.ts';
import type { DiagnosedCause, Incident } from '../../incidents/index.ts';
import { whoOf } from './incident-sheet.ts';
import { paintWith, type Paint } from './paint.ts';
import { oneLine, plain } from './plain-text.ts';

/** One incident for the person on call: who fails, on what, since when, why, and what to type; the rest below. */
export function incidentText(incident: Incident, terminal: { readonly colours: boolean }): string {
  const paint = paintWith(terminal.colours);
  const [best, ...others] = incident.causes;
  return [
    ...headline(incident, paint),
    ...(best === undefined ? [] : cause(best, paint)),
    ...(others.length === 0
      ? []
      : ['', paint.strong('Less likely'), ...others.map((one) => `  ${one.id} (${one.confidence}): ${oneLine(one.why)}`)]),
    ...(incident.ruledOut.length === 0
      ? []
      : ['', paint.strong('Ruled out'), ...incident.ruledOut.map(({ id, why }) => paint.faint(`  ${id}: ${oneLine(why)}`))]),
    '',
    paint.faint(`${incident.id}; mi-audit explain ${best?.id ?? 'unexplained'} reads like a runbook page.`),
  ].join('\n');
}

export function headline(incident: Incident, paint: Paint): readonly string[] {
  const { denials, statusCodes, service, targets, firstDenialAt, lastDenialAt, status } = incident;
  const more = targets.length > 1 ? ` and ${targets.length - 1} more` : '';
  return [
    `${paint.severity(incident.severity)}  ${paint.strong(`${oneLine(whoOf(incident))} is refused by ${oneLine(lastPart(targets[0] ?? service))}${more}`)} ${paint.faint(`(${service}, ${incident.kind}, ${status})`)}`,
    `  ${denials} × ${statusCodes.join('/')} on ${incident.operations.slice(0, 3).map(oneLine).join(', ')} since ${moment(firstDenialAt)}, last ${moment(lastDenialAt)}`,
  ];
}

function cause(best: DiagnosedCause, paint: Paint): readonly string[] {
  return [
    '',
    `${paint.strong('Cause')}  ${best.id} (${best.confidence}): ${oneLine(best.why)}`,
    ...best.evidence.map(({ label, value, source }) => `  ${oneLine(label)}: ${oneLine(value)} ${paint.faint(`(${source})`)}`),
    '',
    paint.strong('Fix'),
    ...best.fix.flatMap((step, at) => [
      `  ${at + 1}. ${oneLine(step.text)}`,
      ...(step.cli === undefined ? [] : [`     ${paint.command(plain(step.cli))}`]),
    ]),
    ...(best.check.length === 0 ? [] : ['', paint.strong('Check'), ...best.check.map((line) => `  ${paint.command(plain(line))}`)]),
  ];
}

const lastPart = (id: string): string => id.replace(/\/+$/, '').slice(id.replace(/\/+$/, '').lastIndexOf('/') + 1) || id;
