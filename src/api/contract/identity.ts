import { z } from 'zod';
import type { IdentitySheet as StoredSheet } from '../../inventory/index.ts';
import { pageOf } from './coverage.ts';
import { RelatedFinding } from './finding.ts';
import { instant, Severity } from './plain.ts';

/** One row of the list of identities. */
export const IdentityRow = z.object({
  principalId: z.string(),
  clientId: z.string(),
  kind: z.enum(['system-assigned', 'user-assigned']),
  name: z.string(),
  resourceId: z.string(),
  hosts: z.number(),
  holdings: z.number(),
  worst: Severity.exactOptional().describe('Severity of the worst grant that it holds.'),
  seenAt: instant,
});

export const Holding = z.object({
  id: z.string(),
  plane: z.enum(['control', 'data', 'both', 'none']),
  role: z.object({ id: z.string(), name: z.string() }),
  scope: z.string(),
  scopeLevel: z.enum(['tenant', 'management-group', 'subscription', 'resource-group', 'resource']),
  through: z.string().exactOptional().describe('Group it comes through; absent: given to the identity itself.'),
  throughName: z.string().exactOptional(),
  conditional: z.boolean(),
  grantedAt: z.string(),
  grantedBy: z.string(),
  grantedByName: z.string().exactOptional(),
  severity: Severity.exactOptional(),
  question: z.string().exactOptional().describe('Why anybody should ask about it; absent: nothing to ask.'),
  reach: z.number().exactOptional(),
});

export const Actor = z.object({
  principalId: z.string(),
  name: z.string(),
  kind: z.string(),
  way: z.string().describe('How it can act as the identity: attach, run-code, federated, …'),
  role: z.string(),
  scope: z.string(),
});

export const IdentitySheet = z.object({
  principalId: z.string(),
  clientId: z.string(),
  kind: z.enum(['system-assigned', 'user-assigned']),
  name: z.string(),
  resourceId: z.string(),
  tags: z.record(z.string(), z.string()),
  hosts: z.array(z.object({ id: z.string(), kind: z.string() })).readonly(),
  federatedCredentials: z.array(z.object({ name: z.string(), issuer: z.string(), subject: z.string() })).readonly(),
  holdings: z.array(Holding).readonly(),
  actors: z.array(Actor).readonly().describe('Who can act as it, most powerful first.'),
  seenAt: instant,
}) satisfies z.ZodType<StoredSheet>;

export const IdentityPage = pageOf(IdentityRow);
export const IdentityDetail = z.object({
  identity: IdentitySheet,
  hiddenHoldings: z.number().describe('Grants outside the subscriptions that the caller may see.'),
  findings: z.array(RelatedFinding).readonly().describe('Findings on it that are not resolved, most severe first; at most 20.'),
  incidents: z
    .array(
      z.object({ id: z.string(), status: z.string(), severity: Severity, service: z.string(), cause: z.string(), lastDenialAt: instant }),
    )
    .readonly()
    .describe('Newest first; at most 20.'),
  coverage: IdentityPage.shape.coverage,
});
export const HoldingPage = pageOf(Holding);

export type IdentityRow = z.infer<typeof IdentityRow>;
export type IdentitySheet = z.infer<typeof IdentitySheet>;
export type IdentityPage = z.infer<typeof IdentityPage>;
export type IdentityDetail = z.infer<typeof IdentityDetail>;
export type Holding = z.infer<typeof Holding>;
export type HoldingPage = z.infer<typeof HoldingPage>;
export type Actor = z.infer<typeof Actor>;
