import type { PostInvocationContext, PreInvocationContext } from '@azure/functions';
import { context, propagation } from '@opentelemetry/api';
import type { RunningTelemetry } from '../telemetry/index.ts';
import { safeError } from './safe-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Sending must not hold up the next message for long. What is late goes with the next invocation, where there is one. */
const flushMsMax = 5_000;

/**
 * Hooks around each invocation. Telemetry is started by the first one, since an instance that is only indexed has nothing to tell: a timer or a message waits for it,
 * somebody who looks at the page does not. It is sent before the invocation ends, because an instance may be frozen right after. What the host logs of an error
 * is made safe on the way.
 */
export function telemetryHooks(environment: () => Environment, version: string) {
  let started: Promise<RunningTelemetry | undefined> | undefined;
  const start = (): Promise<RunningTelemetry | undefined> => (started ??= startedFor(environment(), version));
  return {
    async before(invocation: PreInvocationContext): Promise<void> {
      if (!isHttp(invocation)) await start();
      // Below the span that the host has for this invocation; as it is, where telemetry is not started.
      const { traceParent: traceparent, traceState: tracestate } = invocation.invocationContext.traceContext ?? {};
      const parent = propagation.extract(context.active(), { traceparent, tracestate });
      invocation.functionHandler = context.bind(parent, invocation.functionHandler);
    },
    async after(invocation: PostInvocationContext): Promise<void> {
      if (invocation.error instanceof Error) invocation.error = await safeError(invocation.error, environment());
      if (isHttp(invocation)) return void start();
      const telemetry = await start();
      if (telemetry !== undefined) await atMost(flushMsMax, telemetry.flush());
    },
    /** What requests left, when the app is stopped. */
    async end(): Promise<void> {
      const telemetry = await started;
      if (telemetry !== undefined) await atMost(flushMsMax, telemetry.close());
    },
  };
}

const isHttp = ({ invocationContext }: PreInvocationContext | PostInvocationContext): boolean =>
  invocationContext.options.trigger.type === 'httpTrigger';

/** Never fails: settings that are wrong fail the invocation, in words, and who cannot tell still works. */
async function startedFor(environment: Environment, version: string): Promise<RunningTelemetry | undefined> {
  if (!environment['APPLICATIONINSIGHTS_CONNECTION_STRING'] && !environment['TELEMETRY']) return undefined;
  try {
    const { readSettings } = await import('../config/index.ts');
    const read = readSettings(environment);
    if (!('settings' in read)) return undefined;
    const { openTelemetry } = await import('../compose.ts');
    keepToItself();
    return await openTelemetry(read.settings, { version, write });
  } catch (error) {
    write(`Telemetry could not be started (${error instanceof Error ? error.name : 'unknown error'}). The host logs all the same.`);
    return undefined;
  }
}

/** Microsoft's library would tell Microsoft how it is used, and where; whoever deploys may want that and set these variables otherwise. */
function keepToItself(): void {
  process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'] ??= 'true';
  process.env['APPLICATIONINSIGHTS_SDKSTATS_DISABLED'] ??= 'true';
  // It turns on the warnings of all of Azure's libraries otherwise, for programmers to read.
  process.env['AZURE_LOG_LEVEL'] ??= 'error';
}

function write(line: string): void {
  // oxlint-disable-next-line no-console -- the worker passes on what is printed
  console.log(line);
}

async function atMost(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((done) => {
    timer = setTimeout(done, milliseconds);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
