import type { WatchCoverage, WatchReport } from '../../jobs/watch-report.ts';
import type { Terminal } from '../terminal.ts';
import { findingTable, inReadingOrder } from './finding-sheet.ts';
import { incidentText } from './incident-text.ts';
import { paintWith, type Paint } from './paint.ts';
import { oneLine, plain } from './plain-text.ts';
import { tableOf } from './sheet.ts';

/** The pass for a person: incidents first, then grants, what was normal, and what could not be seen. */
export function watchTable(report: WatchReport, terminal: Pick<Terminal, 'columns' | 'colours'>): string {
  const paint = paintWith(terminal.colours);
  return [
    ...incidentLines(report, terminal, paint),
    ...grantLines(report, terminal, paint),
    ...denialLines(report, paint),
    ...coverageLines(report.coverage, paint),
    paint.faint(
      `Run ${report.run.id}${report.run.dryRun ? ' (dry run: nothing was written)' : ''}, ${report.run.from} to ${report.run.to}.`,
    ),
  ].join('\n');
}

function incidentLines({ incidents, run }: WatchReport, terminal: Pick<Terminal, 'colours'>, paint: Paint): readonly string[] {
  if (incidents.length === 0)
    return [run.complete ? paint.good('No incidents.') : paint.warning('No incidents in what could be seen. See below for the rest.'), ''];
  return incidents.flatMap((incident) => [incidentText(incident, terminal), '', '']);
}

function grantLines({ grants }: WatchReport, terminal: Pick<Terminal, 'columns'>, paint: Paint): readonly string[] {
  if (grants.length === 0) return [];
  return [
    paint.strong('Broad grants just made'),
    tableOf(findingTable(inReadingOrder(grants)), terminal.columns, (cell, column) => (column === 0 ? paint.severity(cell) : cell)),
    '',
  ];
}

function denialLines({ denials }: WatchReport, paint: Paint): readonly string[] {
  const { rows, count, benign, ofPeople } = denials;
  return [
    `${count} refused calls in ${rows} log rows.`,
    ...benign.map((one) => paint.faint(`  ${one.count} benign (${one.id}): ${one.why}`)),
    ...(ofPeople > 0 ? [paint.faint(`  ${ofPeople} of people: counted, not alerted (AUDIT_PRINCIPALS=all changes that)`)] : []),
    '',
  ];
}

function coverageLines(coverage: readonly WatchCoverage[], paint: Paint): readonly string[] {
  const blind = coverage.filter(({ state }) => state !== 'whole');
  const back = coverage.filter(({ state }) => state === 'whole').map(({ why }) => oneLine(why));
  if (blind.length === 0) return back.length === 0 ? [] : [...back, ''];
  return [
    ...back,
    paint.strong('What is not watched, or could not be read'),
    ...blind
      .slice(0, 25)
      .flatMap(({ slice, scope, why, permission, command }) => [
        `  ${paint.warning(slice)} at ${oneLine(scope)}: ${oneLine(why)}${permission === '' ? '' : ` Needs ${permission}.`}`,
        ...(command === '' ? [] : [`     ${paint.command(plain(command))}`]),
      ]),
    ...(blind.length > 25 ? [`  … and ${blind.length - 25} more (--format json lists all)`] : []),
    '',
  ];
}
