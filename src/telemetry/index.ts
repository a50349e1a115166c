export { inCall, type CallAnswer, type OutsideCall } from './call-span.ts';
export { inDelivery, type Attempted, type DeliveryOutcome } from './delivery-span.ts';
export { tell } from './event.ts';
export { inJob, nameRun } from './job-span.ts';
export { measure } from './measure.ts';
export { safeText } from './safe-text.ts';
export type { RunningTelemetry } from './sdk/running.ts';
export { recordAudit, recordAuditAge, recordRun, recordWatch } from './record-runs.ts';
export { eventList, jobs, metricList, services, spanList, type Job, type Metric, type Service, type Told } from './vocabulary.ts';
