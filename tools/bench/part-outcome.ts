import { z } from 'zod';

/** What part-once.ts prints. */
export const partOutcome = z.object({
  /** Kept in this part, of all that streamed by. */
  assignments: z.number(),
  violations: z.number(),
  sheets: z.number(),
  wallMs: z.number(),
  /** Node and the code alone. */
  baselineMemoryMB: z.number(),
  /** With facts and resources. */
  contextMemoryMB: z.number(),
  judgedMemoryMB: z.number(),
  peakMemoryMB: z.number(),
});
export type PartOutcome = z.infer<typeof partOutcome>;
