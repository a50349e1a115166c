import { InMemoryLogRecordExporter } from '@opentelemetry/sdk-logs';
import { AggregationTemporality, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { safeText } from '../../src/telemetry/index.ts';
import { startTelemetry } from '../../src/telemetry/sdk/console.ts';

export type Listening = ReturnType<typeof listen>;

/** The SDK with exporters that keep what they get, for this process until it is closed. */
export function listen(secrets: readonly string[] = []) {
  const spans = new InMemorySpanExporter();
  const events = new InMemoryLogRecordExporter();
  const metrics = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const running = startTelemetry({ safe: safeText(secrets), spans, events, metrics });
  return {
    spans: () => spans.getFinishedSpans(),
    events: (name: string) =>
      events
        .getFinishedLogRecords()
        .filter(({ body }) => body === name)
        .map(({ attributes, spanContext }) => ({ attributes, traceId: spanContext?.traceId })),
    /** Value by the attributes' values in their order, `` where there are none. */
    async metric(name: string): Promise<Readonly<Record<string, unknown>>> {
      await running.flush();
      const points = metrics
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
        .filter(({ descriptor }) => descriptor.name === name)
        .flatMap(({ dataPoints }) => [...dataPoints]);
      return Object.fromEntries(points.map(({ attributes, value }) => [Object.values(attributes).join(' '), value]));
    },
    /** All that any exporter got, as text. */
    async everything(): Promise<string> {
      await running.flush();
      const seen = [spans.getFinishedSpans(), events.getFinishedLogRecords(), metrics.getMetrics()];
      const parents = new Set<unknown>();
      return JSON.stringify(seen, (_, value: unknown) => {
        if (typeof value === 'bigint') return String(value);
        if (typeof value !== 'object' || value === null) return value;
        if (parents.has(value)) return undefined;
        parents.add(value);
        return value;
      });
    },
    flush: () => running.flush(),
    close: () => running.close(),
  };
}
