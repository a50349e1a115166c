import { openAccess } from '../access/index.ts';
import { inOrder, type Assignment, type Estate, type PrincipalId } from '../estate/index.ts';
import {
  areaCounter,
  creatorCounter,
  opensIdentities,
  type IsMine,
  type Memory,
  type Rule,
  type RuleInput,
  type RuleSettings,
} from '../rules/index.ts';
import type { Context } from './context.ts';
import { mineIn } from './owner.ts';
import type { Part } from './part-of.ts';
import { openPool, pooledAssignment } from './pool.ts';
import type { Rows } from './row.ts';

export interface PartRequest extends Part {
  readonly context: Context;
  readonly rows: Rows;
  readonly memory: Memory;
  readonly settings: RuleSettings;
  readonly rules: readonly Rule[];
  /** Instant of the audit. */
  readonly now: string;
}

/**
 * The estate as one part needs it: everything but assignments whole, and of those what its principals hold, what they hold through groups, what
 * rules reach for beyond (`Rule.reach`), and what lets others act as its identities. Assignments stream by; only those are kept, and counts of all.
 */
export async function estateOfPart({ context, rows, ...request }: PartRequest): Promise<Estate> {
  const isMine = mineIn(request);
  const isNeeded = needs({ ...context, assignments: [] }, request, isMine);
  const areas = areaCounter(isMine);
  const creators = creatorCounter();
  const pool = openPool();
  const kept: Assignment[] = [];
  for await (const [kind, assignment] of rows(['assignments'])) {
    if (kind !== 'assignments') continue;
    areas.count(assignment);
    creators.count(assignment);
    if (isNeeded(assignment)) kept.push(pooledAssignment(assignment, pool));
  }
  return inOrder({ ...context, assignments: kept, census: { areas: areas.counts(), creators: creators.counts() } });
}

function needs(
  frame: Estate,
  { memory, settings, rules, now }: Omit<PartRequest, 'context' | 'rows'>,
  isMine: IsMine,
): (assignment: Assignment) => boolean {
  const input: RuleInput = { estate: frame, access: openAccess(frame), settings, memory, now };
  const on = rules.filter((rule) => rule.enabled?.(settings) !== false);
  const principals = new Set<PrincipalId>();
  for (const { reach } of on) for (const id of reach?.principals?.(input, isMine) ?? []) principals.add(id);
  const groups = groupsOf(frame, (id) => principals.has(id) || isMine(id));
  const reached = on.flatMap(({ reach }) => reach?.assignments?.(input, isMine) ?? []);
  // For the sheets of the part's identities: who else can run as them.
  const opensMine = opensIdentities(input, isMine);
  return (assignment) => {
    const { principalId } = assignment;
    return (
      isMine(principalId) ||
      principals.has(principalId) ||
      groups.has(principalId) ||
      opensMine(assignment) ||
      reached.some((reaches) => reaches(assignment))
    );
  };
}

/** Groups that these members are in, directly or through other groups. */
function groupsOf({ memberships }: Estate, isWanted: (id: PrincipalId) => boolean): ReadonlySet<PrincipalId> {
  const groups = new Set<PrincipalId>();
  for (const [member, direct] of memberships) if (isWanted(member)) for (const group of direct) groups.add(group);
  // A set hands out what is added while it is walked: groups in groups, to the end.
  for (const group of groups) for (const outer of memberships.get(group) ?? []) groups.add(outer);
  return groups;
}
