export { begun, interrupted, revived, settled, type Outcome } from './attempt.ts';
export { purposes, type Channel, type ChannelFilter, type Purpose, type QuietHours } from './channel.ts';
export { findingNotices } from './finding-notices.ts';
export { incidentNotices } from './incident-notices.ts';
export { noticeEvents, noticeId, type Notice, type NoticeEvent } from './notice.ts';
export { plan, type Plan, type PlanRequest } from './plan.ts';
export { quietUntil } from './quiet-hours.ts';
export { isAlertGrade } from './routing.ts';
export { isOpen, isWaiting, type Line, type StoredDelivery } from './stored-delivery.ts';
