import { z } from 'zod';

/** What join-once.ts prints. Each peak is that of the whole process up to then. */
export const joinOutcome = z.object({
  buckets: z.number(),
  wallMs: z.number(),
  /** Node and the code alone. */
  baselineMemoryMB: z.number(),
  /** With what every bucket is reconciled by, after the first of them. */
  firstMemoryMB: z.number(),
  /** After a quarter of the buckets, and after all. */
  earlyMemoryMB: z.number(),
  bucketsMemoryMB: z.number(),
  /** With what is remembered of every identity. */
  rememberedMemoryMB: z.number(),
  /** With the inventory. */
  peakMemoryMB: z.number(),
});
export type JoinOutcome = z.infer<typeof joinOutcome>;
