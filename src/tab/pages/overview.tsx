import { Link } from '@fluentui/react-components';
import type { Finding, Incident, Summary } from '../../api/contract/index.ts';
import { Answer, useAnswer } from '../parts/answer.tsx';
import { SeverityBadge, StatusBadge } from '../parts/badges.tsx';
import { CoverageBanner } from '../parts/coverage-banner.tsx';
import { instant } from '../parts/instant.ts';
import { Notice } from '../parts/notice.tsx';
import { TrendChart } from '../parts/trend-chart.tsx';
import { addressOf, linkTo } from '../route.ts';
import { Scrolls } from '../parts/scrolls.tsx';

const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;

/** How the tenant stands, how well it was seen, and what to do first. */
export function Overview() {
  const summary = useAnswer<Summary>('/api/summary');
  return (
    <>
      <h1>Overview</h1>
      <Answer of={summary}>{(answer) => <State summary={answer} />}</Answer>
    </>
  );
}

function State({ summary }: { readonly summary: Summary }) {
  const { audit, watch, findings, incidents, first, trend } = summary;
  return (
    <>
      <CoverageBanner coverage={audit} of="audit" />
      <section aria-labelledby="counts">
        <h2 id="counts">Open findings</h2>
        <ul className="counts">
          {severities.map((severity) => (
            <li key={severity} className={`count count-${severity}`}>
              <a {...linkTo(addressOf('/findings', { severity, status: ['new', 'open', 'reopened'] }))}>
                <span className="count-number">{findings.bySeverity[severity] ?? 0}</span>
                <span className="count-name">{severity}</span>
              </a>
            </li>
          ))}
        </ul>
        {findings.counted === 'at-least' && <p>There are more than could be counted for the subscriptions that you may see.</p>}
      </section>
      <div className="columns">
        <section aria-labelledby="first">
          <h2 id="first">What to do first</h2>
          {first.length === 0 ? (
            <NothingOpen complete={audit.complete} looked={audit.runId !== null} />
          ) : (
            <ol className="cards">
              {first.slice(0, 5).map((finding) => (
                <FirstFinding key={finding.id} finding={finding} />
              ))}
            </ol>
          )}
          {findings.open > 0 && <Link {...linkTo('/findings')}>All {findings.open} open findings</Link>}
        </section>
        <section aria-labelledby="live">
          <h2 id="live">Live incidents</h2>
          <CoverageBanner coverage={watch} of="watch" />
          {incidents.items.length === 0 ? (
            watch.runId !== null && (
              <p>
                No refused calls that anybody needs to look at
                {watch.complete && watch.gaps.length === 0 ? '' : ', among those that are watched'}.
              </p>
            )
          ) : (
            <ol className="cards">
              {incidents.items.slice(0, 5).map((incident) => (
                <LiveIncident key={incident.id} incident={incident} />
              ))}
            </ol>
          )}
          {incidents.live > 0 && <Link {...linkTo('/incidents')}>All {incidents.live} live incidents</Link>}
        </section>
      </div>
      <section aria-labelledby="trend">
        <h2 id="trend">Open findings by day</h2>
        <TrendChart points={trend} />
      </section>
      <section aria-labelledby="rules">
        <h2 id="rules">By rule</h2>
        {findings.byRule.length === 0 ? (
          <p>No rule has open findings.</p>
        ) : (
          <Scrolls label="Open findings by rule">
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">Rule</th>
                  <th scope="col">Worst</th>
                  <th scope="col" className="number">
                    Open
                  </th>
                </tr>
              </thead>
              <tbody>
                {findings.byRule.map(({ rule, title, open, worst }) => (
                  <tr key={rule}>
                    <th scope="row">
                      <Link {...linkTo(addressOf('/findings', { rule }))}>{title}</Link>
                    </th>
                    <td>
                      <SeverityBadge severity={worst} />
                    </td>
                    <td className="number">{open}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolls>
        )}
      </section>
    </>
  );
}

const FirstFinding = ({ finding }: { readonly finding: Finding }) => (
  <li className="card">
    <p className="card-line">
      <SeverityBadge severity={finding.severity} /> <StatusBadge status={finding.status} />
    </p>
    <h3>
      <Link {...linkTo(`/findings/${encodeURIComponent(finding.id)}`)}>{finding.title}</Link>
    </h3>
    <p className="clamp">{finding.message}</p>
  </li>
);

const LiveIncident = ({ incident }: { readonly incident: Incident }) => (
  <li className="card">
    <p className="card-line">
      <SeverityBadge severity={incident.severity} /> <StatusBadge status={incident.status} />
    </p>
    <h3>
      <Link {...linkTo(`/incidents/${encodeURIComponent(incident.id)}`)}>
        {incident.principal.name || incident.principal.id || 'A caller that the log does not name'}: {incident.denials} refused calls
      </Link>
    </h3>
    <p className="clamp">{incident.causes[0]?.why ?? 'No cause was found.'}</p>
    <p className="faint">Last refused {instant(incident.lastDenialAt)}</p>
  </li>
);

function NothingOpen({ complete, looked }: { readonly complete: boolean; readonly looked: boolean }) {
  if (!looked) return <p>There has been no audit yet.</p>;
  if (!complete)
    return (
      <Notice kind="warning" title="Nothing was found where the audit could look">
        It could not see everything: the gaps above may hide findings.
      </Notice>
    );
  return (
    <Notice kind="good" title="Nothing is open">
      The latest audit saw everything and found nothing that asks for a decision.
    </Notice>
  );
}
