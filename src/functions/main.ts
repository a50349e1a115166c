import { app } from '@azure/functions';
import { auditOnTimer } from './audit-estate.ts';
import { notifyOnRing, sweepOnTimer } from './notify.ts';
import { watchOnTimer } from './watch-denials.ts';

/** What the function app registers. Schedules are app settings, so that an admin changes them without a deployment. */
app.timer('audit-estate', { schedule: '%AUDIT_SCHEDULE%', handler: auditOnTimer });
app.timer('watch-denials', { schedule: '%WATCH_SCHEDULE%', handler: watchOnTimer });
app.storageQueue('notify', { queueName: 'notify', connection: 'AzureWebJobsStorage', handler: notifyOnRing });
app.timer('sweep-outbox', { schedule: '%OUTBOX_SWEEP_SCHEDULE%', handler: sweepOnTimer });
