import type { Access, Path } from '../access/index.ts';
import type { Attribution, Burst, CallingHost, Service } from '../denials/index.ts';
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
import { neededOf, proposalsFor, type Needed, type Proposal } from './needed.ts';
import { refusedBy } from './refused-by.ts';
import { targetOf, type Target } from './target.ts';
import { withoutNames } from './text.ts';

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
    /** Hosts that the log names, and the estate, which read that place in full, does not list: they have no identity at all. One without an id is named by its app. */
    readonly bareHosts: readonly CallingHost[];
  };
  /** Everything that refused, the busiest first, where it could be found. */
  readonly targets: readonly Target[];
  /** ARM id of the busiest target as Azure gives it, where it could be found. */
  readonly targetId: string | undefined;
  readonly targetKey: ResourceKey | undefined;
  readonly vault: Vault | undefined;
  /** Who refused: of an application's lines, the service that they tell of. */
  readonly refusedBy: Service;
  readonly needed: readonly Needed[];
  /** Every needed action is allowed on the target, as far as grants go. */
  readonly allowed: boolean;
  /** Some needed action has no path at all; false when nothing is known of the needed actions. */
  readonly refused: boolean;
  /** Grants that allow what was refused. */
  readonly sufficient: readonly SufficientGrant[];
  readonly proposals: readonly Proposal[];
  /** All reasons and sample messages in lower case, for patterns. */
  readonly text: string;
  /** The same without ids, addresses and the names in the burst: a resource called "firewall" says nothing about firewalls. */
  readonly words: string;
  /** Changes around the onset, newest first; undefined when the Activity Log was not readable. */
  readonly changes: readonly Change[] | undefined;
  /** False where a part of the Activity Log could not be read: what is not among the changes may have happened. */
  readonly changesWhole: boolean;
  readonly denyAssignmentsRead: boolean;
  readonly remembered: ReadonlyMap<PrincipalId, RememberedIdentity>;
  /** Sentences. */
  readonly unseen: readonly string[];
}

/** A grant that allows what was refused, and the groups through which it reaches the failing principal. */
export interface SufficientGrant extends Assignment {
  readonly groups: readonly PrincipalId[];
}

/** An identity as earlier audits saw it: what a principal that is gone once was. */
export interface RememberedIdentity {
  readonly resourceId: string;
  readonly lastSeenAt: string;
}

export interface SceneInput {
  readonly burst: Burst;
  readonly attribution: Attribution;
  readonly now: string;
  readonly estate: Estate;
  readonly access: Access;
  readonly changes: readonly Change[] | undefined;
  readonly unseen: readonly string[];
  readonly changesWhole?: boolean | undefined;
  readonly remembered?: ReadonlyMap<PrincipalId, RememberedIdentity> | undefined;
}

export function sceneOf({
  burst,
  attribution,
  now,
  estate,
  access,
  changes,
  changesWhole = changes !== undefined,
  unseen,
  remembered = new Map(),
}: SceneInput): Scene {
  const { denials } = burst;
  const hosts = hostsOf(burst, attribution.identity, estate);
  const identity = attribution.identity ?? (attribution.candidates.length === 1 ? attribution.candidates[0] : undefined);
  const principalId = attribution.principalId ?? identity?.principalId;
  const targets = targetsOf(burst, estate);
  const [{ id: targetId, key: targetKey } = { id: undefined, key: undefined }] = targets;
  const needed = neededOf(denials, principalId, estate, access);
  const answers = needed.map((one) => one.answer).filter((answer) => answer !== undefined);
  const allowed = answers.length > 0 && answers.length === needed.length && answers.every((answer) => answer.verdict === 'allowed');
  const wordsOf = withoutNames([
    ...denials.slice(0, 100).flatMap((denial) => [denial.target, denial.object]),
    ...[...hosts, ...denials.flatMap((denial) => denial.hosts)].slice(0, 100).map((host) => host.name),
    ...attribution.candidates.slice(0, 100).map((one) => one.name),
  ]);
  const text = denials
    .map((denial) => `${denial.statusCode} ${denial.reason} ${denial.sample}`)
    .join('\n')
    .toLowerCase();
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
      bareHosts: bareHostsOf(burst, estate, access),
    },
    targets,
    targetId,
    targetKey,
    vault:
      targetKey === undefined ? undefined : estate.vaults.find((vault) => targetKey === vault.key || targetKey.startsWith(`${vault.key}/`)),
    refusedBy: denials[0] === undefined ? burst.service : refusedBy(denials[0]),
    needed,
    allowed,
    refused: answers.some((answer) => answer.verdict === 'no-path'),
    sufficient: allowed ? distinct(answers.flatMap((answer) => answer.paths.filter(isRole).map(grantOf))) : [],
    proposals: proposalsFor(needed),
    text,
    words: denials.map((denial) => `${denial.statusCode} ${denial.reason.toLowerCase()} ${wordsOf(denial.sample)}`).join('\n'),
    changes: changes === undefined ? undefined : [...changes].sort((a, b) => (a.at < b.at ? 1 : -1)),
    changesWhole,
    denyAssignmentsRead: estate.denyAssignments !== undefined,
    remembered,
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

function targetsOf({ denials }: Burst, estate: Estate): readonly Target[] {
  const found = denials.map((denial) => targetOf(denial, estate)).filter((target) => target !== undefined);
  return [...new Map(found.map((target) => [target.key, target])).values()];
}

/** By ARM id where the log has one: two apps in two groups may share a name. */
function hostsOf(burst: Burst, identity: Identity | undefined, estate: Estate): readonly Host[] {
  const named = burst.denials.flatMap((denial) => denial.hosts);
  const keys = new Set(named.flatMap((host) => (host.id ? [resourceKey(host.id)] : [])));
  const names = new Set(named.flatMap((host) => (host.id ? [] : [host.name.toLowerCase()])));
  return estate.hosts.filter((host) => {
    if (keys.has(host.key) || names.has(host.name.toLowerCase())) return true;
    if (identity === undefined || named.length > 0) return false;
    return identity.kind === 'system-assigned' ? host.key === identity.key : host.userAssigned.some((one) => one.key === identity.key);
  });
}

function bareHostsOf(burst: Burst, estate: Estate, access: Access): readonly CallingHost[] {
  const known = new Set(estate.hosts.map((host) => host.key));
  const names = new Set(estate.hosts.map((host) => host.name.toLowerCase()));
  const blind = estate.gaps.filter((gap) => gap.slice === 'hosts' && gap.harmless !== true);
  return burst.denials
    .flatMap((denial) => denial.hosts.map((host) => ({ host, table: denial.table })))
    .filter(({ host: { id, name }, table }) => {
      if (id === undefined) return blind.length === 0 && namesApps.test(table) && name !== '' && !names.has(name.toLowerCase());
      if (!/^\/subscriptions\/[^/]+\/resourceGroups\//i.test(id)) return false;
      const key = resourceKey(id);
      return !known.has(key) && !blind.some((gap) => access.within(key, resourceKey(gap.scope)));
    })
    .map(({ host }) => host);
}

/** Their rows name the app as its resource is called; a role name of Application Insights is what the code calls itself. */
const namesApps = /^ContainerAppConsoleLogs(?:_CL)?$|^FunctionAppLogs$/;

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
const grantOf = ({ assignment, groups }: Extract<Path, { kind: 'role' }>): SufficientGrant => ({ ...assignment, groups });
const distinct = (grants: readonly SufficientGrant[]): readonly SufficientGrant[] => [
  ...new Map(grants.map((one) => [one.key, one])).values(),
];
