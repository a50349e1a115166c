import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { tell } from './event.ts';
import { measure } from './measure.ts';
import { instrumentation } from './vocabulary.ts';

/** What became of an attempt: `failed` is tried again, `given_up` is not. */
export type DeliveryOutcome = 'sent' | 'failed' | 'given_up';

export interface Attempted {
  readonly outcome: DeliveryOutcome;
  readonly why: string;
}

/** A span around one attempt to tell people, and its count. */
export async function inDelivery<Done>(
  channel: { readonly name: string; readonly kind: string },
  outcomeOf: (done: Done) => Attempted,
  work: () => Promise<Done>,
): Promise<Done> {
  const about = { 'mi_audit.channel': channel.name, 'mi_audit.channel.kind': channel.kind };
  const span = trace.getTracer(instrumentation).startSpan('mi_audit.delivery', { kind: SpanKind.CLIENT, attributes: about });
  return context.with(trace.setSpan(context.active(), span), async () => {
    let attempted: Attempted = { outcome: 'failed', why: '' };
    try {
      const done = await work();
      attempted = outcomeOf(done);
      return done;
    } finally {
      const { outcome, why } = attempted;
      span.setAttribute('mi_audit.outcome', outcome);
      if (outcome !== 'sent') span.setStatus({ code: SpanStatusCode.ERROR });
      measure('mi_audit.deliveries', 1, { 'mi_audit.channel': channel.name, 'mi_audit.outcome': outcome });
      if (outcome === 'given_up') tell('mi_audit.delivery.given_up', 'error', { ...about, 'mi_audit.why': why });
      span.end();
    }
  });
}
