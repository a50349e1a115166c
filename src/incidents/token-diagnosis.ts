import * as az from '../remedy/az.ts';
import type { Attribution, Burst } from '../denials/index.ts';
import { moment, resourceKey, type Estate } from '../estate/index.ts';
import type { Change } from './change.ts';
import type { Diagnosis } from './diagnose.ts';
import { principalOf } from './principal.ts';

/**
 * What an unusual acquisition of tokens says. Undefined where a redeployment, a new host or a scale-out within the day before explains it: then
 * nobody is told. No cause fits by itself, since nothing was refused.
 */
export function diagnoseTokens(
  burst: Burst,
  attribution: Attribution,
  estate: Estate,
  changes: readonly Change[] | undefined,
): Diagnosis | undefined {
  if (explanation(burst, attribution, estate, changes ?? []) !== undefined) return undefined;
  const { name, id } = principalOf(attribution, estate);
  const who = name ? `${name} (${id})` : `Principal ${id || burst.who}`;
  const audience = burst.denials[0]?.target ?? '';
  const { expected } = burst.episode;
  const what =
    burst.reason === 'new-audience'
      ? `${who} asks for tokens for ${audience} since ${moment(burst.firstAt)}, an audience that it never asked for before; ${burst.count} so far`
      : `${who} asked for ${burst.count} tokens for ${audience} since ${moment(burst.firstAt)}; an hour usually brings ${expected < 1 ? 'less than one' : `about ${Math.round(expected)}`}`;
  const unseen =
    changes === undefined
      ? ' The Activity Log could not be read, so a redeployment may be the reason.'
      : ' No change of its hosts in the day before explains it.';
  const hosts = hostsOf(attribution, estate);
  return {
    causes: [
      {
        id: 'unexplained',
        confidence: 'possible',
        why: `${what}.${unseen}`,
        evidence: [
          {
            label: burst.reason === 'new-audience' ? 'new audience' : 'unusual rate',
            value: `${burst.count} tokens for ${audience} from ${burst.firstAt} to ${burst.lastAt}`,
            source: 'logs',
          },
          ...hosts.slice(0, 5).map((host) => ({ label: 'host', value: host.id, source: 'resource-graph' as const })),
        ],
        fix: [
          {
            text: 'Ask the owner of the workload whether new code asks for these tokens. If nobody knows, treat the hosts of the identity as taken over: isolate them, and remove its role assignments until it is clear.',
          },
        ],
        check: [
          az.command('role assignment list', { assignee: id || burst.who, all: true }),
          ...hosts
            .slice(0, 3)
            .map((host) => az.command('monitor activity-log list', { 'resource-id': host.id, 'start-time': dayBefore(burst.firstAt) })),
        ].filter((line) => line !== undefined),
      },
    ],
    ruledOut: [],
  };
}

const hours24 = 24 * 3_600_000;
const dayBefore = (instant: string): string => new Date(Date.parse(instant) - hours24).toISOString();

function explanation(burst: Burst, attribution: Attribution, estate: Estate, changes: readonly Change[]): Change | undefined {
  const keys = new Set<string>(hostsOf(attribution, estate).map((host) => host.key));
  const own = attribution.identity?.key;
  return changes.find((change) => {
    const age = Date.parse(burst.firstAt) - Date.parse(change.at);
    // The hour of the burst is known, not its minute: a change within it counts.
    if (!change.succeeded || age > hours24 || age < -3_600_000) return false;
    const key = resourceKey(change.resourceId);
    if (change.kind === 'host-written') return keys.has(key);
    return (change.kind === 'identity-attached' || change.kind === 'identity-written') && (keys.has(key) || key === own);
  });
}

function hostsOf({ identity }: Attribution, estate: Estate): Estate['hosts'] {
  if (identity === undefined) return [];
  return estate.hosts.filter((host) => host.key === identity.key || host.userAssigned.some((one) => one.key === identity.key));
}
