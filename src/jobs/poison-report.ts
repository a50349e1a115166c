import type { PoisonQueue, PoisonQueues } from '../ports/index.ts';
import type { NotifyReport, PoisonReport } from './notify-report.ts';

/** What the functions laid aside, beside what was given up: nothing that failed is left for somebody to stumble on. */
export async function withPoison(report: NotifyReport, queues: PoisonQueues | undefined): Promise<NotifyReport> {
  return queues === undefined ? report : { ...report, poison: (await queues.look()).map(withAdvice) };
}

const withAdvice = (found: PoisonQueue): PoisonReport => ({
  ...found,
  advice:
    found.trouble === ''
      ? `${advice[found.queue] ?? 'See why the function failed.'} Then delete ${found.messages === 1 ? 'it' : 'them'} from ${found.queue}.`
      : 'Whether messages lie there is unknown: give yourself Storage Queue Data Reader on the storage account and look again.',
});

const advice: Readonly<Record<string, string>> = {
  'notify-poison':
    'Nothing is lost: what is to be told stands in the store, and the sweep sends it. Look for the error of the function notify in Application Insights.',
  'audit-request-poison':
    'Somebody asked for an audit and it failed five times: the error of the function audit-request says why. Ask again, or wait for the next scheduled audit.',
  'audit-shard-poison':
    'A piece of a large audit failed five times: the error of the function audit-shard says why. The audit begins its piece again, or is given up and says so in `mi-audit runs`.',
};
