import { context, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { tell } from './event.ts';
import { measure } from './measure.ts';
import { instrumentation, type Job } from './vocabulary.ts';

export interface JobWords {
  /** An error in one line, causes included. */
  readonly why: (error: unknown) => string;
  /** True for an error that only says: another instance is at it. */
  readonly isSkipped: (error: unknown) => boolean;
}

/** A span around a job, its duration, and the event of its failure. What the job returns or throws is passed on as it is. */
export async function inJob<Done>(job: Job, words: JobWords, work: () => Promise<Done>): Promise<Done> {
  const span = trace
    .getTracer(instrumentation)
    .startSpan(`mi_audit.${job}`, { kind: SpanKind.INTERNAL, attributes: { 'mi_audit.job': job } });
  const startedMs = performance.now();
  const end = (outcome: 'done' | 'failed' | 'skipped'): void => {
    span.setAttribute('mi_audit.outcome', outcome);
    measure('mi_audit.run.duration', (performance.now() - startedMs) / 1_000, { 'mi_audit.job': job, 'mi_audit.outcome': outcome });
    span.end();
  };
  return context.with(trace.setSpan(context.active(), span), async () => {
    try {
      const done = await work();
      end('done');
      return done;
    } catch (error) {
      const skipped = words.isSkipped(error);
      if (!skipped) failed(job, span, error, words.why(error));
      end(skipped ? 'skipped' : 'failed');
      throw error;
    }
  });
}

/** Says of the job that is open which run of record it is. */
export function nameRun(runId: string): void {
  trace.getActiveSpan()?.setAttribute('mi_audit.run.id', runId);
}

function failed(job: Job, span: Span, error: unknown, why: string): void {
  const type = errorType(error);
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
  tell('mi_audit.run.failed', 'error', { 'mi_audit.job': job, 'error.type': type, 'mi_audit.why': why });
}

/** A code or a class, never a message: https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/ */
export function errorType(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const given = typeof code === 'string' ? code : error instanceof Error ? error.name : typeof error;
  return /^[\w.-]{1,80}$/.test(given) ? given : 'Error';
}
