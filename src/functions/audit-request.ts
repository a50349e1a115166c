import type { InvocationContext } from '@azure/functions';
import { auditTick } from './audit-estate.ts';

/** Somebody asked for an audit now. Who it was stands in the message; what is done is what the timer does. */
export async function auditAsked(message: unknown, context: InvocationContext): Promise<void> {
  context.info(`An audit was asked for by ${byOf(message)}.`);
  await auditTick(context);
}

function byOf(message: unknown): string {
  const by = typeof message === 'object' && message !== null && 'by' in message ? message.by : undefined;
  return typeof by === 'string' ? by.replace(/[\p{Cc}\p{Cf}]/gu, '').slice(0, 200) : 'nobody that the message names';
}
