import { Button, Link } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { ReviewList } from '../../api/contract/index.ts';
import { useAccess } from '../api/use-api.ts';
import { Answer, useAnswer } from '../parts/answer.tsx';
import { save } from '../parts/csv-button.tsx';
import { instant } from '../parts/instant.ts';
import { Markdown } from '../parts/markdown.tsx';
import { Notice } from '../parts/notice.tsx';
import { linkTo } from '../route.ts';

/** The monthly reviews, as they were sent. */
export const Reviews = ({ month }: { readonly month: string }) => (month === '' ? <AllReviews /> : <OneReview month={month} />);

function AllReviews() {
  const reviews = useAnswer<ReviewList>('/api/reviews');
  return (
    <>
      <h1>Reviews</h1>
      <Answer of={reviews}>
        {({ items }) =>
          items.length === 0 ? (
            <Notice kind="plain" title="There is no review yet">
              The first one is made after the month ends (REVIEW_SCHEDULE). It tells what changed, what was accepted and by whom, and what
              could not be seen.
            </Notice>
          ) : (
            <ul className="cards">
              {items.map(({ month, over, keptAt }) => (
                <li key={month} className="card">
                  <h2>
                    <Link {...linkTo(`/reviews/${encodeURIComponent(month)}`)}>{month}</Link>
                  </h2>
                  <p className="faint">{over ? (keptAt === undefined ? '' : `Kept ${instant(keptAt)}`) : 'The month is not over yet'}</p>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </>
  );
}

function OneReview({ month }: { readonly month: string }) {
  const { api } = useAccess();
  const address = `/api/reviews/${encodeURIComponent(month)}`;
  const review = useQuery({ queryKey: [address, 'markdown'], queryFn: () => api.text(address, 'text/markdown') });
  return (
    <>
      <p className="toolbar">
        <Link {...linkTo('/reviews')}>All reviews</Link>
        <Button
          disabled={review.data === undefined}
          onClick={() => save(new Blob([review.data ?? ''], { type: 'text/markdown' }), `review-${month}.md`)}
        >
          Save as Markdown
        </Button>
      </p>
      <Answer of={review}>{(text) => <Markdown text={text} />}</Answer>
    </>
  );
}
