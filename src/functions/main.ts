import { app } from '@azure/functions';
import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { auditOnTimer } from './audit-estate.ts';
import { auditOnRequest } from './audit-request.ts';
import { httpDoor } from './http.ts';
import { notifyOnRing, sweepOnTimer } from './notify.ts';
import { pruneOnTimer } from './prune-history.ts';
import { reviewOnTimer } from './send-review.ts';
import { watchOnTimer } from './watch-denials.ts';

/** What the function app registers. Schedules are app settings, so that an admin changes them without a deployment. */
app.timer('audit-estate', { schedule: '%AUDIT_SCHEDULE%', handler: auditOnTimer });
app.timer('watch-denials', { schedule: '%WATCH_SCHEDULE%', handler: watchOnTimer });
app.storageQueue('notify', { queueName: 'notify', connection: 'AzureWebJobsStorage', handler: notifyOnRing });
app.timer('sweep-outbox', { schedule: '%OUTBOX_SWEEP_SCHEDULE%', handler: sweepOnTimer });
app.timer('prune-history', { schedule: '%PRUNE_SCHEDULE%', handler: pruneOnTimer });
app.timer('send-review', {
  schedule: '%REVIEW_SCHEDULE%',
  handler: reviewOnTimer,
  // A mail server that is down in that one hour of the month must not cost the review.
  retry: { strategy: 'exponentialBackoff', maxRetryCount: 8, minimumInterval: { minutes: 2 }, maximumInterval: { hours: 2 } },
});
app.storageQueue('audit-request', { queueName: 'audit-request', connection: 'AzureWebJobsStorage', handler: auditOnRequest(auditOnTimer) });
app.http('http', {
  route: '{*path}',
  // The host's keys are secrets to be kept and handed around; who may ask is decided by tokens, in src/api/auth.
  authLevel: 'anonymous',
  methods: ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'],
  handler: httpDoor(() => process.env, { version: manifest.version, pageFolder: join(import.meta.dirname, '../../dist/tab') }),
});
