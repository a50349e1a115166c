import { Command } from 'commander';
import { watch as watchOnce } from '../../jobs/watch.ts';
import { ring } from '../../jobs/ring.ts';
import type { WatchReport } from '../../jobs/watch-report.ts';
import type { Severity } from '../../rules/index.ts';
import { codeOf } from '../exit-code.ts';
import { severityOption, withFormat, withWorld, type CommonOptions } from '../options.ts';
import { incidentSheet } from '../output/incident-sheet.ts';
import { csvOf } from '../output/sheet.ts';
import { watchMarkdown } from '../output/watch-markdown.ts';
import { watchTable } from '../output/watch-table.ts';
import type { Door } from '../run.ts';
import { inSession } from '../session.ts';
import type { Terminal } from '../terminal.ts';

export interface WatchOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly failOn?: Severity;
}

export function watchCommand(door: Door): Command {
  const command = new Command('watch').description('one pass over refused calls and grants since the last one; print incidents');
  return withFormat(withWorld(command), ['table', 'json', 'csv', 'markdown'])
    .option('--dry-run', 'decide everything, write nothing')
    .addOption(severityOption('--fail-on <severity>', 'exit with 10 when an incident is at least that severe'))
    .action(async (options: WatchOptions) => {
      const terminal = door.terminal(options);
      const report = await watch(options, terminal);
      terminal.progress('');
      terminal.print(printed(report, options, terminal));
      const alive = report.incidents
        .filter(({ status }) => status !== 'resolved')
        .map(({ severity }) => ({ severity, status: 'open' as const }));
      door.exit(codeOf({ complete: report.run.complete, findings: [...alive, ...report.grants] }, options.failOn));
    });
}

/** The pass without the printing; `npm run scenarios` calls it too. */
export function watch(options: WatchOptions, terminal: Terminal): Promise<WatchReport> {
  return inSession(options, terminal, async ({ settings, house, now }) => {
    const store = await house.store();
    if (store === undefined)
      terminal.note('No store is set: this pass knows no baseline and forgets its incidents (--store DIR keeps them).');
    const report = await watchOnce({
      ...house.logs(),
      source: house.source(),
      store: store ?? (await house.forgetfulStore()),
      settings,
      now,
      holder: house.holder,
      dryRun: options.dryRun === true,
      calls: () => house.calls(),
      progress: (line) => terminal.progress(line),
    });
    if (options.dryRun !== true && options.world === undefined) await ring(house.doorbell(), (line) => terminal.note(line));
    return report;
  });
}

function printed(report: WatchReport, { format }: WatchOptions, terminal: Terminal): string {
  switch (format) {
    case 'json':
      return JSON.stringify(report, undefined, 2);
    case 'csv':
      return csvOf(incidentSheet(report.incidents));
    case 'markdown':
    case 'sarif':
      return watchMarkdown(report);
    case 'table':
      return watchTable(report, terminal);
  }
}
