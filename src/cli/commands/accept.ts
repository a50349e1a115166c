import { userInfo } from 'node:os';
import { Command } from 'commander';
import { acceptFinding, unacceptFinding, type Accepted } from '../../jobs/accept-finding.ts';
import { published } from '../../jobs/published-finding.ts';
import type { StoredFinding } from '../../findings/index.ts';
import { findFinding } from '../find-finding.ts';
import { until, withFormat, withWorld, type CommonOptions } from '../options.ts';
import { oneLine } from '../output/plain-text.ts';
import type { Door } from '../run.ts';
import { inSession } from '../session.ts';
import { UsageError } from '../trouble.ts';

interface UnacceptOptions extends CommonOptions {
  readonly author?: string;
}

interface AcceptOptions extends UnacceptOptions {
  readonly reason: string;
  readonly until: string;
}

export function acceptCommand(door: Door): Command {
  const command = new Command('accept')
    .description('accept the risk of a finding, with a reason and an end')
    .argument('<id>', 'finding id, or the head of its hash');
  return withFormat(withWorld(command), ['table', 'json'])
    .requiredOption('--reason <text>', 'why the risk is accepted')
    .requiredOption('--until <when>', 'a day (2027-01-31), an instant, or a number of days from now (90d)')
    .option('--author <name>', 'who accepts it (default: the user of this machine)')
    .action(async (id: string, options: AcceptOptions) => {
      const terminal = door.terminal(options);
      const finding = await inSession(options, terminal, async (session) => {
        const now = session.now();
        const end = until(options.until, now);
        if (end === undefined) throw new UsageError(`--until takes a day, an instant, or days such as 90d, not ${options.until}.`);
        if (Date.parse(end) <= Date.parse(now))
          throw new UsageError(`--until ${options.until} is past: an acceptance needs an end to come.`);
        if (options.reason.trim() === '') throw new UsageError('--reason is empty: whoever reads this next year needs to know why.');
        const store = await session.house.keptStore();
        return done(
          await acceptFinding(store, {
            findingId: await findFinding(store, id),
            reason: options.reason.trim(),
            until: end,
            author: authorOf(options),
            now,
          }),
        );
      });
      terminal.print(
        options.format === 'json'
          ? json(finding)
          : `Accepted: ${oneLine(finding.title)}\nIt is reported as accepted until its end; mi-audit unaccept ${finding.id} ends it earlier.`,
      );
    });
}

export function unacceptCommand(door: Door): Command {
  const command = new Command('unaccept')
    .description('end the acceptance of a finding')
    .argument('<id>', 'finding id, or the head of its hash');
  return withFormat(withWorld(command), ['table', 'json'])
    .option('--author <name>', 'who ends it (default: the user of this machine)')
    .action(async (id: string, options: UnacceptOptions) => {
      const terminal = door.terminal(options);
      const finding = await inSession(options, terminal, async (session) => {
        const store = await session.house.keptStore();
        return done(
          await unacceptFinding(store, { findingId: await findFinding(store, id), author: authorOf(options), now: session.now() }),
        );
      });
      terminal.print(options.format === 'json' ? json(finding) : `No longer accepted: ${oneLine(finding.title)} (${finding.status})`);
    });
}

function done(outcome: Accepted): StoredFinding {
  if (outcome.kind === 'refused') throw new Error(outcome.because);
  return outcome.finding;
}

const json = (finding: StoredFinding): string =>
  JSON.stringify({ schema: 'mi-audit/finding/v1', finding: published(finding) }, undefined, 2);

function authorOf({ author }: UnacceptOptions): string {
  if (author !== undefined && author.trim() !== '') return author.trim();
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that no user list knows.
    throw new UsageError('This machine has no user name: say who accepts with --author.');
  }
}
