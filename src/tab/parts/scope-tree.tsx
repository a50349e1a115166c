import type { Holding } from '../../api/contract/index.ts';
import { levelsOf, shortScope } from './arm.ts';
import { SeverityBadge } from './badges.tsx';
import { day } from './instant.ts';
import { useSubscriptionNames } from './place.tsx';

interface Level {
  readonly id: string;
  readonly holdings: Holding[];
  readonly below: Map<string, Level>;
}

/** Every grant where it was given, broadest on top: what stands higher reaches everything under it. Nested lists, which every screen reader can walk. */
export const ScopeTree = ({ holdings }: { readonly holdings: readonly Holding[] }) =>
  holdings.length === 0 ? (
    <p>No grant was seen that reaches it.</p>
  ) : (
    <ul className="tree">
      <Branch level={treeOf(holdings)} />
    </ul>
  );

function Branch({ level: { id, holdings, below } }: { readonly level: Level }) {
  const names = useSubscriptionNames();
  return (
    <li>
      <span className="tree-scope" title={id}>
        {shortScope(id, names)}
      </span>
      {holdings.length + below.size > 0 && (
        <ul>
          {holdings.map((holding) => (
            <Grant key={`${holding.id} ${holding.through ?? ''}`} holding={holding} />
          ))}
          {[...below.values()].map((level) => (
            <Branch key={level.id} level={level} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Grant({ holding }: { readonly holding: Holding }) {
  const { role, plane, through, throughName, conditional, grantedAt, grantedBy, grantedByName, severity, question, reach } = holding;
  const details = [
    plane === 'none' ? undefined : plane === 'both' ? 'control and data plane' : `${plane} plane`,
    through === undefined || through === '' ? undefined : `through the group ${throughName ?? through}`,
    conditional ? 'under a condition' : undefined,
    reach === undefined ? undefined : `reaches ${reach} ${reach === 1 ? 'resource' : 'resources'}`,
    grantedAt === '' ? undefined : `since ${day(grantedAt)}${grantedBy === '' ? '' : ` by ${grantedByName ?? grantedBy}`}`,
  ];
  return (
    <li className="tree-grant">
      {severity !== undefined && <SeverityBadge severity={severity} />} <strong>{role.name || role.id}</strong>
      <span className="faint"> {details.filter((detail) => detail !== undefined).join(', ')}</span>
      {question !== undefined && <p>{question}</p>}
    </li>
  );
}

function treeOf(holdings: readonly Holding[]): Level {
  const root: Level = { id: '/', holdings: [], below: new Map() };
  for (const holding of holdings) {
    let level = root;
    for (const id of levelsOf(holding.scope).slice(1)) {
      const key = id.toLowerCase();
      const next = level.below.get(key) ?? { id, holdings: [], below: new Map() };
      level.below.set(key, next);
      level = next;
    }
    level.holdings.push(holding);
  }
  return root;
}
