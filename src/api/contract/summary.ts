import { z } from 'zod';
import { Coverage } from './coverage.ts';
import { Finding } from './finding.ts';
import { Incident } from './incident.ts';
import { Counts, instant, Severity } from './plain.ts';
import { TrendPoint } from './run.ts';

export const Summary = z.object({
  tenantId: z.string(),
  at: instant,
  audit: Coverage.describe('Of the latest audit.'),
  watch: Coverage.describe('Of the latest pass of the watch.'),
  findings: z.object({
    counted: z
      .enum(['all', 'at-least'])
      .describe('`at-least`: there were more than could be counted for a caller who sees a part of the tenant.'),
    open: z.number().describe('New, open and reopened ones.'),
    byStatus: Counts,
    bySeverity: Counts.describe('Of those that are open.'),
    byRule: z.array(z.object({ rule: z.string(), title: z.string(), open: z.number(), worst: Severity })).readonly(),
  }),
  incidents: z.object({
    live: z.number().describe('All but resolved ones.'),
    bySeverity: Counts,
    items: z.array(Incident).readonly().describe('Live ones, most severe first; at most 10.'),
  }),
  first: z.array(Finding).readonly().describe('What to do first: the worst open findings; at most 10.'),
  trend: z.array(TrendPoint).readonly().describe('Of the last 30 days; empty for callers who may not see the whole tenant.'),
});

export type Summary = z.infer<typeof Summary>;
