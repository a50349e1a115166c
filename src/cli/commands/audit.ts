import { Command } from 'commander';
import type { Estate } from '../../estate/index.ts';
import { noCalls } from '../../findings/index.ts';
import { auditEstate } from '../../jobs/audit-estate.ts';
import type { AuditReport } from '../../jobs/audit-report.ts';
import type { Store } from '../../ports/index.ts';
import { ring } from '../../jobs/ring.ts';
import { rules, type Severity } from '../../rules/index.ts';
import { readEstateFile } from '../estate-file.ts';
import { codeOf } from '../exit-code.ts';
import { severityOption, withFormat, withWorld, type CommonOptions, type Format } from '../options.ts';
import { auditMarkdown } from '../output/audit-markdown.ts';
import { auditSarif } from '../output/audit-sarif.ts';
import { auditTable } from '../output/audit-table.ts';
import { findingList, inReadingOrder } from '../output/finding-sheet.ts';
import { csvOf } from '../output/sheet.ts';
import type { Door } from '../run.ts';
import { inSession } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../trouble.ts';
import { version } from '../version.ts';

interface AuditOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly failOn?: Severity;
  readonly estate?: string;
}

export function auditCommand(door: Door): Command {
  const command = new Command('audit').description('collect, judge, reconcile, store; print findings');
  return withFormat(withWorld(command), ['table', 'json', 'csv', 'sarif', 'markdown'])
    .option('--dry-run', 'decide everything, write nothing')
    .option('--estate <file>', 'judge what `collect --out` wrote instead of collecting')
    .addOption(severityOption('--fail-on <severity>', 'exit with 10 when a finding is at least that severe'))
    .action(async (options: AuditOptions) => {
      if (options.estate !== undefined && options.world !== undefined)
        throw new UsageError('--estate and --world are two sources: name one.');
      const terminal = door.terminal(options);
      const report = await audit(options, terminal);
      terminal.progress('');
      terminal.print(printed(report, options.format, terminal));
      if (options.format === 'csv' && !report.run.complete)
        terminal.note('Incomplete: something could not be seen; --format json lists it under coverage.');
      door.exit(codeOf({ complete: report.run.complete, findings: report.findings }, options.failOn));
    });
}

function audit(options: AuditOptions, terminal: Terminal): Promise<AuditReport> {
  return inSession(options, terminal, async ({ settings, house, now }) => {
    const store = await house.store();
    if (store === undefined) terminal.note('No store is set: every finding is new, and nothing is kept (--store DIR keeps a history).');
    const estate = options.estate === undefined ? undefined : await readEstateFile(options.estate);
    if (estate !== undefined && store !== undefined && options.dryRun !== true) await assertNotOlder(estate, store);
    const report = await auditEstate({
      source: estate === undefined ? house.source() : { collect: async () => ({ estate, calls: noCalls }) },
      store: store ?? (await house.forgetfulStore()),
      settings,
      rules,
      now: estate === undefined ? now : () => settings.now ?? estate.collectedAt,
      holder: house.holder,
      dryRun: options.dryRun === true,
      progress: (line) => terminal.progress(line),
    });
    if (options.dryRun !== true && options.world === undefined) await ring(house.doorbell(), (line) => terminal.note(line));
    return report;
  });
}

/** An estate of last month would resolve what was found since. */
async function assertNotOlder({ collectedAt }: Estate, store: Store): Promise<void> {
  const later = (await store.runs(20)).find(({ job, startedAt }) => job === 'audit' && Date.parse(startedAt) > Date.parse(collectedAt));
  if (later === undefined) return;
  throw new UsageError(
    `The store knows a later audit (${later.startedAt}) than this estate (${collectedAt}): add --dry-run, or name another --store.`,
  );
}

function printed(report: AuditReport, format: Format, terminal: Terminal): string {
  switch (format) {
    case 'table':
      return auditTable(report, terminal);
    case 'json':
      return JSON.stringify(report, undefined, 2);
    case 'csv':
      return csvOf(findingList(inReadingOrder(report.findings)));
    case 'sarif':
      return auditSarif(report, rules, version);
    case 'markdown':
      return auditMarkdown(report);
  }
}
