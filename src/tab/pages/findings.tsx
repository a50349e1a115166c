import { Button, Checkbox, Link } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Finding } from '../../api/contract/index.ts';
import { mayDo, useAccess } from '../api/use-api.ts';
import { AcceptDialog } from '../parts/accept-dialog.tsx';
import { SeverityBadge, StatusBadge } from '../parts/badges.tsx';
import { CoverageBanner } from '../parts/coverage-banner.tsx';
import { CsvButton } from '../parts/csv-button.tsx';
import { Filters, queryOf, type FilterField } from '../parts/filters.tsx';
import { day } from '../parts/instant.ts';
import { Loading } from '../parts/loading.tsx';
import { Notice } from '../parts/notice.tsx';
import { itemsOf, usePages } from '../parts/pages-of.ts';
import { Place } from '../parts/place.tsx';
import { Problem } from '../parts/problem.tsx';
import { Rows, type Column } from '../parts/rows.tsx';
import { linkTo, usePlace } from '../route.ts';

const fields: readonly FilterField[] = [
  { kind: 'text', name: 'q', label: 'Search', hint: 'title, name, id, rule' },
  { kind: 'some', name: 'severity', label: 'Severity', options: ['critical', 'high', 'medium', 'low', 'info'] },
  { kind: 'some', name: 'status', label: 'Status', options: ['new', 'open', 'reopened', 'accepted', 'resolved'] },
  { kind: 'text', name: 'rule', label: 'Rule', hint: 'orphaned-assignment', rare: true },
  { kind: 'text', name: 'scope', label: 'Scope', hint: '/subscriptions/… and below', rare: true },
  { kind: 'text', name: 'principal', label: 'Principal', hint: 'object id or ARM id', rare: true },
  { kind: 'text', name: 'tag', label: 'Tag', hint: 'name or name=value', rare: true },
  { kind: 'one', name: 'sort', label: 'Sort', options: ['severity', 'changed'] },
];

/** So many go into one request to accept. */
const chosenMax = 100;

/** All findings, filtered by the address: a link to this page is a saved view. */
export function Findings() {
  const { me } = useAccess();
  const { query: given } = usePlace();
  const query = queryOf(given, fields);
  const pages = usePages<Finding>('/api/findings', query);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [accepting, setAccepting] = useState(false);
  const [outcome, setOutcome] = useState('');
  const queries = useQueryClient();
  const manages = mayDo(me, 'Findings.Manage');
  const items = itemsOf(pages.data?.pages ?? [], ({ id }) => id);
  const picked = items.filter(({ id }) => chosen.has(id));
  const choose = (id: string, on: boolean): void =>
    setChosen((before) => new Set(on ? [...before, id].slice(0, chosenMax) : [...before].filter((each) => each !== id)));
  const coverage = pages.data?.pages[0]?.coverage;

  return (
    <>
      <h1>Findings</h1>
      <Filters path="/findings" fields={fields} query={query} />
      {pages.isError && <Problem cause={pages.error} retry={() => void pages.refetch()} />}
      {pages.isPending && <Loading lines={12} />}
      {coverage !== undefined && <CoverageBanner coverage={coverage} of="audit" />}
      {pages.data !== undefined && (
        <>
          <div className="toolbar">
            <p role="status">
              {items.length}
              {pages.hasNextPage ? ' shown, more below' : items.length === 1 ? ' finding' : ' findings'}
              {picked.length > 0 && `, ${picked.length} chosen`}
            </p>
            {manages && (
              <Button appearance="primary" disabled={picked.length === 0} onClick={() => setAccepting(true)}>
                Accept {picked.length === 0 ? 'chosen' : picked.length}
              </Button>
            )}
            <CsvButton path="/api/findings" query={query} name="findings" />
          </div>
          {outcome !== '' && (
            <div role="status">
              <Notice kind="plain" title={outcome} />
            </div>
          )}
          {items.length === 0 ? (
            <Notice kind={coverage?.complete === true ? 'plain' : 'warning'} title="Nothing matches these filters">
              {coverage?.complete === true
                ? 'The latest audit saw everything it asked for.'
                : 'The latest audit could not see everything, so something may be hidden.'}{' '}
              <Link {...linkTo('/findings')}>Clear the filters</Link>
            </Notice>
          ) : (
            <Rows
              label="Findings"
              items={items}
              keyOf={({ id }) => id}
              columns={[...(manages ? [chooser(chosen, choose)] : []), ...columns]}
              more={pages.hasNextPage ? () => void pages.fetchNextPage() : undefined}
              loadingMore={pages.isFetchingNextPage}
            />
          )}
        </>
      )}
      {accepting && (
        <AcceptDialog
          findings={picked}
          close={() => setAccepting(false)}
          done={(words) => {
            setOutcome(words);
            setChosen(new Set());
            setAccepting(false);
            void queries.invalidateQueries();
          }}
        />
      )}
    </>
  );
}

const chooser = (chosen: ReadonlySet<string>, choose: (id: string, on: boolean) => void): Column<Finding> => ({
  name: 'Choose',
  width: '4.5rem',
  cell: ({ id, title, status }) => (
    <Checkbox
      aria-label={`Choose ${title}`}
      disabled={status === 'resolved'}
      checked={chosen.has(id)}
      onChange={(_event, { checked }) => choose(id, checked === true)}
    />
  ),
});

const columns: readonly Column<Finding>[] = [
  { name: 'Severity', width: '6.5rem', cell: ({ severity }) => <SeverityBadge severity={severity} /> },
  {
    name: 'Finding',
    width: 'minmax(16rem, 3.5fr)',
    cell: ({ id, title }) => (
      <Link {...linkTo(`/findings/${encodeURIComponent(id)}`)} title={title}>
        {title}
      </Link>
    ),
  },
  { name: 'Status', width: '6.5rem', cell: ({ status }) => <StatusBadge status={status} /> },
  {
    name: 'Principal',
    width: 'minmax(8rem, 1fr)',
    cell: ({ principal }) => <span title={principal.resourceId || principal.id}>{principal.name || principal.id}</span>,
  },
  { name: 'Scope', width: 'minmax(8rem, 1.4fr)', cell: ({ scope }) => <Place id={scope} /> },
  { name: 'Since', width: '7rem', cell: ({ firstSeenAt }) => day(firstSeenAt) },
];
