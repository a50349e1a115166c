import { z } from 'zod';
import { instant } from './plain.ts';

/** One line of what a run could not see. */
export const CoverageGap = z
  .object({
    slice: z.string().describe('What is not seen, such as roleAssignments; `view` when it is the caller who may not see it.'),
    scope: z.string().describe('ARM id; / for the tenant.'),
    state: z.enum(['partial', 'missing']),
    why: z.string(),
    permission: z.string().describe('What the auditor would need; empty when no permission helps.'),
    harmless: z
      .boolean()
      .exactOptional()
      .describe('True: no verdict had to wait for it; where a finding depends on it, the finding says so.'),
  })
  .describe('Something that could not be seen.');

export const Coverage = z
  .object({
    runId: z.string().nullable().describe('The finished run that the answer rests on; null when there has been none.'),
    at: instant.nullable().describe('End of that run.'),
    complete: z.boolean().describe('False: what is not listed may exist all the same.'),
    gaps: z.array(CoverageGap).readonly(),
    restrictedTo: z
      .array(z.string())
      .readonly()
      .exactOptional()
      .describe('Subscriptions the caller may see. Absent: no restriction. What lies elsewhere is neither listed nor counted.'),
  })
  .describe('How whole the answer is.');

export type CoverageGap = z.infer<typeof CoverageGap>;
export type Coverage = z.infer<typeof Coverage>;

/** Every list answers like this. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item).readonly(),
    cursor: z.string().exactOptional().describe('Give it back as `cursor` for the next page; absent on the last one.'),
    coverage: Coverage,
  });
}
