import { z } from 'zod';
import type { Incident as StoredIncident } from '../../incidents/index.ts';
import { pageOf } from './coverage.ts';
import { Confidence, Evidence, Fix, instant, Severity } from './plain.ts';

export const incidentStatuses = ['opened', 'grown', 'quiet', 'resolved'] as const;
export const IncidentStatus = z.enum(incidentStatuses);

export const DiagnosedCause = z.object({
  id: z.string(),
  confidence: Confidence,
  why: z.string(),
  evidence: z.array(Evidence).readonly(),
  fix: z.array(Fix.pick({ text: true, cli: true })).readonly(),
  check: z.array(z.string()).readonly(),
});

/** The fields of `mi-audit/watch/v1`. */
export const Incident = z.object({
  id: z.string(),
  kind: z.enum(['outage', 'spread', 'sign-in', 'token']),
  status: IncidentStatus,
  severity: Severity,
  principal: z.object({ id: z.string(), kind: z.string(), name: z.string(), resourceId: z.string(), clientId: z.string() }),
  attribution: z.enum(['named', 'inferred']),
  service: z.string(),
  targets: z.array(z.string()).readonly(),
  operations: z.array(z.string()).readonly(),
  statusCodes: z.array(z.number()).readonly(),
  denials: z.number(),
  firstDenialAt: instant,
  lastDenialAt: instant,
  openedAt: instant,
  causes: z.array(DiagnosedCause).readonly().describe('Best first.'),
  ruledOut: z.array(z.object({ id: z.string(), why: z.string() })).readonly(),
  resolvedAt: instant.exactOptional(),
  resolvedBy: z.string().exactOptional(),
}) satisfies z.ZodType<Omit<StoredIncident, 'service'>>;

export const IncidentPage = pageOf(Incident);
export const IncidentDetail = z.object({ incident: Incident, coverage: IncidentPage.shape.coverage });

export type Incident = z.infer<typeof Incident>;
export type IncidentStatus = z.infer<typeof IncidentStatus>;
export type IncidentPage = z.infer<typeof IncidentPage>;
export type IncidentDetail = z.infer<typeof IncidentDetail>;
