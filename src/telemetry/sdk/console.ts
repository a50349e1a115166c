import { context, metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { LoggerProvider, SimpleLogRecordProcessor, type LogRecordExporter } from '@opentelemetry/sdk-logs';
import { AggregationTemporality, MeterProvider, PeriodicExportingMetricReader, type PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, SimpleSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { safeText } from '../safe-text.ts';
import { asyncContext } from './async-context.ts';
import { eventLine, metricLines, spanLine } from './console-lines.ts';
import { safeLogs, safeSpans } from './safe-records.ts';
import type { RunningTelemetry } from './running.ts';

/** Spans, events and metrics as lines to read, for a laptop. */
export function startConsole({
  secrets,
  write,
}: {
  readonly secrets: readonly string[];
  readonly write: (line: string) => void;
}): RunningTelemetry {
  const safe = safeText(secrets);
  return startTelemetry({
    safe,
    spans: exporting((span) => write(spanLine(span))),
    events: exporting((record) => write(eventLine(record))),
    metrics: {
      export({ scopeMetrics }, done) {
        for (const { metrics: list } of scopeMetrics) for (const metric of list) for (const line of metricLines(metric)) write(safe(line));
        done(succeeded);
      },
      // What was told is not told again.
      selectAggregationTemporality: () => AggregationTemporality.DELTA,
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    },
  });
}

export interface Exporters {
  readonly safe: (text: string) => string;
  readonly spans: SpanExporter;
  readonly events: LogRecordExporter;
  readonly metrics: PushMetricExporter;
}

/** OpenTelemetry's SDK around given exporters, for this process until it is closed. */
export function startTelemetry({ safe, spans, events, metrics: metricExporter }: Exporters): RunningTelemetry {
  const tracing = new BasicTracerProvider({ spanProcessors: [safeSpans(safe), new SimpleSpanProcessor(spans)] });
  const logging = new LoggerProvider({ processors: [safeLogs(safe), new SimpleLogRecordProcessor({ exporter: events })] });
  // Told when it is asked for, and once a minute where something runs for long.
  const metering = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter: metricExporter })] });
  context.setGlobalContextManager(asyncContext());
  trace.setGlobalTracerProvider(tracing);
  metrics.setGlobalMeterProvider(metering);
  logs.setGlobalLoggerProvider(logging);
  return {
    async flush() {
      await Promise.allSettled([tracing.forceFlush(), logging.forceFlush(), metering.forceFlush()]);
    },
    async close() {
      await Promise.allSettled([tracing.shutdown(), logging.shutdown(), metering.shutdown()]);
      for (const api of [context, trace, metrics, logs]) api.disable();
    },
  };
}

const succeeded = { code: 0 } as const;

function exporting<Item>(write: (item: Item) => void) {
  return {
    export(items: Item[], done: (result: typeof succeeded) => void) {
      for (const item of items) write(item);
      done(succeeded);
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}
