export type { Cause, CauseConfidence, CauseEvidence, CauseFix, CauseVerdict } from './cause.ts';
export { causes } from './causes/all.ts';
export type { Change } from './change.ts';
export { diagnose, type Diagnosis } from './diagnose.ts';
export type { DiagnosedCause, Incident, IncidentStatus, StoredIncident } from './incident.ts';
export { carryOn, incidentId, type Diagnosed } from './life.ts';
export { alikeIn, isSameCaller, joined, type Alike } from './same-trouble.ts';
export { diagnoseTokens } from './token-diagnosis.ts';
export type { RememberedIdentity, Scene, SceneInput } from './scene.ts';
