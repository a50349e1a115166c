import { Command } from 'commander';
import { MissingSetting } from '../../config/index.ts';
import { auditEstate } from '../../jobs/audit-estate.ts';
import { notify } from '../../jobs/notify.ts';
import type { NotifyReport } from '../../jobs/notify-report.ts';
import { withPoison } from '../../jobs/poison-report.ts';
import { watch } from '../../jobs/watch.ts';
import { rules } from '../../rules/index.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { withFormat, withWorld, type CommonOptions } from '../options.ts';
import { notifyText } from '../output/notify-text.ts';
import type { Door } from '../run.ts';
import { inSession, type Session } from '../session.ts';
import type { Terminal } from '../terminal.ts';

interface NotifyOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly again?: boolean;
}

const about = `
What audit and watch have stored since the last time goes to the channels of the settings (CHANNELS, or TEAMS_WEBHOOK_URL and EMAIL_TO).
What a function of the app could not handle (the poison queues) is listed besides, and left where it lies.
With --world, it audits and watches first, and tells the world's own Teams channel and mailbox; this machine's channels are left alone.
A dry run leaves a named --store as it is, and says what waits in it.

Exit codes: 0 everything that was due is sent · 1 a message was given up, or a failure · 3 a message will be tried again.`;

export function notifyCommand(door: Door): Command {
  const command = new Command('notify').description('tell people what changed: deliver what is in the outbox').addHelpText('after', about);
  return withFormat(withWorld(command), ['table', 'json'])
    .option('--dry-run', 'say what would be sent where; write and send nothing')
    .option('--again', 'try once more what was given up')
    .action(async (options: NotifyOptions) => {
      const terminal = door.terminal(options);
      const report = await tell(options, terminal);
      terminal.progress('');
      terminal.print(options.format === 'json' ? JSON.stringify(report, undefined, 2) : notifyText(report, terminal));
      door.exit(codeOf(report));
    });
}

function tell(options: NotifyOptions, terminal: Terminal): Promise<NotifyReport> {
  return inSession(options, terminal, async (session) => {
    const { settings, house, now } = session;
    if (settings.channels.length === 0)
      throw new MissingSetting('Nobody is to be told: name a channel with TEAMS_WEBHOOK_URL, EMAIL_TO or CHANNELS.');
    const store = await house.keptStore();
    // A world's own storage ends with the command; a store that somebody named is not written by a dry run.
    const keepsStill = options.dryRun === true && options.store !== undefined;
    if (options.world !== undefined && !keepsStill) await lookFirst(session, store, terminal);
    // The templates of mails take a while to load: only this command waits for them.
    const { renderCard, renderMail } = await import('../../messages/index.ts');
    const report = await notify({
      store,
      channels: settings.channels,
      messenger: (channel) => house.messenger(channel),
      render: { renderCard, renderMail },
      siteUrl: settings.siteUrl,
      portalUrl: house.portalUrl,
      now,
      holder: house.holder,
      dryRun: options.dryRun === true,
      again: options.again,
      progress: (line) => terminal.progress(line),
    });
    return withPoison(report, house.poisonQueues());
  });
}

async function lookFirst(
  { settings, house, now }: Session,
  store: Awaited<ReturnType<Session['house']['keptStore']>>,
  terminal: Terminal,
): Promise<void> {
  if (terminal.environment['CHANNELS'] !== undefined) terminal.note('CHANNELS is left out: a world has its own Teams channel and mailbox.');
  const progress = (line: string): void => terminal.progress(line);
  const common = { source: house.source(), store, settings, now, holder: house.holder, dryRun: false, progress };
  await auditEstate({ ...common, rules });
  await watch({ ...common, ...house.logs(), calls: () => house.calls() });
}

/** What was given up outranks what is tried again. Messages that wait for the end of quiet hours are as they should be. */
function codeOf({ channels, dryRun }: NotifyReport): ExitCode {
  if (channels.some(({ undeliverable }) => undeliverable.length > 0)) return exitCode.failure;
  const isTriedAgain = channels.some(({ waiting, configured }) => !configured || waiting.some(({ attempts }) => attempts > 0));
  return isTriedAgain && !dryRun ? exitCode.incomplete : exitCode.clean;
}
