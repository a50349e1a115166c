import type { Review } from './review.ts';

const charsAtOnce = 64_000;

/** The published contract `mi-audit/review/v1`, in pieces: the sheets of a large tenant are 70 MB, which nobody needs as one text. */
export function* reviewJson(review: Review): Generator<string> {
  const { identities, ...rest } = review;
  const { sheets, ...totals } = identities;
  yield `${JSON.stringify(rest).slice(0, -1)},"identities":${JSON.stringify(totals).slice(0, -1)},"sheets":[`;
  let text = '';
  for (const [at, sheet] of sheets.entries()) {
    text += at === 0 ? JSON.stringify(sheet) : `,${JSON.stringify(sheet)}`;
    if (text.length > charsAtOnce) {
      yield text;
      text = '';
    }
  }
  yield `${text}]}}`;
}
