import { Button, Link } from '@fluentui/react-components';
import { useState } from 'react';
import type { IdentityDetail, IdentitySheet } from '../../api/contract/index.ts';
import { useAccess } from '../api/use-api.ts';
import { Answer, useAnswer } from '../parts/answer.tsx';
import { CoverageBanner } from '../parts/coverage-banner.tsx';
import { save } from '../parts/csv-button.tsx';
import { Facts } from '../parts/facts.tsx';
import { instant } from '../parts/instant.ts';
import { Notice } from '../parts/notice.tsx';
import { Place, PlaceAndId } from '../parts/place.tsx';
import { ScopeTree } from '../parts/scope-tree.tsx';
import { addressOf, linkTo } from '../route.ts';
import { Scrolls } from '../parts/scrolls.tsx';

/** One identity: where it runs, what it holds, who can act as it, what was wrong with it. */
export function IdentityPage({ id }: { readonly id: string }) {
  const detail = useAnswer<IdentityDetail>(`/api/identities/${encodeURIComponent(id)}`);
  return (
    <Answer of={detail}>
      {({ identity, hiddenHoldings, findings, incidents, coverage }) => (
        <article>
          <Head identity={identity} />
          <CoverageBanner coverage={coverage} of="audit" />
          <section aria-labelledby="holds">
            <h2 id="holds">What it holds</h2>
            {hiddenHoldings > 0 && (
              <Notice
                kind="warning"
                title={`${hiddenHoldings} more ${hiddenHoldings === 1 ? 'grant lies' : 'grants lie'} outside the subscriptions that you may see`}
              />
            )}
            <ScopeTree holdings={identity.holdings} />
          </section>
          <section aria-labelledby="actors">
            <h2 id="actors">Who can act as it</h2>
            <Actors identity={identity} />
          </section>
          <section aria-labelledby="hosts">
            <h2 id="hosts">Where it runs</h2>
            {identity.hosts.length === 0 ? (
              <p>It is attached to nothing that was seen.</p>
            ) : (
              <ul className="ids">
                {identity.hosts.map((host) => (
                  <li key={host.id}>
                    <PlaceAndId id={host.id} /> ({host.kind})
                  </li>
                ))}
              </ul>
            )}
            <Credentials identity={identity} />
          </section>
          <section aria-labelledby="wrong">
            <h2 id="wrong">Findings and incidents</h2>
            {findings.length + incidents.length === 0 && <p>None that is stored.</p>}
            <ul>
              {findings.map((finding) => (
                <li key={finding.id}>
                  {finding.severity}, {finding.status}:{' '}
                  <Link {...linkTo(`/findings/${encodeURIComponent(finding.id)}`)}>{finding.title}</Link>
                </li>
              ))}
              {incidents.map((incident) => (
                <li key={incident.id}>
                  {incident.severity}, {incident.status}:{' '}
                  <Link {...linkTo(`/incidents/${encodeURIComponent(incident.id)}`)}>
                    refused by {incident.service}, {incident.cause}
                  </Link>
                  , last {instant(incident.lastDenialAt)}
                </li>
              ))}
            </ul>
          </section>
        </article>
      )}
    </Answer>
  );
}

function Head({ identity }: { readonly identity: IdentitySheet }) {
  const { name, principalId, clientId, kind, resourceId, tags, seenAt } = identity;
  return (
    <header>
      <h1>{name || principalId}</h1>
      <Facts
        of={[
          { name: 'Kind', value: kind },
          { name: 'Principal id', value: <code>{principalId}</code> },
          { name: 'Client id', value: clientId === '' ? '' : <code>{clientId}</code> },
          { name: 'Resource', value: <PlaceAndId id={resourceId} /> },
          {
            name: 'Tags',
            value: Object.entries(tags)
              .map(([tag, value]) => `${tag}: ${value}`)
              .join(', '),
          },
          { name: 'Seen', value: instant(seenAt) },
        ]}
      />
      <p className="toolbar">
        <RunbookButton identity={identity} />
        <Link {...linkTo(addressOf('/access', { principal: principalId }))}>Ask what it may do</Link>
      </p>
    </header>
  );
}

/** The page that goes into a team's own documentation. */
function RunbookButton({ identity: { principalId, name } }: { readonly identity: IdentitySheet }) {
  const { api } = useAccess();
  const [said, setSaid] = useState('');
  const download = async (): Promise<void> => {
    try {
      const text = await api.text(`/api/identities/${encodeURIComponent(principalId)}/runbook`, 'text/markdown');
      save(new Blob([text], { type: 'text/markdown' }), `${name.replace(/[^\w.-]+/g, '-') || principalId}.md`);
      setSaid('Saved');
    } catch (cause) {
      setSaid(cause instanceof Error ? cause.message : String(cause));
    }
  };
  return (
    <span className="copy">
      <Button onClick={() => void download()}>Download the runbook</Button>
      <span role="status">{said}</span>
    </span>
  );
}

const Credentials = ({ identity: { federatedCredentials } }: { readonly identity: IdentitySheet }) =>
  federatedCredentials.length === 0 ? null : (
    <Scrolls label="Federated credentials">
      <table className="plain">
        <caption>Federated credentials: who may come with a token of somebody else</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Issuer</th>
            <th scope="col">Subject</th>
          </tr>
        </thead>
        <tbody>
          {federatedCredentials.map(({ name, issuer, subject }) => (
            <tr key={`${name} ${issuer}`}>
              <th scope="row">{name}</th>
              <td className="breaks">{issuer}</td>
              <td className="breaks">{subject}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolls>
  );

const ways: Readonly<Record<string, string>> = {
  attach: 'may attach it to something of their own',
  'run-code': 'may run code where it is attached',
  federated: 'is let in by a federated credential',
  trust: 'may add a federated credential',
};

const Actors = ({ identity: { actors } }: { readonly identity: IdentitySheet }) =>
  actors.length === 0 ? (
    <p>Nobody was seen who can, beyond its hosts.</p>
  ) : (
    <Scrolls label="Who can act as it">
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">How</th>
            <th scope="col">Role</th>
            <th scope="col">Granted at</th>
          </tr>
        </thead>
        <tbody>
          {actors.map(({ principalId, name, kind, way, role, scope }, at) => (
            <tr key={`${at} ${principalId}`}>
              <th scope="row">
                {name || principalId} ({kind})
              </th>
              <td>{ways[way] ?? way}</td>
              <td>{role}</td>
              <td>
                <Place id={scope} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolls>
  );
