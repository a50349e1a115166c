import { Command, Option } from 'commander';
import type { Finding, FindingStatus } from '../../findings/index.ts';
import type { FindingFilter } from '../../ports/index.ts';
import { severities, type Severity } from '../../rules/index.ts';
import { instant, listOf, withFormat, withWorld, type CommonOptions } from '../options.ts';
import { findingsMarkdown } from '../output/audit-markdown.ts';
import { findingList, findingTable, inReadingOrder } from '../output/finding-sheet.ts';
import { paintWith } from '../output/paint.ts';
import { csvOf, tableOf } from '../output/sheet.ts';
import { published } from '../../jobs/published-finding.ts';
import type { Door } from '../run.ts';
import { inSession } from '../session.ts';
import { coverageLines } from '../output/audit-table.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../trouble.ts';
import type { Run } from '../../findings/index.ts';

interface FindingsOptions extends CommonOptions {
  readonly status?: string;
  readonly severity?: string;
  readonly rule?: string;
  readonly principal?: string;
  readonly scope?: string;
  readonly since?: string;
}

const statuses = ['new', 'open', 'reopened', 'accepted', 'resolved'] as const;

export function findingsCommand(door: Door): Command {
  const command = new Command('findings').description('query the stored findings');
  return withFormat(withWorld(command), ['table', 'json', 'csv', 'markdown'])
    .option('--status <list>', `of ${statuses.join(', ')}; comma-separated (default: all but resolved)`)
    .option('--severity <list>', `of ${severities.join(', ')}; comma-separated`)
    .option('--rule <list>', 'rule ids, comma-separated')
    .option('--principal <id>', 'object id of the principal')
    .option('--scope <id>', 'ARM id; with everything below it')
    .addOption(new Option('--since <instant>', 'changed at or after').argParser(instant))
    .action(async (options: FindingsOptions) => {
      const terminal = door.terminal(options);
      const { findings, latest } = await inSession(options, terminal, async (session) => {
        const store = await session.house.keptStore();
        const [latest] = (await store.runs(50)).filter(({ job, state }) => job === 'audit' && state === 'finished');
        const findings: Finding[] = [];
        for await (const finding of store.findings(filterOf(options))) findings.push(finding);
        return { findings, latest };
      });
      terminal.print(printed(inReadingOrder(findings), latest, options, terminal));
    });
}

/** The answer always says how whole the run was that it rests on. */
function printed(findings: readonly Finding[], latest: Run | undefined, { format }: FindingsOptions, terminal: Terminal): string {
  switch (format) {
    case 'json':
      return JSON.stringify(
        { schema: 'mi-audit/findings/v1', run: latest ?? null, coverage: latest?.coverage ?? [], findings: findings.map(published) },
        undefined,
        2,
      );
    case 'csv':
      return csvOf(findingList(findings));
    case 'markdown':
    case 'sarif':
      return findingsMarkdown(findings);
    case 'table': {
      const paint = paintWith(terminal.colours);
      if (latest === undefined) return paint.warning('No audit has been stored yet: run mi-audit audit.');
      const table =
        findings.length === 0
          ? 'No findings match.'
          : tableOf(findingTable(findings), terminal.columns, (cell, column) => (column === 0 ? paint.severity(cell) : cell));
      return [
        table,
        '',
        ...coverageLines(latest.coverage, paint, latest.complete),
        paint.faint(`As of ${latest.finishedAt} (run ${latest.id}).`),
      ].join('\n');
    }
  }
}

function filterOf({ status, severity, rule, principal, scope, since }: FindingsOptions): FindingFilter {
  return {
    status: status === undefined ? ['new', 'open', 'reopened', 'accepted'] : chosen<FindingStatus>('--status', status, statuses),
    ...(severity !== undefined && { severity: chosen<Severity>('--severity', severity, severities) }),
    ...(rule !== undefined && { rule: listOf(rule) }),
    ...(principal !== undefined && { principal }),
    ...(scope !== undefined && { scope }),
    ...(since !== undefined && { since }),
  };
}

function chosen<Word extends string>(option: string, given: string, allowed: readonly Word[]): readonly Word[] {
  return listOf(given).map((word) => {
    const found = allowed.find((one) => one === word.toLowerCase());
    if (found === undefined) throw new UsageError(`${option} takes ${allowed.join(', ')}, not ${word}.`);
    return found;
  });
}
