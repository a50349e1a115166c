import { z } from 'zod';
import type { TrendPoint as StoredPoint } from '../../ports/index.ts';
import { Coverage, pageOf } from './coverage.ts';
import { Counts, instant } from './plain.ts';

const CoverageLine = z.object({
  slice: z.string(),
  scope: z.string(),
  state: z.enum(['whole', 'partial', 'missing']),
  why: z.string(),
  permission: z.string(),
  harmless: z.boolean().exactOptional(),
});

export const Calls = z.object({
  resourceGraph: z.number(),
  arm: z.number(),
  graph: z.number(),
  logs: z.number(),
  tables: z.number(),
});

export const Run = z.object({
  id: z.string(),
  job: z.enum(['audit', 'watch', 'watch-grants']),
  state: z.enum(['started', 'finished', 'failed']),
  startedAt: instant,
  finishedAt: z.string().describe('Empty while it runs, or when it died.'),
  tenantId: z.string(),
  complete: z.boolean(),
  calls: Calls,
  coverage: z.array(CoverageLine).readonly(),
  rules: z.array(z.object({ id: z.string(), verdict: z.enum(['checked', 'inconclusive']), because: z.string() })).readonly(),
  summary: z
    .object({
      bySeverity: Counts,
      byRule: Counts,
      new: z.number(),
      resolved: z.number(),
      reopened: z.number(),
      accepted: z.number(),
      excluded: z.number().exactOptional(),
      unjudged: z.number().exactOptional(),
    })
    .exactOptional()
    .describe('Of the whole tenant: absent for callers who may not see all of it.'),
});

export const RunPage = pageOf(Run);
export const RunDetail = z.object({ run: Run });

export const AuditQueued = z.object({
  state: z.literal('queued'),
  requestedAt: instant,
  requestedBy: z.string(),
  runs: z.string().describe('Where the run appears once it has begun.'),
});

const BySeverity = z.object({ critical: z.number(), high: z.number(), medium: z.number(), low: z.number(), info: z.number() });

/** One day. */
export const TrendPoint = z.object({
  day: z.string().describe('UTC day, such as 2026-11-20.'),
  open: BySeverity.describe('Findings that asked for something at the end of the day: after its last audit, or a later pass of the watch.'),
  new: z.number().describe('What the audits of the day saw come, go and come back.'),
  resolved: z.number(),
  reopened: z.number(),
  accepted: z.number().describe('Accepted at the same instant as `open`.'),
  incidentsOpened: z.number(),
  incidentsResolved: z.number(),
  audits: z.number().describe('Audits that finished. 0: the numbers of findings say nothing about this day.'),
  complete: z.boolean().describe('False: the last audit of the day could not see everything, so fewer findings may be fewer seen.'),
}) satisfies z.ZodType<StoredPoint>;

export const Trend = z.object({
  from: z.string(),
  to: z.string(),
  points: z.array(TrendPoint).readonly().describe('Days with a run, oldest first.'),
  because: z.string().exactOptional().describe('Why there are no points, where there are none.'),
  coverage: Coverage,
});

export type Run = z.infer<typeof Run>;
export type RunPage = z.infer<typeof RunPage>;
export type RunDetail = z.infer<typeof RunDetail>;
export type AuditQueued = z.infer<typeof AuditQueued>;
export type TrendPoint = z.infer<typeof TrendPoint>;
export type Trend = z.infer<typeof Trend>;
