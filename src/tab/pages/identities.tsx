import { Link } from '@fluentui/react-components';
import type { IdentityRow } from '../../api/contract/index.ts';
import { SeverityBadge } from '../parts/badges.tsx';
import { CoverageBanner } from '../parts/coverage-banner.tsx';
import { CsvButton } from '../parts/csv-button.tsx';
import { Filters, queryOf, type FilterField } from '../parts/filters.tsx';
import { day } from '../parts/instant.ts';
import { Loading } from '../parts/loading.tsx';
import { Notice } from '../parts/notice.tsx';
import { itemsOf, usePages } from '../parts/pages-of.ts';
import { Problem } from '../parts/problem.tsx';
import { Rows, type Column } from '../parts/rows.tsx';
import { linkTo, usePlace } from '../route.ts';

const fields: readonly FilterField[] = [
  { kind: 'text', name: 'search', label: 'Search', hint: 'beginning of a name or id' },
  { kind: 'text', name: 'scope', label: 'Lies in', hint: '/subscriptions/… and below' },
  { kind: 'some', name: 'severity', label: 'Worst grant', options: ['critical', 'high', 'medium', 'low', 'info'] },
  { kind: 'one', name: 'sort', label: 'Sort', options: ['name', 'severity'] },
];

/** Every managed identity that the latest audit saw. */
export function Identities() {
  const { query: given } = usePlace();
  const query = queryOf(given, fields);
  const pages = usePages<IdentityRow>('/api/identities', query);
  const items = itemsOf(pages.data?.pages ?? [], ({ principalId }) => principalId);
  const coverage = pages.data?.pages[0]?.coverage;
  return (
    <>
      <h1>Identities</h1>
      <Filters path="/identities" fields={fields} query={query} />
      {pages.isError && <Problem cause={pages.error} retry={() => void pages.refetch()} />}
      {pages.isPending && <Loading lines={10} />}
      {coverage !== undefined && <CoverageBanner coverage={coverage} of="audit" />}
      {pages.data !== undefined && (
        <>
          <div className="toolbar">
            <p role="status">
              {items.length}
              {pages.hasNextPage ? ' shown, more below' : items.length === 1 ? ' identity' : ' identities'}
            </p>
            <CsvButton path="/api/identities" query={query} name="identities" />
          </div>
          {items.length === 0 ? (
            <Notice kind={coverage?.complete === true ? 'plain' : 'warning'} title="No identity matches">
              {coverage?.complete === true
                ? 'Names are searched from their beginning, and from the beginning of each part of them.'
                : 'The latest audit could not see everything, so an identity may be hidden.'}
            </Notice>
          ) : (
            <Rows
              label="Identities"
              items={items}
              keyOf={({ principalId }) => principalId}
              columns={columns}
              more={pages.hasNextPage ? () => void pages.fetchNextPage() : undefined}
              loadingMore={pages.isFetchingNextPage}
            />
          )}
        </>
      )}
    </>
  );
}

const columns: readonly Column<IdentityRow>[] = [
  {
    name: 'Name',
    width: 'minmax(14rem, 3fr)',
    cell: ({ principalId, name, resourceId }) => (
      <Link {...linkTo(`/identities/${encodeURIComponent(principalId)}`)} title={resourceId}>
        {name || principalId}
      </Link>
    ),
  },
  { name: 'Kind', width: '9rem', cell: ({ kind }) => kind },
  {
    name: 'Worst grant',
    width: '7rem',
    cell: ({ worst }) => (worst === undefined ? 'none asked about' : <SeverityBadge severity={worst} />),
  },
  { name: 'Grants', width: '5rem', cell: ({ holdings }) => holdings },
  { name: 'Hosts', width: '5rem', cell: ({ hosts }) => hosts },
  { name: 'Seen', width: '7rem', cell: ({ seenAt }) => day(seenAt) },
];
