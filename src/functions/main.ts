import { app } from '@azure/functions';
import { auditOnTimer } from './audit-estate.ts';
import { notifyOnRing, sweepOnTimer } from './notify.ts';
import { reviewOnTimer } from './send-review.ts';
import { watchOnTimer } from './watch-denials.ts';

/** What the function app registers. Schedules are app settings, so that an admin changes them without a deployment. */
app.timer('audit-estate', { schedule: '%AUDIT_SCHEDULE%', handler: auditOnTimer });
app.timer('watch-denials', { schedule: '%WATCH_SCHEDULE%', handler: watchOnTimer });
app.storageQueue('notify', { queueName: 'notify', connection: 'AzureWebJobsStorage', handler: notifyOnRing });
app.timer('sweep-outbox', { schedule: '%OUTBOX_SWEEP_SCHEDULE%', handler: sweepOnTimer });
app.timer('send-review', {
  schedule: '%REVIEW_SCHEDULE%',
  handler: reviewOnTimer,
  // A mail server that is down in that one hour of the month must not cost the review.
  retry: { strategy: 'exponentialBackoff', maxRetryCount: 8, minimumInterval: { minutes: 2 }, maximumInterval: { hours: 2 } },
});
