import { z } from 'zod';
import type { Review as BuiltReview } from '../../messages/review/index.ts';
import { instant } from './plain.ts';

export const ReviewList = z.object({
  items: z
    .array(
      z.object({
        month: z.string().describe('Such as 2026-10.'),
        over: z.boolean().describe('False: the month is not over, and neither is its review.'),
        keptAt: instant.exactOptional().describe('When its figures were kept for the next one to compare with.'),
      }),
    )
    .readonly()
    .describe('Newest first.'),
});

/** The whole review, as `mi-audit review --format json` prints it. */
export const Review = z.looseObject({ month: z.string(), generatedAt: instant });

export type ReviewList = z.infer<typeof ReviewList>;
export type Review = BuiltReview;
