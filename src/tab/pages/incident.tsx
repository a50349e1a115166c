import { Link } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Incident, IncidentDetail } from '../../api/contract/index.ts';
import { Answer, useAnswer } from '../parts/answer.tsx';
import { SeverityBadge, StatusBadge } from '../parts/badges.tsx';
import { CoverageBanner } from '../parts/coverage-banner.tsx';
import { EvidenceTable } from '../parts/evidence-table.tsx';
import { Facts } from '../parts/facts.tsx';
import { Command, FixList } from '../parts/fix-list.tsx';
import { instant } from '../parts/instant.ts';
import { PlaceAndId } from '../parts/place.tsx';
import { addressOf, linkTo } from '../route.ts';

/** Who is refused what, why, what it is not, and how it ends. */
export function IncidentPage({ id }: { readonly id: string }) {
  const detail = useAnswer<IncidentDetail>(`/api/incidents/${encodeURIComponent(id)}`);
  return (
    <Answer of={detail}>
      {({ incident, coverage }) => (
        <article>
          <Head incident={incident} />
          {incident.causes.map((cause, at) => (
            <section key={cause.id} aria-labelledby={`cause-${at}`}>
              <h2 id={`cause-${at}`}>
                {at === 0 ? 'Cause' : 'Or'}: <Link {...linkTo(`/causes/${encodeURIComponent(cause.id)}`)}>{cause.id}</Link> (
                {cause.confidence})
              </h2>
              <p className="message">{cause.why}</p>
              <h3>What to do</h3>
              <FixList steps={cause.fix} />
              {cause.check.length > 0 && (
                <>
                  <h3>Check it yourself</h3>
                  {cause.check.map((command, number) => (
                    <Command key={command} text={command} what={`check ${number + 1}`} />
                  ))}
                </>
              )}
              <EvidenceTable caption="Evidence" pieces={cause.evidence} />
            </section>
          ))}
          {incident.ruledOut.length > 0 && (
            <section aria-labelledby="ruled-out">
              <h2 id="ruled-out">Ruled out</h2>
              <ul>
                {incident.ruledOut.map((cause) => (
                  <li key={cause.id}>
                    <strong>{cause.id}</strong>: {cause.why}
                  </li>
                ))}
              </ul>
            </section>
          )}
          <section aria-labelledby="calls">
            <h2 id="calls">What was refused</h2>
            <Listed
              name="Targets"
              of={incident.targets}
              each={(target) => (target.startsWith('/') ? <PlaceAndId id={target} /> : <code>{target}</code>)}
            />
            <Listed name="Operations" of={incident.operations} each={(operation) => <code>{operation}</code>} />
            <CoverageBanner coverage={coverage} of="watch" />
          </section>
        </article>
      )}
    </Answer>
  );
}

function Head({ incident }: { readonly incident: Incident }) {
  const { principal, attribution, severity, status, denials, service, kind } = incident;
  const name = principal.name || principal.id || 'a caller that the log does not name';
  return (
    <header>
      <p className="card-line">
        <SeverityBadge severity={severity} /> <StatusBadge status={status} /> <span>{kind}</span>
      </p>
      <h1>
        {attribution === 'inferred' ? 'Probably ' : ''}
        {name}: {denials} refused calls to {service}
      </h1>
      <Facts
        of={[
          {
            name: 'Who',
            value:
              principal.id === '' ? (
                name
              ) : (
                <>
                  <Link {...linkTo(`/identities/${encodeURIComponent(principal.id)}`)}>{name}</Link> ({principal.kind})
                </>
              ),
          },
          { name: 'First refused', value: instant(incident.firstDenialAt) },
          { name: 'Last refused', value: instant(incident.lastDenialAt) },
          { name: 'Answers', value: incident.statusCodes.join(', ') },
          incident.resolvedAt === undefined
            ? undefined
            : { name: 'Resolved', value: `${instant(incident.resolvedAt)} (${incident.resolvedBy ?? ''})` },
          principal.id === ''
            ? undefined
            : { name: 'Findings', value: <Link {...linkTo(addressOf('/findings', { principal: principal.id }))}>on this identity</Link> },
        ]}
      />
    </header>
  );
}

const listedMax = 50;

interface ListedProps {
  readonly name: string;
  readonly of: readonly string[];
  readonly each: (one: string) => ReactNode;
}

const Listed = ({ name, of, each }: ListedProps) =>
  of.length === 0 ? null : (
    <>
      <h3>{name}</h3>
      <ul className="ids">
        {of.slice(0, listedMax).map((one) => (
          <li key={one}>{each(one)}</li>
        ))}
        {of.length > listedMax && <li>and {of.length - listedMax} more</li>}
      </ul>
    </>
  );
