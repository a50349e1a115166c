import type { InvocationContext, StorageQueueHandler, Timer, TimerHandler } from '@azure/functions';
import { sentence } from '../jobs/error-sentence.ts';
import { AlreadyRunning } from '../jobs/under-lease.ts';
import { safeWords } from './safe-error.ts';

/** What a timer does. A tick that comes late is a tick: what was missed is read from where the last one ended. */
export function onTick(work: (context: InvocationContext) => Promise<void>): TimerHandler {
  return async ({ isPastDue }: Timer, context) => {
    if (isPastDue) context.info('This tick comes late: the app was stopped or busy when it was due.');
    await inWords(() => work(context), context);
  };
}

/** What a queue's function does with a message. JSON arrives parsed, `null` and `123` too, and anything may lie in a queue. */
export function onMessage(work: (message: unknown, context: InvocationContext) => Promise<void>): StorageQueueHandler {
  return (message, context) => inWords(() => work(message, context), context);
}

/**
 * Returns nothing: what a handler returns is serialised, and a value that cannot be would fail the invocation. Ticks overlap and messages come twice;
 * whoever finds the work being done by another has nothing to do.
 */
async function inWords(work: () => Promise<void>, context: InvocationContext): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof AlreadyRunning) return context.info(error.message);
    const why = (await safeWords(process.env))(sentence(error));
    // The host passes on an error's message and stack only: the cause, where the reason stands, would be lost.
    context.error(why);
    // It takes a rejection without a reason for success.
    throw error instanceof Error ? error : new Error(why);
  }
}
