import { context, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { errorType } from './job-span.ts';
import { measure } from './measure.ts';
import { operationOf } from './operation.ts';
import { instrumentation, type Service } from './vocabulary.ts';

export interface OutsideCall {
  readonly service: Service;
  readonly method: string;
  readonly url: string;
  /** Attempts at the same request before this one. */
  readonly resends: number;
}

export interface CallAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
}

/** A span around one attempt of one call, and its share of the counts. */
export async function inCall<Answer extends CallAnswer>(call: OutsideCall, send: () => Promise<Answer>): Promise<Answer> {
  const span = startSpan(call);
  measure('mi_audit.calls', 1, { 'mi_audit.service': call.service });
  try {
    const answer = await context.with(trace.setSpan(context.active(), span), send);
    answered(span, call.service, answer);
    return answer;
  } catch (error) {
    span.setAttribute('error.type', errorType(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

function startSpan({ service, method, url, resends }: OutsideCall): Span {
  const { host, path } = operationOf(url);
  return trace.getTracer(instrumentation).startSpan(`${method} ${path}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      'mi_audit.service': service,
      'http.request.method': method,
      'url.template': path,
      'server.address': host,
      ...(resends > 0 && { 'http.request.resend_count': resends }),
    },
  });
}

/** Not there, there already, changed meanwhile: answers that the auditor asks for, not failures of a call. */
const answers: ReadonlySet<number> = new Set([404, 409, 412]);

function answered(span: Span, service: Service, { status, headers }: CallAnswer): void {
  span.setAttribute('http.response.status_code', status);
  const requestId = headers.get('x-ms-request-id') ?? headers.get('request-id');
  // What Azure's support asks for.
  if (requestId !== undefined && /^[\w-]{1,80}$/.test(requestId)) span.setAttribute('az.service_request_id', requestId);
  if (status === 429 || (status === 503 && (service === 'tables' || service === 'queues')))
    measure('mi_audit.throttles', 1, { 'mi_audit.service': service });
  if (status < 400 || answers.has(status)) return;
  span.setAttribute('error.type', String(status));
  span.setStatus({ code: SpanStatusCode.ERROR });
}
