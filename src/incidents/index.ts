export type { Cause, CauseConfidence, CauseEvidence, CauseFix, CauseVerdict, Needed, Scene } from './cause.ts';
export type { Change } from './change.ts';
export type { DiagnosedCause, Incident, IncidentStatus } from './incident.ts';
