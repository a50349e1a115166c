import type { Burst } from '../denials/index.ts';
import { principalId, resourceKey, type PrincipalId, type ResourceKey } from '../estate/index.ts';
import type { Change, SceneInput } from '../incidents/index.ts';
import type { LogGap } from '../ports/index.ts';
import { identityOfCredential } from '../rules/index.ts';
import type { Reading } from './read-logs.ts';
import { hoursBefore } from './time-span.ts';
import type { WatchRequest } from './watch-request.ts';

/** Changes are looked for from a day before the first refusal. */
const changesBeforeHours = 24;

export interface Around {
  /** What the Activity Log showed around a burst; undefined when it could not be read where the burst is, and showed nothing there. */
  readonly of: (burst: Burst) => Pick<SceneInput, 'changes' | 'changesWhole'>;
  /** Identities whose federated credentials were changed. */
  readonly changedIdentities: readonly ResourceKey[];
  readonly gaps: readonly LogGap[];
}

/** Changes from a day before the first refusal, as the Activity Log API and the workspaces tell them. */
export async function changesAround(
  request: WatchRequest,
  bursts: readonly Burst[],
  { workspaces, subscriptions: all }: Reading['listed'],
  now: string,
): Promise<Around> {
  const from = hoursBefore(bursts.map((burst) => burst.firstAt).sort()[0]!, changesBeforeHours);
  const subscriptions = new Set(bursts.flatMap(subscriptionsOf));
  const scopes = ['/', ...(subscriptions.size > 0 ? subscriptions : all)];
  const [read, logged] = await Promise.all([
    request.activity.read({ scopes, from, until: now }),
    request.log.changes({ from, until: now }, workspaces),
  ]);
  const changes = distinct([...read.changes, ...logged.changes]);
  const blind = read.coverage.filter((gap) => gap.failed).map((gap) => gap.scope.toLowerCase());
  // A workspace with the Activity Log of the subscription shows the same.
  const shown = new Set(logged.coverage.length === 0 ? logged.subscriptions : []);
  const isBlind = (id: string): boolean => blind.some((scope) => scope === '/' || scope.includes(id)) && !shown.has(id);
  return {
    of: (burst) => {
      const own = subscriptionsOf(burst);
      const changesWhole = !(own.length > 0 ? own : all).some(isBlind);
      return { changes: changesWhole || changes.length > 0 ? changes : undefined, changesWhole };
    },
    changedIdentities: changes.filter(({ kind }) => credentialKinds.has(kind)).map(({ resourceId }) => identityOfCredential(resourceId)),
    gaps: [...read.coverage, ...logged.coverage],
  };
}

const credentialKinds: ReadonlySet<Change['kind']> = new Set(['federated-credential-written', 'federated-credential-removed']);

/** Those who lost a grant: groups among them are in no assignment any more, and only their members tell whom it hit. */
export const losersIn = (changes: readonly Change[] | undefined): readonly PrincipalId[] => [
  ...new Set(
    (changes ?? []).flatMap(({ kind, details }) =>
      kind === 'assignment-removed' && details['principalId'] ? [principalId(details['principalId'])] : [],
    ),
  ),
];

const subscriptionsOf = (burst: Burst): readonly string[] => [
  ...new Set(
    burst.denials.map((denial) => /^\/subscriptions\/([^/]+)/i.exec(denial.target)?.[1]?.toLowerCase()).filter((id) => id !== undefined),
  ),
];

const distinct = (changes: readonly Change[]): readonly Change[] => [
  ...new Map(changes.map((change) => [`${change.correlationId}|${change.kind}|${resourceKey(change.resourceId)}`, change])).values(),
];
