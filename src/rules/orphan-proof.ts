import { absentees, type Assignment, type PrincipalId } from '../estate/index.ts';
import { indexOf } from './estate-index.ts';
import type { RuleInput } from './rule.ts';
import type { Proof } from './violation.ts';

/** `alive` and `gone` need no proof: the principal is there, or the assignment is not any more. */
export type Standing = Proof | 'alive' | 'gone';

/** What is proven about the principal of an assignment. Only `deleted` makes an orphan. */
export function standingOf(input: RuleInput, assignment: Assignment): Standing {
  const principal = standingOfPrincipal(input, assignment.principalId);
  if (principal === 'alive') return principal;
  if (assignment.delegatedManagedIdentityResourceId || assignment.principalType.toLowerCase() === 'foreigngroup') return 'foreign';
  if (principal !== 'deleted') return principal;
  // Resource Graph lags (Azure/azure-powershell#12747): no re-read over ARM, no proof.
  const confirmed = input.estate.confirmations.get(assignment.key);
  if (confirmed !== 'stands') return confirmed === 'gone' ? 'gone' : 'unresolved';
  return isYoung(input, assignment) ? 'young' : 'deleted';
}

/** The same for a principal by itself: what holds its id (an access policy, say) may carry no date. */
export function standingOfPrincipal(input: RuleInput, id: PrincipalId): Standing {
  const { estate, memory } = input;
  const { directory } = estate;
  const found = directory.found.get(id);
  if (found !== undefined) return found.kind === 'partner' ? 'foreign' : 'alive';
  if (directory.deleted.has(id)) return 'soft-deleted';
  if (!directory.asked.has(id) || directory.unresolved.has(id)) return 'unresolved';
  // Resource Graph still shows an identity with this id and the directory does not: they disagree, so nothing is proven.
  if (indexOf(estate).identityByPrincipal.has(id)) return 'unresolved';
  if (directory.canary !== 'visible') return 'visibility-unproven';
  const seen = memory.lastSeen.get(id)?.lastSeenAt;
  return seen !== undefined && isWithinWindow(input, seen) ? 'young' : 'deleted';
}

/** Why absence proves nothing in this run, or undefined. Shared by every rule that infers a deletion. */
export function absenceTrouble({ estate }: RuleInput): string | undefined {
  const { deleted, unresolved, canary } = estate.directory;
  if (canary === 'invisible')
    return 'a principal that is known to exist could not be seen in the directory either, so an absent one proves nothing';
  const missing = absentees(estate.directory).filter((id) => !deleted.has(id));
  const absent = missing.filter((id) => !unresolved.has(id));
  if (canary === 'not-asked' && absent.length > 0)
    return 'no principal known to exist was asked for in the same run, so an absent one proves nothing';
  // One look-up that failed is that principal's own trouble; when all of them did, nothing was checked.
  const gap = estate.gaps.find(({ slice, harmless }) => (slice === 'principals' || slice === 'deletedPrincipals') && harmless !== true);
  if (gap === undefined || missing.length === 0 || absent.length > 0) return undefined;
  return `none of the ${missing.length} missing principals could be looked up to the end: ${gap.slice} ${gap.state} (${gap.why})`;
}

/** Replication takes a while; an assignment without a date is young until an earlier run has seen its principal missing. */
function isYoung(input: RuleInput, assignment: Assignment): boolean {
  if (assignment.createdAt === undefined) return !input.memory.missingSince.has(assignment.principalId);
  return isWithinWindow(input, assignment.createdAt);
}

function isWithinWindow({ estate, now, settings }: RuleInput, at: string): boolean {
  // An estate may be judged long after it was collected: absence was observed then, not now.
  const observed = Math.min(Date.parse(now), Date.parse(estate.collectedAt));
  const age = observed - Date.parse(at);
  return !(age >= settings.replicationWindowMinutes * 60_000);
}
