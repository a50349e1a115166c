import { metrics, trace, type Tracer } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import type { TokenCredential } from '@azure/core-auth';
import { shutdownAzureMonitor, useAzureMonitor } from '@azure/monitor-opentelemetry';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { safeText } from '../safe-text.ts';
import { safeLogs, safeSpans } from './safe-records.ts';
import type { RunningTelemetry } from './running.ts';

export interface AzureMonitorOptions {
  readonly connectionString: string;
  /** Signs in to ingestion; infra switches keys off. */
  readonly credential: TokenCredential;
  readonly secrets: readonly string[];
  readonly version: string;
  /** PEM, where the machine does not know the authority of the endpoint. */
  readonly ca?: string | undefined;
}

/**
 * Application Insights, by Microsoft's own distribution. Of it only what exports is used: its instrumentations would record whole addresses, with SAS tokens and names
 * of people in them, and the host measures requests and machines already.
 */
export function startAzureMonitor({ connectionString, credential, secrets, version, ca }: AzureMonitorOptions): RunningTelemetry {
  const safe = safeText(secrets);
  useAzureMonitor({
    azureMonitorExporterOptions: {
      connectionString,
      credential,
      // What could not be sent would wait on the disk of an instance that is about to go. The store has the record of every run.
      disableOfflineStorage: true,
      retryOptions: { maxRetries: 2, retryDelayInMs: 500, maxRetryDelayInMs: 2_000 },
      ...(ca !== undefined && { tlsOptions: { ca } }),
    },
    resource: resourceFromAttributes({ 'service.version': version }),
    // All of a trace or nothing would be the choice otherwise, and an audit is one trace.
    samplingRatio: 1,
    tracesPerSecond: 0,
    enableLiveMetrics: false,
    enableStandardMetrics: false,
    enablePerformanceCounters: false,
    instrumentationOptions: {
      http: off,
      azureSdk: off,
      mongoDb: off,
      mySql: off,
      postgreSql: off,
      redis: off,
      redis4: off,
      bunyan: off,
      winston: off,
      console: off,
    },
    spanProcessors: [safeSpans(safe)],
    logRecordProcessors: [safeLogs(safe)],
  });
  return {
    async flush() {
      await Promise.allSettled(providers().map((provider) => provider.forceFlush()));
    },
    close: async () => shutdownAzureMonitor(),
  };
}

const off = { enabled: false } as const;

interface Flushable {
  forceFlush(): Promise<void>;
}

/** The distribution keeps its providers to itself; the API knows them. */
function providers(): readonly Flushable[] {
  const tracing: unknown = trace.getTracerProvider();
  const behind = isProxy(tracing) ? tracing.getDelegate() : tracing;
  return [behind, metrics.getMeterProvider(), logs.getLoggerProvider()].filter(isFlushable);
}

const isProxy = (provider: unknown): provider is { getDelegate(): { getTracer(name: string): Tracer } } =>
  typeof provider === 'object' && provider !== null && 'getDelegate' in provider;
const isFlushable = (provider: unknown): provider is Flushable =>
  typeof provider === 'object' && provider !== null && 'forceFlush' in provider;
