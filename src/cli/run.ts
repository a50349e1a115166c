import { Command, CommanderError } from 'commander';
import { MissingSetting } from '../config/index.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { acceptCommand, unacceptCommand } from './commands/accept.ts';
import { accessCommand } from './commands/access.ts';
import { auditCommand } from './commands/audit.ts';
import { collectCommand } from './commands/collect.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { findingsCommand } from './commands/findings.ts';
import { incidentsCommand } from './commands/incidents.ts';
import { identitiesCommand } from './commands/identities.ts';
import { notifyCommand } from './commands/notify.ts';
import { reviewCommand } from './commands/review.ts';
import { runsCommand } from './commands/runs.ts';
import { sandboxCommand } from './commands/sandbox.ts';
import { settingsCommand } from './commands/settings.ts';
import { showCommand } from './commands/show.ts';
import { tokenCommand } from './commands/token.ts';
import { watchCommand } from './commands/watch.ts';
import type { CommonOptions } from './options.ts';
import { plain } from './output/plain-text.ts';
import { openTerminal, type Streams, type Terminal } from './terminal.ts';
import { sentence } from '../jobs/error-sentence.ts';
import { UsageError } from './trouble.ts';
import { version } from './version.ts';

/** What a command file gets: the terminal that its options ask for, and a place for its exit code. */
export interface Door {
  terminal(options: Pick<CommonOptions, 'quiet' | 'debug'>): Terminal;
  exit(code: ExitCode): void;
}

/** The command line as a function: arguments and streams in, exit code out. */
export async function run(args: readonly string[], streams: Omit<Streams, 'quiet'>): Promise<ExitCode> {
  let code: ExitCode = exitCode.clean;
  let terminal = openTerminal({ ...streams, quiet: false });
  const door: Door = {
    terminal: ({ quiet = false }) => (terminal = openTerminal({ ...streams, quiet })),
    exit: (given) => void (code = given),
  };
  try {
    await program(door, streams).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.clean : exitCode.usage;
    const usage = error instanceof UsageError || error instanceof MissingSetting;
    streams.stderr.write(`mi-audit: ${plain(usage ? error.message : sentence(error))}\n`);
    if (args.includes('--debug') && error instanceof Error) streams.stderr.write(`${plain(error.stack ?? '')}\n`);
    return usage ? exitCode.usage : exitCode.failure;
  } finally {
    terminal.progress('');
  }
}

function program(door: Door, { stdout, stderr }: Omit<Streams, 'quiet'>): Command {
  const root = new Command('mi-audit')
    .description('Audits managed identities in Azure: what they may do, what is left of those that are gone, and what to do about it.')
    .version(version, '-V, --version')
    .showHelpAfterError('Run mi-audit --help for the list of commands.')
    .addHelpText('after', exitCodes);
  const commands = [
    auditCommand,
    watchCommand,
    findingsCommand,
    incidentsCommand,
    showCommand,
    acceptCommand,
    unacceptCommand,
    accessCommand,
    explainCommand,
    identitiesCommand,
    notifyCommand,
    reviewCommand,
    runsCommand,
    collectCommand,
    doctorCommand,
    tokenCommand,
    sandboxCommand,
    settingsCommand,
  ];
  for (const command of commands) root.addCommand(command(door));
  for (const command of [root, ...root.commands]) {
    command
      .exitOverride()
      .allowExcessArguments(false)
      .configureOutput({ writeOut: (text) => void stdout.write(text), writeErr: (text) => void stderr.write(plain(text)) });
  }
  return root;
}

const exitCodes = `
Exit codes:
  0   clean
  1   failure
  2   bad usage or settings
  3   finished, but something could not be seen
  10  findings at or above --fail-on (also when something could not be seen)`;
