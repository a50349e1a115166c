import { app, type HttpHandler } from '@azure/functions';
import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { telemetryHooks } from './telemetry.ts';
import { onMessage, onTick } from './trigger.ts';

const telemetry = telemetryHooks(() => process.env, manifest.version);
app.hook.preInvocation((invocation) => telemetry.before(invocation));
app.hook.postInvocation((invocation) => telemetry.after(invocation));
app.hook.appTerminate(() => telemetry.end());

/**
 * What the function app registers. Schedules are app settings, so that an admin changes them without a deployment. What a function needs is loaded when
 * it first runs: the host waits for this file only, and each timer has instances of its own that never use what the others do.
 */
app.timer('audit-estate', {
  schedule: '%AUDIT_SCHEDULE%',
  handler: onTick(async (context) => (await import('./audit-estate.ts')).auditTick(context)),
});
app.timer('watch-denials', {
  schedule: '%WATCH_SCHEDULE%',
  handler: onTick(async (context) => (await import('./watch-denials.ts')).denialsTick(context)),
});
app.timer('watch-grants', {
  schedule: '%WATCH_GRANTS_SCHEDULE%',
  handler: onTick(async (context) => (await import('./watch-grants.ts')).grantsTick(context)),
});
app.storageQueue('notify', {
  queueName: 'notify',
  connection: 'AzureWebJobsStorage',
  // What the message says does not matter.
  handler: onMessage(async (_message, context) => (await import('./notify.ts')).tell(context)),
});
app.timer('sweep-outbox', {
  schedule: '%OUTBOX_SWEEP_SCHEDULE%',
  handler: onTick(async (context) => (await import('./sweep.ts')).sweepTick(context)),
});
app.timer('prune-history', {
  schedule: '%PRUNE_SCHEDULE%',
  handler: onTick(async (context) => (await import('./prune-history.ts')).pruneTick(context)),
});
app.timer('send-review', {
  schedule: '%REVIEW_SCHEDULE%',
  handler: onTick(async (context) => (await import('./send-review.ts')).reviewTick(context)),
  // A mail server that is down in that one hour of the month must not cost the review.
  retry: { strategy: 'exponentialBackoff', maxRetryCount: 8, minimumInterval: { minutes: 2 }, maximumInterval: { hours: 2 } },
});
app.storageQueue('audit-request', {
  queueName: 'audit-request',
  connection: 'AzureWebJobsStorage',
  handler: onMessage(async (message, context) => (await import('./audit-request.ts')).auditAsked(message, context)),
});
app.storageQueue('audit-shard', {
  queueName: 'audit-shard',
  connection: 'AzureWebJobsStorage',
  handler: onMessage(async (message, context) => (await import('./audit-shard.ts')).shardTaken(message, context)),
});
app.http('http', {
  route: '{*path}',
  // The host's keys are secrets to be kept and handed around; who may ask is decided by tokens, in src/api/auth.
  authLevel: 'anonymous',
  methods: ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'],
  handler: answer(),
});

/** Opened with the first request and kept for the life of the process. */
function answer(): HttpHandler {
  let door: Promise<HttpHandler> | undefined;
  return async (request, context) => {
    door ??= import('./http.ts').then(({ httpDoor }) =>
      httpDoor(() => process.env, { version: manifest.version, pageFolder: join(import.meta.dirname, '../../dist/tab') }),
    );
    return (await door)(request, context);
  };
}
