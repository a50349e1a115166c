import { z } from 'zod';

/** What audit-once.ts prints. */
export const auditOutcome = z.object({
  assignments: z.number(),
  identities: z.number(),
  findings: z.number(),
  findingsByRule: z.record(z.string(), z.number()),
  gaps: z.number(),
  collectWallMs: z.number(),
  calls: z.object({ resourceGraph: z.number(), arm: z.number(), graph: z.number() }),
  wire: z.object({
    resourceGraph: z.number(),
    federatedCredentials: z.number(),
    confirmations: z.number(),
    other: z.number(),
    throttled: z.number(),
  }),
  /** Index, judge and reconcile with nothing known, as in a first run. */
  firstCpuMs: z.number(),
  /** The same with all findings known, as in every later run. */
  laterCpuMs: z.number(),
  /** `JSON.parse` over the pages of this very run. */
  parseCpuMs: z.number(),
  pageMB: z.number(),
  /** Of the whole process: SDK, collection, judge and reconcile. */
  peakMemoryMB: z.number(),
  /** Before judge and reconcile began. */
  collectedMemoryMB: z.number(),
  /** Node and the libraries alone, before anything was read. */
  baselineMemoryMB: z.number(),
});
export type AuditOutcome = z.infer<typeof auditOutcome>;
