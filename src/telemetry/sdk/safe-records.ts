import type { LogRecordProcessor, SdkLogRecord } from '@opentelemetry/sdk-logs';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { AnyValue } from '@opentelemetry/api-logs';
import type { AttributeValue } from '@opentelemetry/api';

/**
 * Stand before every exporter, so that no text leaves unseen, whoever recorded it. Names of metrics' attributes come from lists of our own, and their values
 * from settings that hold no secret.
 */
export function safeSpans(safe: (text: string) => string): SpanProcessor {
  return {
    onStart() {},
    onEnding(span) {
      span.updateName(safe(span.name));
      span.setAttributes(mapped(span.attributes, safe));
      const { code, message } = span.status;
      if (message !== undefined) span.setStatus({ code, message: safe(message) });
      for (const event of span.events) {
        event.name = safe(event.name);
        if (event.attributes !== undefined) event.attributes = mapped(event.attributes, safe);
      }
    },
    onEnd() {},
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

export function safeLogs(safe: (text: string) => string): LogRecordProcessor {
  return {
    onEmit(record: SdkLogRecord) {
      if (record.body !== undefined) record.setBody(safeValue(record.body, safe));
      for (const [name, value] of Object.entries(record.attributes)) record.setAttribute(name, safeValue(value, safe));
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

function mapped(attributes: Readonly<Record<string, AttributeValue | undefined>>, safe: (text: string) => string) {
  const texts = Object.entries(attributes).flatMap(([name, value]): [string, AttributeValue][] => {
    if (value === undefined) return [];
    if (typeof value === 'string') return [[name, safe(value)]];
    return [[name, Array.isArray(value) ? (value.map((one) => (typeof one === 'string' ? safe(one) : one)) as AttributeValue) : value]];
  });
  return Object.fromEntries(texts);
}

/** A body may be any JSON; what is not a plain text is shown as one. */
function safeValue(value: AnyValue, safe: (text: string) => string): AnyValue {
  if (typeof value === 'string') return safe(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) return value;
  return safe(JSON.stringify(value) ?? '');
}
