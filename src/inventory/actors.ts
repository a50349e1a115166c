import type { Access, Power } from '../access/index.ts';
import type { Assignment, Directory, Estate, FederatedCredential, Host, Identity, ResourceKey } from '../estate/index.ts';
import type { Actor } from './identity-sheet.ts';

/** So many are kept of one identity; most hold their right far above it, and are the same for all identities there. */
const actorsMax = 20;

export interface Actors {
  readonly actors: readonly Actor[];
  readonly more: number;
}

/**
 * Who can run as an identity without being named in any of its grants: whoever may attach it or let an outside token in, whoever may run code on a host
 * of it, and outsiders whom a credential lets in. People and groups count.
 */
export function actorsIn({ estate, access }: { readonly estate: Estate; readonly access: Access }) {
  const insidersAt = insidersByScope(estate, access);
  return (identity: Identity, hosts: readonly Pick<Host, 'key' | 'type'>[], credentials: readonly FederatedCredential[]): Actors => {
    const ways = [
      ...(identity.kind === 'user-assigned' ? [insidersAt(identity.key, 'microsoft.managedidentity/')] : []),
      ...hosts.map((host) => insidersAt(host.key, `${host.type}/`)),
    ].filter((list) => list.length > 0);
    const found = ways.length < 2 ? (ways[0] ?? none) : together(ways);
    const outsiders = credentials.map(outsiderOf(identity));
    const inside = found.filter((insider) => insider.actor.principalId !== identity.principalId).map(({ actor }) => actor);
    const room = Math.max(0, actorsMax - outsiders.length);
    return { actors: [...outsiders, ...inside.slice(0, room)], more: Math.max(0, inside.length - room) };
  };
}

const outsiderOf =
  ({ resourceId }: Identity) =>
  ({ name, issuer, subject, expression }: FederatedCredential): Actor => ({
    principalId: '',
    name: subject ?? expression ?? '',
    kind: issuer,
    way: 'federated',
    role: name,
    scope: resourceId,
  });

interface Insider {
  readonly actor: Actor;
  /** Small is powerful. */
  readonly rank: number;
}

const none: readonly Insider[] = [];

interface Right {
  readonly assignment: Assignment;
  readonly operations: readonly string[];
  readonly rank: number;
}

/** Rights at and above a scope that begin with a provider's name, most powerful first. Remembered for containers: they are what identities share. */
function insidersByScope(estate: Estate, access: Access): (key: ResourceKey, begin: string) => readonly Insider[] {
  const rights = rightsByScope(access);
  const known = new Map<string, readonly Insider[]>();

  function at(scope: ResourceKey, begin: string): readonly Insider[] {
    return (rights.get(scope) ?? []).flatMap(({ assignment, operations, rank }): readonly Insider[] => {
      const opened = operations.filter((operation) => operation.startsWith(begin) && isLeft(access, assignment, operation));
      return opened.length === 0 ? none : [{ rank, actor: actorOf(estate.directory, access, assignment, wayOf(opened)) }];
    });
  }

  function above(chain: readonly ResourceKey[], from: number, begin: string): readonly Insider[] {
    const scope = chain[from];
    if (scope === undefined) return none;
    const key = `${begin}${scope}`;
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = joined(at(scope, begin), above(chain, from + 1, begin))));
    return found;
  }

  return (key, begin) => joined(rights.has(key) ? at(key, begin) : none, above(access.chain(key), 1, begin));
}

/** Room for those who fall out because they are the identity itself, or come twice. */
const candidatesMax = 200;

function joined(own: readonly Insider[], inherited: readonly Insider[]): readonly Insider[] {
  return own.length === 0 ? inherited : together([own, inherited]);
}

function together(lists: readonly (readonly Insider[])[]): readonly Insider[] {
  const found = new Map<string, Insider>();
  for (const insider of lists.flat().toSorted(strongestFirst)) {
    const key = `${insider.actor.principalId} ${insider.actor.way}`;
    if (!found.has(key)) found.set(key, insider);
  }
  return [...found.values()].slice(0, candidatesMax);
}

const strongestFirst = (a: Insider, b: Insider): number =>
  a.rank - b.rank ||
  compare(a.actor.principalId, b.actor.principalId) ||
  compare(a.actor.scope, b.actor.scope) ||
  compare(a.actor.role, b.actor.role);

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function rightsByScope(access: Access): ReadonlyMap<ResourceKey, readonly Right[]> {
  const found = new Map<ResourceKey, Right[]>();
  for (const [role, assignments] of access.assignments.byRole) {
    const power = access.powerOf(role);
    if (power === undefined || power.attach.length === 0) continue;
    const operations = power.attach.map((operation) => operation.toLowerCase());
    const rank = rankOf(power);
    for (const assignment of assignments) {
      const others = found.get(assignment.scope);
      const right = { assignment, operations, rank };
      if (others === undefined) found.set(assignment.scope, [right]);
      else others.push(right);
    }
  }
  return found;
}

const rankOf = (power: Power): number => (power.escalation.length > 0 ? 0 : power.everything ? 1 : power.broadWrite.length > 0 ? 2 : 3);

/** Nearly all assignments carry no condition. */
const isLeft = (access: Access, assignment: Assignment, operation: string): boolean =>
  assignment.condition === undefined || access.effectOn(assignment, { action: operation, data: false }) !== undefined;

function wayOf(operations: readonly string[]): string {
  if (operations.some((operation) => operation.endsWith('/assign/action'))) return 'attach';
  return operations.some((operation) => operation.includes('/federatedidentitycredentials/')) ? 'trust' : 'run-code';
}

function actorOf(
  { found, deleted }: Directory,
  access: Access,
  { principalId, principalType, roleId, scopeId }: Assignment,
  way: string,
): Actor {
  const principal = found.get(principalId);
  return {
    principalId,
    name: principal?.displayName ?? deleted.get(principalId)?.displayName ?? '',
    kind: principal?.kind ?? (principalType || 'unknown'),
    way,
    role: access.roleOf(roleId)?.name ?? roleId,
    scope: scopeId,
  };
}
