import type { ChannelReport, MessageReport, NotifyReport, PoisonReport } from '../../jobs/notify-report.ts';
import { paintWith, type Paint } from './paint.ts';
import { oneLine } from './plain-text.ts';

/** One round of the notifier: who got what, what waits and why, what was given up. */
export function notifyText(report: NotifyReport, terminal: { readonly colours: boolean }): string {
  const paint = paintWith(terminal.colours);
  const { channels, changes, unrouted, dryRun, notes } = report;
  return [
    paint.strong(`${changes} ${changes === 1 ? 'change' : 'changes'} to tell${dryRun ? ' (dry run: nothing is written or sent)' : ''}`),
    ...(unrouted === 0 ? [] : [`  ${unrouted} of them no channel wants: the filters of all channels leave them out.`]),
    ...channels.flatMap((channel) => ['', ...ofChannel(channel, dryRun, paint)]),
    ...(report.poison ?? []).flatMap((queue) => ['', ...ofPoison(queue, paint)]),
    ...notes.flatMap((note) => ['', paint.faint(oneLine(note))]),
  ].join('\n');
}

function ofChannel({ channel, configured, sent, waiting, undeliverable }: ChannelReport, dryRun: boolean, paint: Paint): readonly string[] {
  const nothing = sent.length + waiting.length + undeliverable.length === 0;
  return [
    `${paint.strong(oneLine(channel))}${configured ? '' : ' (the settings no longer name it: what waits here is not sent)'}`,
    ...(nothing ? [paint.faint('  nothing to tell')] : []),
    ...sent.map(
      (message) =>
        `  ${paint.good(dryRun ? 'would send' : 'sent')}  ${headOf(message)}${message.why === '' ? '' : `; ${oneLine(message.why)}`}`,
    ),
    ...waiting.map((message) => `  waits       ${headOf(message)}; until ${message.dueAt}${triedOf(message)}`),
    ...undeliverable.map((message) => `  ${paint.bad('given up')}    ${headOf(message)}${triedOf(message)}. Try again with --again.`),
    ...([...waiting, ...undeliverable].some(({ unanswered }) => unanswered > 0)
      ? [paint.faint('  An attempt without an answer may have arrived: a repeat carries the same reference and says so.')]
      : []),
  ];
}

function ofPoison({ queue, messages, oldestAt, trouble, advice }: PoisonReport, paint: Paint): readonly string[] {
  const state =
    trouble === ''
      ? `${messages} ${messages === 1 ? 'message' : 'messages'} that the function could not handle${oldestAt === '' ? '' : `, the first since ${oldestAt}`}`
      : `could not be looked into: ${oneLine(trouble)}`;
  return [`${paint.strong(queue)}  ${paint.bad(state)}`, `  ${advice}`];
}

const headOf = ({ reference, kind, because, changes, subject }: MessageReport): string =>
  `${kind}${kind === 'digest' ? ` of ${changes} (${because})` : ''}${subject === '' ? '' : ` "${oneLine(subject)}"`}  ${oneLine(reference)}`;

function triedOf({ attempts, unanswered, why }: MessageReport): string {
  if (attempts === 0) return why === '' ? '' : `; ${oneLine(why)}`;
  const silent = unanswered === 0 ? '' : `, ${unanswered} of them without an answer`;
  return `; tried ${attempts} ${attempts === 1 ? 'time' : 'times'}${silent}${why === '' ? '' : `: ${oneLine(why)}`}`;
}
