import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { isComplete } from '../../findings/index.ts';
import { collectEstate } from '../../jobs/collect-estate.ts';
import { writeEstateFile } from '../estate-file.ts';
import { exitCode } from '../exit-code.ts';
import { withWorld, type CommonOptions } from '../options.ts';
import type { Door } from '../run.ts';
import { inSession } from '../session.ts';

interface CollectOptions extends CommonOptions {
  readonly out: string;
  readonly redact?: boolean;
}

export function collectCommand(door: Door): Command {
  return withWorld(new Command('collect').description('collect only, into a file that `audit --estate` judges'))
    .requiredOption('--out <file>', 'where to write the estate (JSON lines)')
    .option('--redact', 'replace names and ids consistently, for a bug report')
    .option('-q, --quiet', 'print nothing')
    .option('--debug', 'print stack traces')
    .action(async (options: CollectOptions) => {
      const terminal = door.terminal(options);
      const { estate } = await inSession(options, terminal, async ({ settings, house, now }) =>
        collectEstate({ source: house.source(), store: await house.store(), settings, now, progress: (line) => terminal.progress(line) }),
      );
      terminal.progress('');
      await writeEstateFile(options.out, estate, options.redact === true ? randomBytes(32).toString('hex') : undefined);
      const { identities, hosts, assignments, gaps } = estate;
      terminal.note(
        `Wrote ${options.out}: ${identities.length} identities, ${hosts.length} hosts, ${assignments.length} assignments, ${gaps.length} gaps.`,
      );
      door.exit(isComplete(gaps) ? exitCode.clean : exitCode.incomplete);
    });
}
