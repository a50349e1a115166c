import { z } from 'zod';
import { Confidence, Severity } from './plain.ts';

export const RuleDocument = z.object({
  id: z.string(),
  title: z.string(),
  severity: Severity,
  confidence: Confidence,
  why: z.string().describe('Markdown.'),
  fix: z.string().describe('Markdown.'),
  needs: z.record(z.string(), z.string()),
  controls: z.array(z.string()).readonly(),
  references: z.array(z.string()).readonly(),
});
export const RuleList = z.object({ items: z.array(RuleDocument).readonly() });

export const CauseDocument = z.object({
  id: z.string(),
  title: z.string(),
  explain: z.string().describe('Markdown.'),
  needs: z.array(z.string()).readonly(),
  references: z.array(z.string()).readonly(),
});
export const CauseList = z.object({ items: z.array(CauseDocument).readonly() });

export type RuleDocument = z.infer<typeof RuleDocument>;
export type CauseDocument = z.infer<typeof CauseDocument>;
