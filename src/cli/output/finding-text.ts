import type { Finding, HistoryEntry } from '../../findings/index.ts';
import { paintWith, type Paint } from './paint.ts';
import { oneLine, plain } from './plain-text.ts';

/** One finding with everything known about it: what, proof, fix, life. */
export function findingText(finding: Finding, history: readonly HistoryEntry[], terminal: { readonly colours: boolean }): string {
  const paint = paintWith(terminal.colours);
  return [
    `${paint.severity(finding.severity)}  ${paint.strong(oneLine(finding.title))}`,
    '',
    plain(finding.message),
    '',
    ...facts(finding).map(([label, value]) => `${paint.faint(label.padEnd(12))}${oneLine(value)}`),
    ...section(
      'Evidence',
      finding.evidence.map(({ label, value, source }) => `  ${oneLine(label)}: ${oneLine(value)} ${paint.faint(`(${source})`)}`),
      paint,
    ),
    ...section(
      'Fix',
      finding.fix.flatMap((step, at) => fixLines(step, at + 1, paint)),
      paint,
    ),
    ...section(
      'History',
      history.map(
        ({ at, kind, note, author }) =>
          `  ${at}  ${kind}${note === '' ? '' : `: ${oneLine(note)}`}${author === undefined ? '' : ` (${oneLine(author)})`}`,
      ),
      paint,
    ),
  ].join('\n');
}

function facts(finding: Finding): readonly (readonly [string, string])[] {
  const { principal } = finding;
  const all: readonly (readonly [string, string])[] = [
    ['id', finding.id],
    ['rule', finding.rule],
    ['status', finding.status],
    ['confidence', finding.confidence],
    ['proof', finding.proof],
    ['who', principal.id === '' ? '' : whoLine(principal)],
    ['resource', principal.resourceId],
    ['role', finding.role.name === '' ? finding.role.id : `${finding.role.name} (${finding.role.id})`],
    ['scope', finding.scope],
    ['subject', finding.subject],
    ['controls', finding.controls.join(', ')],
    ['first seen', finding.firstSeenAt],
    ['last seen', finding.lastSeenAt],
    ['resolved', finding.resolvedAt ?? ''],
    ['unjudged', finding.unjudged ?? ''],
    ['related', finding.related.join(', ')],
  ];
  return all.filter(([, value]) => value !== '' && value !== ' ()');
}

const whoLine = ({ name, kind, id, clientId }: Finding['principal']): string =>
  [name, kind, `object id ${id}`, clientId === '' ? '' : `client id ${clientId}`].filter((part) => part !== '').join(', ');

function fixLines(step: Finding['fix'][number], number: number, paint: Paint): readonly string[] {
  const code = [step.cli, step.bicep, step.terraform].filter((text) => text !== undefined && text !== '');
  return [
    `  ${number}. ${oneLine(step.text)}`,
    ...code.flatMap((text) =>
      plain(text ?? '')
        .split('\n')
        .map((line) => `     ${paint.command(line)}`),
    ),
  ];
}

const section = (heading: string, lines: readonly string[], paint: Paint): readonly string[] =>
  lines.length === 0 ? [] : ['', paint.strong(heading), ...lines];
