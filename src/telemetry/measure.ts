import { metrics } from '@opentelemetry/api';
import { instrumentation, metricList, type AttributeOf, type MetricName } from './vocabulary.ts';

/** Does nothing where no SDK was started: OpenTelemetry's API is made so. The SDK keeps one instrument by its name, however often it is asked for. */
export function measure<Name extends MetricName>(name: Name, value: number, attributes: Readonly<Record<AttributeOf<Name>, string>>): void {
  const { kind, unit, about: description } = metricList[name];
  const meter = metrics.getMeter(instrumentation);
  switch (kind) {
    case 'gauge':
      return meter.createGauge(name, { unit, description }).record(value, attributes);
    case 'counter':
      return meter.createCounter(name, { unit, description }).add(value, attributes);
    case 'histogram':
      return meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: boundaries } }).record(value, attributes);
  }
}

/** Seconds: a pass of the watch takes some, the audit of a large tenant may take an hour. */
const boundaries = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600];
