import type { Review } from './review.ts';

export { buildReview, type ReviewInput } from './build-review.ts';
export { csvOf } from './csv.ts';
export { capital, duration, grouped, monthWords } from './foreign.ts';
export { identityTally, type IdentityTally } from './identity-tally.ts';
export { reviewJson } from './json.ts';
export { reviewMarkdown } from './markdown.ts';
export { monthBefore, monthOf, periodOf, within } from './period.ts';
export { figureNames, type Period, type Review, type ReviewFigures, type TrendDay } from './review.ts';
export { runTally, type RunTally } from './run-tally.ts';
export { sheetIds, sheetOf, type ReviewSheet, type SheetId } from './sheets.ts';

/** The libraries that draw it take a second to load: only who asks for the page waits for them. */
export const reviewHtml = async (review: Review): Promise<string> => (await import('./html.ts')).reviewHtml(review);
