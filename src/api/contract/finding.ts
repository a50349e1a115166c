import { z } from 'zod';
import type { Finding as AuditedFinding } from '../../findings/index.ts';
import { pageOf } from './coverage.ts';
import { Exception } from './exception.ts';
import { Confidence, Evidence, Fix, instant, Severity } from './plain.ts';

export const findingStatuses = ['new', 'open', 'reopened', 'accepted', 'resolved'] as const;
export const FindingStatus = z.enum(findingStatuses);

export const PrincipalRef = z.object({
  id: z.string(),
  kind: z.enum(['system-assigned', 'user-assigned', 'application', 'user', 'group', 'foreign', 'unknown']),
  name: z.string(),
  resourceId: z.string(),
  clientId: z.string(),
});

/** The fields of `mi-audit/audit/v1`, as the command line prints them. */
export const Finding = z.object({
  id: z.string(),
  rule: z.string(),
  severity: Severity,
  confidence: Confidence,
  status: FindingStatus,
  subject: z.string(),
  principal: PrincipalRef,
  proof: z.enum(['', 'deleted', 'soft-deleted', 'foreign', 'young', 'unresolved', 'visibility-unproven']),
  role: z.object({ id: z.string(), name: z.string() }),
  scope: z.string(),
  title: z.string(),
  message: z.string(),
  evidence: z.array(Evidence).readonly(),
  fix: z.array(Fix).readonly(),
  related: z.array(z.string()).readonly(),
  controls: z.array(z.string()).readonly(),
  firstSeenAt: instant,
  lastSeenAt: instant,
  resolvedAt: instant.exactOptional(),
  resolvedBy: z.enum(['fixed', 'excluded']).exactOptional(),
  unjudged: z.string().exactOptional().describe('Why the latest audit could not judge it; absent when it did.'),
}) satisfies z.ZodType<AuditedFinding>;

export const FindingPage = pageOf(Finding);

export const HistoryEntry = z.object({
  revision: z.number(),
  at: instant,
  kind: z.enum(['opened', 'resolved', 'reopened', 'accepted', 'unaccepted', 'acceptance-expired', 'severity-changed']),
  note: z.string(),
  author: z.string().exactOptional().describe('Who decided; absent when an audit did.'),
  runId: z.string(),
});

export const RelatedFinding = z.object({ id: z.string(), rule: z.string(), severity: Severity, status: FindingStatus, title: z.string() });

export const FindingDetail = z.object({
  finding: Finding,
  history: z.array(HistoryEntry).readonly().describe('Oldest first.'),
  related: z.array(RelatedFinding).readonly().describe('Other findings on the same principal, most severe first; at most 20.'),
  exception: Exception.exactOptional().describe('The acceptance that is in force.'),
  coverage: FindingPage.shape.coverage,
});

export type Finding = z.infer<typeof Finding>;
export type FindingStatus = z.infer<typeof FindingStatus>;
export type FindingPage = z.infer<typeof FindingPage>;
export type FindingDetail = z.infer<typeof FindingDetail>;
export type HistoryEntry = z.infer<typeof HistoryEntry>;
export type RelatedFinding = z.infer<typeof RelatedFinding>;
