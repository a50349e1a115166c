import { Button, Link } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AuditQueued, Run, RunDetail } from '../../api/contract/index.ts';
import { mayDo, useAccess } from '../api/use-api.ts';
import { Answer, useAnswer } from '../parts/answer.tsx';
import { CsvButton } from '../parts/csv-button.tsx';
import { Facts } from '../parts/facts.tsx';
import { Filters, queryOf, type FilterField } from '../parts/filters.tsx';
import { instant } from '../parts/instant.ts';
import { Loading } from '../parts/loading.tsx';
import { Notice } from '../parts/notice.tsx';
import { itemsOf, usePages } from '../parts/pages-of.ts';
import { Problem } from '../parts/problem.tsx';
import { Rows, type Column } from '../parts/rows.tsx';
import { linkTo, usePlace } from '../route.ts';
import { Scrolls } from '../parts/scrolls.tsx';

/** What was looked at, when, and what stayed unseen. */
export const Runs = ({ id }: { readonly id: string }) => (id === '' ? <AllRuns /> : <OneRun id={id} />);

const fields: readonly FilterField[] = [{ kind: 'some', name: 'job', label: 'Job', options: ['audit', 'watch', 'watch-grants'] }];

function AllRuns() {
  const { query: given } = usePlace();
  const query = queryOf(given, fields);
  const pages = usePages<Run>('/api/runs', query, 100);
  const items = itemsOf(pages.data?.pages ?? [], ({ id }) => id);
  return (
    <>
      <h1>Runs</h1>
      <AuditNow />
      <Filters path="/runs" fields={fields} query={query} />
      {pages.isError && <Problem cause={pages.error} retry={() => void pages.refetch()} />}
      {pages.isPending && <Loading />}
      {pages.data !== undefined && (
        <>
          <div className="toolbar">
            <p role="status">
              {items.length} {items.length === 1 ? 'run' : 'runs'}
            </p>
            <CsvButton path="/api/runs" query={query} name="runs" />
          </div>
          {items.length === 0 ? (
            <Notice kind="warning" title="Nothing has run yet">
              Audits run on their schedule (AUDIT_SCHEDULE), the watches on theirs (WATCH_SCHEDULE, WATCH_GRANTS_SCHEDULE).
            </Notice>
          ) : (
            <Rows
              label="Runs"
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

/** Only queued here: the function app runs it. */
function AuditNow() {
  const { api, me } = useAccess();
  const queries = useQueryClient();
  const ask = useMutation({
    mutationFn: () => api.send<AuditQueued>('POST', '/api/audits'),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['/api/runs'] }),
  });
  if (!mayDo(me, 'Audit.Run')) return null;
  return (
    <>
      <p>
        <Button disabled={ask.isPending} onClick={() => ask.mutate()}>
          Audit now
        </Button>
      </p>
      {ask.isSuccess && (
        <div role="status">
          <Notice kind="plain" title="The audit is queued">
            It appears here once it has begun.
          </Notice>
        </div>
      )}
      {ask.isError && <Problem cause={ask.error} />}
    </>
  );
}

const gapsOf = ({ coverage }: Run): number => coverage.filter(({ state }) => state !== 'whole').length;
const callsOf = ({ calls }: Run): number => Object.values(calls).reduce((sum, count) => sum + count, 0);

const columns: readonly Column<Run>[] = [
  {
    name: 'Started',
    width: 'minmax(12rem, 1fr)',
    cell: ({ id, startedAt }) => <Link {...linkTo(`/runs/${encodeURIComponent(id)}`)}>{instant(startedAt)}</Link>,
  },
  { name: 'Job', width: '6rem', cell: ({ job }) => job },
  { name: 'State', width: '7rem', cell: ({ state }) => state },
  { name: 'Seen', width: '10rem', cell: (run) => (run.complete ? 'everything it needs' : `not all: ${gapsOf(run)} gaps`) },
  { name: 'Calls', width: '6rem', cell: (run) => callsOf(run) },
  { name: 'New', width: '5rem', cell: ({ job, summary }) => (job === 'audit' ? summary?.new : '') },
  { name: 'Resolved', width: '6rem', cell: ({ job, summary }) => (job === 'audit' ? summary?.resolved : '') },
];

function OneRun({ id }: { readonly id: string }) {
  const detail = useAnswer<RunDetail>(`/api/runs/${encodeURIComponent(id)}`);
  return <Answer of={detail}>{({ run }) => <Ledger run={run} />}</Answer>;
}

function Ledger({ run }: { readonly run: Run }) {
  const inconclusive = run.rules.filter(({ verdict }) => verdict === 'inconclusive');
  return (
    <article>
      <h1>
        {run.job === 'audit' ? 'Audit' : 'Watch'} of {instant(run.startedAt)}
      </h1>
      <Facts
        of={[
          { name: 'State', value: run.state },
          { name: 'Ended', value: run.finishedAt === '' ? '' : instant(run.finishedAt) },
          { name: 'Id', value: <code>{run.id}</code> },
          {
            name: 'Calls',
            value: Object.entries(run.calls)
              .map(([family, count]) => `${family} ${count}`)
              .join(', '),
          },
          run.summary === undefined || run.job !== 'audit'
            ? undefined
            : {
                name: 'Outcome',
                value: `${run.summary.new} new, ${run.summary.resolved} resolved, ${run.summary.reopened} reopened, ${run.summary.accepted} accepted`,
              },
        ]}
      />
      <section aria-labelledby="ledger">
        <h2 id="ledger">{run.complete ? 'What was seen: everything that a rule rests on' : 'What was seen, and what was not'}</h2>
        {run.coverage.length === 0 ? (
          <p>
            {run.complete
              ? 'Everything that was asked for came, and no gap was written down.'
              : 'Which part is missing was not written down.'}
          </p>
        ) : (
          <Scrolls label="Coverage">
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">What</th>
                  <th scope="col">Where</th>
                  <th scope="col">Seen</th>
                  <th scope="col">Why not</th>
                  <th scope="col">Permission needed</th>
                </tr>
              </thead>
              <tbody>
                {run.coverage.map(({ slice, scope, state, why, permission }, at) => (
                  <tr key={`${at} ${slice}`} className={state === 'whole' ? '' : 'gap'}>
                    <th scope="row">{slice}</th>
                    <td className="breaks">{scope}</td>
                    <td>{state}</td>
                    <td>{why}</td>
                    <td className="breaks">{permission}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolls>
        )}
      </section>
      {inconclusive.length > 0 && (
        <section aria-labelledby="inconclusive">
          <h2 id="inconclusive">Rules that could not decide</h2>
          <ul>
            {inconclusive.map((rule) => (
              <li key={rule.id}>
                <Link {...linkTo(`/rules/${encodeURIComponent(rule.id)}`)}>{rule.id}</Link>
                {rule.because !== '' && `: ${rule.because}`}
              </li>
            ))}
          </ul>
        </section>
      )}
    </article>
  );
}
