import { Link } from '@fluentui/react-components';
import type { Incident } from '../../api/contract/index.ts';
import { SeverityBadge, StatusBadge } from '../parts/badges.tsx';
import { CoverageBanner } from '../parts/coverage-banner.tsx';
import { CsvButton } from '../parts/csv-button.tsx';
import { Filters, queryOf, type FilterField } from '../parts/filters.tsx';
import { instant } from '../parts/instant.ts';
import { Loading } from '../parts/loading.tsx';
import { Notice } from '../parts/notice.tsx';
import { itemsOf, usePages } from '../parts/pages-of.ts';
import { Problem } from '../parts/problem.tsx';
import { Rows, type Column } from '../parts/rows.tsx';
import { linkTo, usePlace } from '../route.ts';

const fields: readonly FilterField[] = [
  { kind: 'text', name: 'q', label: 'Search', hint: 'name, target, operation, cause' },
  { kind: 'some', name: 'severity', label: 'Severity', options: ['critical', 'high', 'medium', 'low', 'info'] },
  { kind: 'some', name: 'status', label: 'Status', options: ['opened', 'grown', 'quiet', 'resolved'] },
  { kind: 'text', name: 'cause', label: 'Cause', hint: 'identity-without-role' },
  { kind: 'one', name: 'sort', label: 'Sort', options: ['severity', 'changed'] },
];

/** Refused calls, gathered by who was refused where, with their cause. */
export function Incidents() {
  const { query: given } = usePlace();
  const query = queryOf(given, fields);
  const pages = usePages<Incident>('/api/incidents', query);
  const items = itemsOf(pages.data?.pages ?? [], ({ id }) => id);
  const coverage = pages.data?.pages[0]?.coverage;
  return (
    <>
      <h1>Incidents</h1>
      <Filters path="/incidents" fields={fields} query={query} />
      {pages.isError && <Problem cause={pages.error} retry={() => void pages.refetch()} />}
      {pages.isPending && <Loading lines={10} />}
      {coverage !== undefined && <CoverageBanner coverage={coverage} of="watch" />}
      {pages.data !== undefined && (
        <>
          <div className="toolbar">
            <p role="status">
              {items.length}
              {pages.hasNextPage ? ' shown, more below' : items.length === 1 ? ' incident' : ' incidents'}
            </p>
            <CsvButton path="/api/incidents" query={query} name="incidents" />
          </div>
          {items.length === 0 ? (
            <Notice kind={coverage?.complete === true ? 'plain' : 'warning'} title="No incident matches">
              {coverage?.complete === true
                ? 'The watch read everything it asked for.'
                : 'The watch could not read everything: refused calls may be hidden.'}
            </Notice>
          ) : (
            <Rows
              label="Incidents"
              items={items}
              keyOf={({ id }) => id}
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

const columns: readonly Column<Incident>[] = [
  { name: 'Severity', width: '6.5rem', cell: ({ severity }) => <SeverityBadge severity={severity} /> },
  {
    name: 'Who',
    width: 'minmax(12rem, 2fr)',
    cell: ({ id, principal, attribution }) => (
      <Link {...linkTo(`/incidents/${encodeURIComponent(id)}`)}>
        {attribution === 'inferred' ? 'probably ' : ''}
        {principal.name || principal.id || 'a caller that the log does not name'}
      </Link>
    ),
  },
  { name: 'Status', width: '6.5rem', cell: ({ status }) => <StatusBadge status={status} /> },
  { name: 'Service', width: 'minmax(6rem, 1fr)', cell: ({ service }) => service },
  { name: 'Cause', width: 'minmax(12rem, 2fr)', cell: ({ causes }) => <span title={causes[0]?.why}>{causes[0]?.id ?? ''}</span> },
  { name: 'Refused', width: '5rem', cell: ({ denials }) => denials },
  { name: 'Last', width: '12rem', cell: ({ lastDenialAt }) => instant(lastDenialAt) },
];
