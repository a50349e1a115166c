import { SpanStatusCode, type HrTime } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { customEvent } from '../event.ts';

/** `span   GET /subscriptions  34 ms  http.response.status_code=200 …  trace 4bf92f35` */
export function spanLine(span: ReadableSpan): string {
  const { name, duration, status, attributes } = span;
  const failed = status.code === SpanStatusCode.ERROR ? '  FAILED' : '';
  return `span   ${name}  ${shownMs(duration)}${failed}${pairs(attributes)}  trace ${shortTrace(span.spanContext().traceId)}`;
}

export function eventLine({ body, severityText = 'INFO', attributes, spanContext }: ReadableLogRecord): string {
  const trace = spanContext === undefined ? '' : `  trace ${shortTrace(spanContext.traceId)}`;
  const name = typeof body === 'string' ? body : JSON.stringify(body);
  return `event  ${severityText.padEnd(5)} ${name}${pairs({ ...attributes, [customEvent]: undefined })}${trace}`;
}

/** One line for each set of attributes. */
export function metricLines({ descriptor: { name, unit }, ...data }: MetricData): readonly string[] {
  const line = (value: string, attributes: object): string => `metric ${name} = ${value}${pairs(attributes)}`;
  switch (data.dataPointType) {
    case DataPointType.HISTOGRAM:
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return data.dataPoints.map(({ value: { count, sum = 0 }, attributes }) =>
        line(`${count} times, together ${rounded(sum)} ${unit}`, attributes),
      );
    case DataPointType.GAUGE:
    case DataPointType.SUM:
      return data.dataPoints.map(({ value, attributes }) => line(`${rounded(value)} ${unit}`, attributes));
  }
}

const pairs = (attributes: object): string => {
  const shown = Object.entries(attributes).flatMap(([name, value]: [string, unknown]) =>
    value === undefined ? [] : [`${name}=${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`],
  );
  return shown.length === 0 ? '' : `  ${shown.join(' ')}`;
};

const quoted = (text: string): string => (/^[^\s"]+$/.test(text) ? text : JSON.stringify(text));
const shortTrace = (id: string): string => id.slice(0, 8);
const rounded = (value: number): string => String(Math.round(value * 1_000) / 1_000);
const shownMs = ([seconds, nanoseconds]: HrTime): string => `${rounded(seconds * 1_000 + nanoseconds / 1e6)} ms`;
