import { Command, InvalidArgumentError, Option } from 'commander';
import { examineHost, type HostReport } from '../../jobs/examine-host.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { instant, withFormat, type CommonOptions } from '../options.ts';
import { doctorText } from '../output/doctor-text.ts';
import type { Door } from '../run.ts';
import { inSession } from '../session.ts';
import { UsageError } from '../trouble.ts';

interface DoctorOptions extends CommonOptions {
  readonly target: readonly URL[];
  readonly auditor?: boolean;
  readonly clientId?: string;
  readonly resource?: string;
  readonly principal?: string;
  readonly tenant?: string;
}

/** More than an app depends on; each may take several time-outs. */
const targetsMax = 50;

export function doctorCommand(door: Door): Command {
  const command = new Command('doctor').description(
    'on the failing host: its identity endpoint, proxies, token, and what it depends on, each with the fix; reads only',
  );
  return withFormat(command, ['table', 'json'])
    .option('--world <dir>', 'examine the identity endpoint of that world instead of this host (`contoso` is the built-in one)')
    .addOption(new Option('--now <instant>', 'the clock of the world').argParser(instant))
    .addOption(
      new Option('--target <url...>', 'try these dependencies: name, connection, token, one harmless read')
        .argParser(target)
        .default([], 'none'),
    )
    .option('--client-id <id>', 'ask for the token of this user-assigned identity (absent: AZURE_CLIENT_ID)')
    .option('--resource <uri>', 'what the token should be for (absent: Azure Resource Manager)')
    .option('--principal <id>', 'whose the token should be: object id, client id, or ARM id of the identity')
    .option('--tenant <id>', 'where the token should be issued')
    .option('--auditor', 'try what the auditor must be able to read, each once, and name the missing permission')
    .addHelpText('after', exitCodes)
    .action(async (options: DoctorOptions) => {
      if (options.target.length > targetsMax) throw new UsageError(`--target takes at most ${targetsMax} addresses at once.`);
      const terminal = door.terminal(options);
      const report = await inSession(options, terminal, async ({ settings, house, now, environment }) =>
        examineHost({
          ...house.host(),
          environment,
          credential: settings.credential.kind,
          clientId: options.clientId ?? settings.credential.clientId,
          resource: options.resource,
          principal: options.principal,
          tenant: options.tenant,
          targets: options.target,
          ...(options.auditor === true && { auditor: house.auditorReads() }),
          now: now(),
          progress: (line) => terminal.progress(line),
        }),
      );
      terminal.progress('');
      terminal.print(options.format === 'json' ? JSON.stringify(report, undefined, 2) : doctorText(report, terminal));
      door.exit(codeOf(report));
    });
}

const exitCodes = `
Exit codes:
  0   everything checked is in order (warnings are printed)
  1   the doctor itself failed
  2   bad usage or settings
  3   nothing failed, but something could not be checked
  10  something failed`;

function codeOf({ summary }: HostReport): ExitCode {
  if (summary.failed > 0) return exitCode.found;
  return summary.skipped > 0 ? exitCode.incomplete : exitCode.clean;
}

/** A bare host name is an https address; anything but https would show the token to the network. */
function target(given: string, before: readonly URL[]): readonly URL[] {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `https://${given}`;
  if (!URL.canParse(text)) throw new InvalidArgumentError('It must be an address such as https://NAME.vault.azure.net.');
  const url = new URL(text);
  if (url.protocol !== 'https:') throw new InvalidArgumentError('It must be an https address: a token is sent there.');
  if (url.username !== '' || url.password !== '') throw new InvalidArgumentError('It must hold no user name or password.');
  return [...before, url];
}
