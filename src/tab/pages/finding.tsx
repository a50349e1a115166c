import { Button, Link } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Finding, FindingDetail } from '../../api/contract/index.ts';
import { mayDo, useAccess } from '../api/use-api.ts';
import { AcceptDialog } from '../parts/accept-dialog.tsx';
import { Answer, useAnswer } from '../parts/answer.tsx';
import { SeverityBadge, StatusBadge } from '../parts/badges.tsx';
import { CoverageBanner } from '../parts/coverage-banner.tsx';
import { EvidenceTable } from '../parts/evidence-table.tsx';
import { Facts } from '../parts/facts.tsx';
import { FixList } from '../parts/fix-list.tsx';
import { instant } from '../parts/instant.ts';
import { Notice } from '../parts/notice.tsx';
import { PlaceAndId } from '../parts/place.tsx';
import { Problem } from '../parts/problem.tsx';
import { addressOf, linkTo } from '../route.ts';

/** What, who, since when, why we are sure, and what to do about it. */
export function FindingPage({ id }: { readonly id: string }) {
  const detail = useAnswer<FindingDetail>(`/api/findings/${encodeURIComponent(id)}`);
  return (
    <Answer of={detail}>
      {(answer) => (
        <article>
          <Head finding={answer.finding} />
          <Standing detail={answer} />
          <p className="message">{answer.finding.message}</p>
          <section aria-labelledby="fix">
            <h2 id="fix">What to do</h2>
            <FixList steps={answer.finding.fix} />
          </section>
          <section aria-labelledby="evidence">
            <h2 id="evidence">Why we say so</h2>
            <Proof finding={answer.finding} />
            <EvidenceTable caption="Evidence" pieces={answer.finding.evidence} />
            <p>
              Rule: <Link {...linkTo(`/rules/${encodeURIComponent(answer.finding.rule)}`)}>{answer.finding.rule}</Link>
            </p>
            <CoverageBanner coverage={answer.coverage} of="audit" />
          </section>
          <Related detail={answer} />
          <section aria-labelledby="history">
            <h2 id="history">History</h2>
            <ol className="history">
              {answer.history.map(({ revision, at, kind, note, author }) => (
                <li key={revision}>
                  <time dateTime={at}>{instant(at)}</time> <strong>{kind}</strong>
                  {author !== undefined && author !== '' && ` by ${author}`}
                  {note !== '' && `: ${note}`}
                </li>
              ))}
            </ol>
          </section>
        </article>
      )}
    </Answer>
  );
}

const Head = ({ finding }: { readonly finding: Finding }) => (
  <header>
    <p className="card-line">
      <SeverityBadge severity={finding.severity} /> <StatusBadge status={finding.status} /> <span>{finding.confidence}</span>
    </p>
    <h1>{finding.title}</h1>
    <Facts
      of={[
        { name: 'Who', value: <Who principal={finding.principal} /> },
        { name: 'Role', value: finding.role.name },
        { name: 'Scope', value: finding.scope === '' ? '' : <PlaceAndId id={finding.scope} /> },
        { name: 'Since', value: instant(finding.firstSeenAt) },
        { name: 'Last seen', value: instant(finding.lastSeenAt) },
        finding.resolvedAt === undefined
          ? undefined
          : { name: 'Resolved', value: `${instant(finding.resolvedAt)} (${finding.resolvedBy ?? ''})` },
        { name: 'Controls', value: finding.controls.join(', ') },
      ]}
    />
  </header>
);

function Who({ principal }: { readonly principal: Finding['principal'] }) {
  const { id, kind, name } = principal;
  const text = name || id || 'nobody in particular';
  const managed = kind === 'system-assigned' || kind === 'user-assigned';
  return (
    <>
      {managed && id !== '' ? <Link {...linkTo(`/identities/${encodeURIComponent(id)}`)}>{text}</Link> : text} ({kind})
    </>
  );
}

/** Open, accepted, or not judged: and the way from one to the other. */
function Standing({ detail: { finding, exception } }: { readonly detail: FindingDetail }) {
  const { api, me } = useAccess();
  const queries = useQueryClient();
  const [accepting, setAccepting] = useState(false);
  const manages = mayDo(me, 'Findings.Manage');
  const end = useMutation({
    mutationFn: () => api.send<unknown>('DELETE', `/api/findings/${encodeURIComponent(finding.id)}/exception`),
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <>
      {finding.unjudged !== undefined && (
        <Notice kind="warning" title="The latest audit could not judge this">
          {finding.unjudged}. It stands as it was last seen.
        </Notice>
      )}
      {exception !== undefined && (
        <Notice
          kind="plain"
          title={`Accepted until ${instant(exception.until)} by ${exception.author}`}
          action={
            manages && (
              <Button disabled={end.isPending} onClick={() => end.mutate()}>
                End the acceptance
              </Button>
            )
          }
        >
          {exception.reason}
        </Notice>
      )}
      {end.isError && <Problem cause={end.error} />}
      {exception === undefined && manages && finding.status !== 'resolved' && (
        <p>
          <Button onClick={() => setAccepting(true)}>Accept this risk</Button>
        </p>
      )}
      {exception === undefined && !manages && finding.status !== 'resolved' && (
        <p className="faint">Accepting it takes the app role Findings.Manage.</p>
      )}
      {accepting && (
        <AcceptDialog
          findings={[finding]}
          close={() => setAccepting(false)}
          done={() => {
            setAccepting(false);
            void queries.invalidateQueries();
          }}
        />
      )}
    </>
  );
}

const proofs: Readonly<Record<Exclude<Finding['proof'], ''>, string>> = {
  deleted: 'The principal is gone: the directory was asked for it, and shows others that are known to exist.',
  'soft-deleted': 'The principal lies in the recycle bin of the directory, and may come back.',
  foreign: 'The principal belongs to another tenant, which cannot be looked into.',
  young: 'The grant is so young that the principal may not have spread through the directory yet.',
  unresolved: 'Whether the principal still exists could not be found out.',
  'visibility-unproven': 'The principal could not be seen, and neither was it shown that it could have been.',
};

const Proof = ({ finding: { proof } }: { readonly finding: Finding }) =>
  proof === '' ? null : (
    <p>
      <strong>Proof: {proof}.</strong> {proofs[proof]}
    </p>
  );

function Related({ detail: { finding, related } }: { readonly detail: FindingDetail }) {
  if (related.length === 0) return null;
  return (
    <section aria-labelledby="related">
      <h2 id="related">Also about {finding.principal.name || 'this principal'}</h2>
      <ul>
        {related.map(({ id, severity, status, title }) => (
          <li key={id}>
            {severity}, {status}: <Link {...linkTo(`/findings/${encodeURIComponent(id)}`)}>{title}</Link>
          </li>
        ))}
      </ul>
      {finding.principal.id !== '' && <Link {...linkTo(addressOf('/findings', { principal: finding.principal.id }))}>All of them</Link>}
    </section>
  );
}
