import { z } from 'zod';
import { NoSuchMonth, reviewOfMonth } from '../../jobs/build-review.ts';
import {
  csvOf,
  monthBefore,
  monthOf,
  reviewHtml,
  reviewMarkdown,
  sheetIds,
  sheetOf,
  type Review as BuiltReview,
} from '../../messages/review/index.ts';
import { rules } from '../../rules/index.ts';
import type { Sight } from '../auth/sight.ts';
import { Review, ReviewList } from '../contract/index.ts';
import { json, markdownText, type Answer } from '../http/answer.ts';
import { Refusal } from '../http/problem.ts';
import { bestOf } from '../http/respond.ts';
import { route } from '../http/route.ts';

const monthsMax = 60;

export const listReviews = route({
  method: 'GET',
  path: '/api/reviews',
  summary: 'Months that can be reviewed',
  needs: ['Findings.Read'],
  answers: { 200: { about: 'Newest first.', json: ReviewList } },
  async handle({ sight, api }) {
    wholeTenantOnly(sight);
    const store = await api.store();
    const now = api.now();
    const months = new Map<string, { month: string; over: boolean; keptAt?: string }>();
    if ((await store.runs(1)).length > 0)
      for (const month of [monthOf(now), monthBefore(now)]) months.set(month, { month, over: month !== monthOf(now) });
    let before = '9999-12';
    while (months.size < monthsMax) {
      const kept = await store.reviewBefore(before);
      if (kept === undefined || kept.month >= before) break;
      months.set(kept.month, { month: kept.month, over: true, keptAt: kept.generatedAt });
      before = kept.month;
    }
    return json({ items: [...months.values()].toSorted((one, other) => (one.month < other.month ? 1 : -1)) });
  },
});

/** So much is read for one that nobody may ask for many. */
const allowance = { burst: 6, perMinute: 6 };
const types = ['application/json', 'text/html', 'text/markdown', 'text/csv'] as const;

export const oneReview = route({
  method: 'GET',
  path: '/api/reviews/{month}',
  summary: 'The review of a month',
  needs: ['Findings.Read'],
  query: z.strictObject({ section: z.enum(sheetIds).default('identities').describe('Which section to answer as CSV.') }),
  answers: {
    200: { about: 'The review, as the command line renders it.', json: Review, also: types.filter((type) => type !== 'application/json') },
  },
  async handle({ path: { month }, query: { section }, request, caller, sight, api }) {
    wholeTenantOnly(sight);
    const type = bestOf(request.headers.get('accept'), types);
    const wait = api.limiter.take(`review ${caller?.objectId}`, allowance);
    if (wait > 0)
      throw new Refusal('too-many-requests', `A review reads the whole store. Ask again in ${wait} seconds.`, {
        headers: { 'retry-after': String(wait) },
      });
    const store = await api.store();
    const review = await reviewOfMonth({ store, month: month!, now: api.now(), rules, progress: () => {} }).catch((error: unknown) => {
      throw error instanceof NoSuchMonth
        ? new Refusal('not-found', 'There is no review of that month: name one such as 2026-10 that has begun.')
        : error;
    });
    return rendered(review, type, section);
  },
});

async function rendered(review: BuiltReview, type: string, section: (typeof sheetIds)[number]): Promise<Answer> {
  switch (type) {
    case 'text/html':
      return { kind: 'text', contentType: 'text/html; charset=utf-8', text: await reviewHtml(review), contentPolicy: standAlonePolicy };
    case 'text/markdown':
      return markdownText(reviewMarkdown(review));
    case 'text/csv': {
      const text = [...csvOf(sheetOf(review, section))].join('');
      const headers = { 'content-disposition': `attachment; filename="review-${review.month}-${section}.csv"` };
      return { kind: 'text', contentType: 'text/csv; charset=utf-8; header=present', text, headers };
    }
    default:
      return json(review);
  }
}

/** The review carries its own styles and pictures, and runs nothing. */
const standAlonePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups; base-uri 'none'; form-action 'none'";

function wholeTenantOnly(sight: Sight): void {
  if (sight.kind !== 'everything')
    throw new Refusal('not-allowed', 'A review is of the whole tenant, of which you may see a part. Ask somebody who may see all of it.');
}
