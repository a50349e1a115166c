import { Command, InvalidArgumentError, Option } from 'commander';
import type { Run } from '../../findings/index.ts';
import { withFormat, withWorld, type CommonOptions } from '../options.ts';
import { csvOf, markdownTableOf, tableOf, type Sheet } from '../output/sheet.ts';
import type { Door } from '../run.ts';
import { inSession } from '../session.ts';

interface RunsOptions extends CommonOptions {
  readonly limit: number;
}

export function runsCommand(door: Door): Command {
  const command = new Command('runs').description('list the stored runs, latest first');
  return withFormat(withWorld(command), ['table', 'json', 'csv', 'markdown'])
    .addOption(new Option('--limit <count>', 'how many').argParser(count).default(20))
    .action(async (options: RunsOptions) => {
      const terminal = door.terminal(options);
      const runs = await inSession(options, terminal, async (session) => (await session.house.keptStore()).runs(options.limit));
      if (options.format === 'json') terminal.print(JSON.stringify({ schema: 'mi-audit/runs/v1', runs }, undefined, 2));
      else if (options.format === 'csv') terminal.print(csvOf(sheetOf(runs)));
      else if (options.format === 'markdown') terminal.print(markdownTableOf(sheetOf(runs)));
      else terminal.print(runs.length === 0 ? 'No runs are stored yet.' : tableOf(sheetOf(runs), terminal.columns));
    });
}

function sheetOf(runs: readonly Run[]): Sheet {
  return {
    columns: ['run', 'job', 'state', 'started', 'finished', 'complete', 'new', 'resolved', 'reopened', 'accepted'].map((title) => ({
      title,
      share: 0,
    })),
    rows: runs.map(({ id, job, state, startedAt, finishedAt, complete, summary }) => [
      id,
      job,
      state,
      startedAt,
      finishedAt,
      complete ? 'yes' : 'no',
      ...[summary.new, summary.resolved, summary.reopened, summary.accepted].map(String),
    ]),
  };
}

function count(given: string): number {
  if (!/^[1-9]\d{0,3}$/.test(given)) throw new InvalidArgumentError('It must be a number from 1 to 9999.');
  return Number(given);
}
