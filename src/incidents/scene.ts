import type { Access, Answer, Path } from '../access/index.ts';
import type { Attribution, Burst, Denial } from '../denials/index.ts';
import {
  resourceKey,
  type Assignment,
  type Estate,
  type Host,
  type Identity,
  type PrincipalId,
  type ResourceKey,
  type Vault,
} from '../estate/index.ts';
import type { Change } from './change.ts';
import { leastRoles, type ProposedRole } from './operations/least-role.ts';
import { requiredActions, type RequiredAction } from './operations/required-action.ts';

/** One thing that the refused calls needed, with the evaluator's answer for the failing principal on the target. */
export interface Needed extends RequiredAction {
  readonly operation: string;
  readonly answer: Answer | undefined;
}

/** The facts of one burst, gathered before any cause is asked. What could not be read is in `unseen`. */
export interface Scene {
  readonly burst: Burst;
  readonly attribution: Attribution;
  readonly now: string;
  readonly estate: Estate;
  readonly access: Access;
  readonly failing: {
    readonly principalId: PrincipalId | undefined;
    readonly identity: Identity | undefined;
    readonly attribution: 'named' | 'inferred';
    readonly candidates: readonly Identity[];
    /** For sentences: name with id. */
    readonly label: string;
    /** Hosts of the failing identity, or the host that the log names. */
    readonly hosts: readonly Host[];
    /** Other identities on those hosts. */
    readonly siblings: readonly Identity[];
  };
  /** ARM id of the busiest target as Azure gives it, where it could be found. */
  readonly targetId: string | undefined;
  readonly targetKey: ResourceKey | undefined;
  readonly vault: Vault | undefined;
  readonly needed: readonly Needed[];
  /** Every needed action is allowed on the target, as far as grants go. */
  readonly allowed: boolean;
  /** Some needed action has no path at all; false when nothing is known of the needed actions. */
  readonly refused: boolean;
  /** Grants that allow what was refused. */
  readonly sufficient: readonly Assignment[];
  readonly proposed: readonly ProposedRole[];
  /** All reasons and sample messages in lower case, for patterns. */
  readonly text: string;
  /** Changes around the onset, newest first; undefined when the Activity Log was not readable. */
  readonly changes: readonly Change[] | undefined;
  readonly denyAssignmentsRead: boolean;
  /** Sentences. */
  readonly unseen: readonly string[];
}

export interface SceneInput {
  readonly burst: Burst;
  readonly attribution: Attribution;
  readonly now: string;
  readonly estate: Estate;
  readonly access: Access;
  readonly changes: readonly Change[] | undefined;
  readonly unseen: readonly string[];
}

const operationsMax = 20;

export function sceneOf({ burst, attribution, now, estate, access, changes, unseen }: SceneInput): Scene {
  const { denials } = burst;
  const hosts = hostsOf(burst, attribution.identity, estate);
  const identity = attribution.identity ?? (attribution.candidates.length === 1 ? attribution.candidates[0] : undefined);
  const principalId = attribution.principalId ?? identity?.principalId;
  const targetId = targetOf(denials[0], estate);
  const targetKey = targetId === undefined ? undefined : resourceKey(targetId);
  const needed = neededOf(denials, principalId, targetKey, access);
  const answers = needed.map((one) => one.answer).filter((answer) => answer !== undefined);
  const allowed = answers.length > 0 && answers.every((answer) => answer.verdict === 'allowed');
  return {
    burst,
    attribution,
    now,
    estate,
    access,
    failing: {
      principalId,
      identity,
      attribution: attribution.by,
      candidates: attribution.candidates,
      label: labelOf(burst, attribution, identity, estate),
      hosts,
      siblings: siblingsOf(hosts, identity, estate),
    },
    targetId,
    targetKey,
    vault:
      targetKey === undefined ? undefined : estate.vaults.find((vault) => targetKey === vault.key || targetKey.startsWith(`${vault.key}/`)),
    needed,
    allowed,
    refused: answers.some((answer) => answer.verdict === 'no-path'),
    sufficient: allowed ? distinct(answers.flatMap((answer) => answer.paths.filter(isRole).map((path) => path.assignment))) : [],
    proposed: leastRoles(burst.service, needed),
    text: denials
      .map((denial) => `${denial.statusCode} ${denial.reason} ${denial.sample}`)
      .join('\n')
      .toLowerCase(),
    changes: changes === undefined ? undefined : [...changes].sort((a, b) => (a.at < b.at ? 1 : -1)),
    denyAssignmentsRead: estate.denyAssignments !== undefined,
    unseen,
  };
}

/** Changes that can have led to the burst: from `hours` before its first denial to its last. */
export function changesBefore(scene: Scene, kinds: readonly Change['kind'][], hours: number): readonly Change[] {
  const from = Date.parse(scene.burst.firstAt) - hours * 3_600_000;
  const until = Date.parse(scene.burst.lastAt);
  return (scene.changes ?? []).filter((change) => {
    const at = Date.parse(change.at);
    return change.succeeded && kinds.includes(change.kind) && at >= from && at <= until;
  });
}

/** True when `scope` is the target or above it. */
export const reaches = (scene: Scene, scope: string): boolean =>
  scene.targetKey !== undefined && scene.access.within(scene.targetKey, resourceKey(scope));

function neededOf(
  denials: readonly Denial[],
  principal: PrincipalId | undefined,
  on: ResourceKey | undefined,
  access: Access,
): readonly Needed[] {
  const found = new Map<string, Needed>();
  for (const denial of denials) {
    for (const { action, data } of requiredActions(denial)) {
      if (found.size >= operationsMax || found.has(action.toLowerCase())) continue;
      const answer = principal === undefined || on === undefined ? undefined : access.may({ principal, action, data, on });
      found.set(action.toLowerCase(), { operation: denial.operation, action, data, answer });
    }
  }
  return [...found.values()];
}

/** Logs name a target by ARM id, by address (`https://kv-pay.vault.azure.net/…`) or by bare name. */
function targetOf(denial: Denial | undefined, estate: Estate): string | undefined {
  if (denial === undefined || denial.target === '') return undefined;
  if (/^\/(subscriptions|providers)\//i.test(denial.target)) return asSpelled(denial.target, estate);
  const name = /^(?:[a-z+]+:\/\/)?([^./:]+)/i.exec(denial.target)?.[1]?.toLowerCase();
  if (name === undefined || denial.service !== 'key-vault') return undefined;
  return estate.vaults.find((vault) => vault.name.toLowerCase() === name)?.id;
}

/** Logs write ARM ids in one case; the estate knows Azure's spelling. */
function asSpelled(id: string, estate: Estate): string {
  const key = resourceKey(id);
  return (
    estate.vaults.find((vault) => vault.key === key)?.id ??
    estate.hosts.find((host) => host.key === key)?.id ??
    estate.containers.find((one) => one.key === key)?.id ??
    id
  );
}

function hostsOf(burst: Burst, identity: Identity | undefined, estate: Estate): readonly Host[] {
  const named = new Set(
    burst.denials.flatMap((denial) => denial.hosts).flatMap((host) => [host.id ? resourceKey(host.id) : '', host.name.toLowerCase()]),
  );
  return estate.hosts.filter((host) => {
    if (named.has(host.key) || named.has(host.name.toLowerCase())) return true;
    if (identity === undefined) return false;
    return identity.kind === 'system-assigned' ? host.key === identity.key : host.userAssigned.some((one) => one.key === identity.key);
  });
}

function siblingsOf(hosts: readonly Host[], identity: Identity | undefined, estate: Estate): readonly Identity[] {
  const principals = new Set<string | undefined>(hosts.map((host) => host.systemAssigned));
  const keys = new Set<string>(hosts.flatMap((host) => host.userAssigned.map((one) => one.key)));
  return estate.identities.filter(
    (one) =>
      one.principalId !== identity?.principalId && (one.kind === 'system-assigned' ? principals.has(one.principalId) : keys.has(one.key)),
  );
}

function labelOf(burst: Burst, attribution: Attribution, identity: Identity | undefined, estate: Estate): string {
  const id = attribution.principalId ?? identity?.principalId;
  if (identity) return `${identity.name} (${identity.principalId})`;
  const known = id && estate.directory.found.get(id);
  if (known) return `${known.displayName ?? 'principal'} (${known.id})`;
  const host = burst.denials.flatMap((denial) => denial.hosts)[0];
  return id
    ? `principal ${id}`
    : attribution.clientId
      ? `client ${attribution.clientId}`
      : host
        ? `an identity on ${host.name}`
        : 'a caller that the log does not name';
}

const isRole = (path: Path): path is Extract<Path, { kind: 'role' }> => path.kind === 'role';
const distinct = (assignments: readonly Assignment[]): readonly Assignment[] => [
  ...new Map(assignments.map((one) => [one.key, one])).values(),
];
