import type { InvocationContext, Timer } from '@azure/functions';

/** Somebody asked for an audit now. Who it was stands in the message; what is done is what the timer does. */
export function auditOnRequest(audit: (timer: Timer, context: InvocationContext) => Promise<void>) {
  return async (message: unknown, context: InvocationContext): Promise<void> => {
    context.info(`An audit was asked for by ${byOf(message)}.`);
    try {
      await audit(
        { isPastDue: false, schedule: { adjustForDST: false }, scheduleStatus: { last: '', next: '', lastUpdated: '' } },
        context,
      );
    } catch (error) {
      // What was asked for is being done; trying again at once would only end in the poison queue.
      if (!(error instanceof Error && error.message.startsWith('Another audit is running'))) throw error;
    }
  };
}

/** JSON arrives parsed, and anything may lie in a queue. */
function byOf(message: unknown): string {
  const by = typeof message === 'object' && message !== null && 'by' in message ? message.by : undefined;
  return typeof by === 'string' ? by.replace(/[\p{Cc}\p{Cf}]/gu, '').slice(0, 200) : 'nobody that the message names';
}
