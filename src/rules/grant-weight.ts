import type { ConditionEffect, Power } from '../access/index.ts';
import { levelOf, type Assignment } from '../estate/index.ts';
import { escalatesAtOnce, escalationOf } from './grant-condition.ts';
import { isBroad, lowered, type Reach } from './held-grant.ts';
import type { RuleInput } from './rule.ts';
import { severities, type Severity } from './violation.ts';

/** How grave one grant is by itself: what it allows, where, and what its condition leaves of it. */
export interface Weight {
  readonly severity: Severity;
  /** Patterns and operations that make it so, gravest kind first. */
  readonly allows: readonly string[];
  readonly effects: readonly ConditionEffect[];
}

/** The gravest of what the standing rules would say of it. Undefined for a narrow grant: a data role on one resource, Contributor of one group. */
export function weightOf(input: Pick<RuleInput, 'access'>, assignment: Assignment, power: Power): Weight | undefined {
  const parts = [escalation(input, assignment, power), ...(isBroad(assignment) ? broadParts(input, assignment, power) : [])]
    .filter((part) => part !== undefined)
    .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  const [gravest] = parts;
  if (gravest === undefined) return undefined;
  return {
    severity: gravest.severity,
    allows: [...new Set(parts.flatMap(({ allows }) => allows))],
    effects: parts.flatMap(({ effects }) => effects),
  };
}

const escalationByReach: Readonly<Record<Reach, Severity>> = {
  root: 'critical',
  managementGroup: 'critical',
  subscription: 'high',
  resourceGroup: 'medium',
  resource: 'low',
};

/** A list of harmless roles lowers it, and says nothing at all on one resource; a list of forbidden ones does not. */
function escalation(input: Pick<RuleInput, 'access'>, assignment: Assignment, power: Power): Weight | undefined {
  const { open, narrowed, effects } = escalationOf(input, { assignment, power });
  const reach = levelOf(assignment.scope);
  const full = escalationByReach[reach];
  if (open.length > 0) {
    const steps = escalatesAtOnce(open) && narrowed.length === 0 ? 0 : 1;
    return { severity: lowered(full, steps), allows: [...open, ...narrowed], effects };
  }
  if (narrowed.length === 0 || reach === 'resource') return undefined;
  return { severity: lowered(full, 2), allows: narrowed, effects };
}

function* broadParts(input: Pick<RuleInput, 'access'>, assignment: Assignment, power: Power): Iterable<Weight> {
  const above = levelOf(assignment.scope) !== 'subscription';
  if (power.broadWrite.length > 0) {
    const root = levelOf(assignment.scope) === 'root';
    const severity = power.everything ? (root ? 'critical' : 'high') : above ? 'high' : 'medium';
    yield { severity, allows: power.broadWrite, effects: [] };
  }
  const data = dataPart(input, assignment, power, above);
  if (data !== undefined) yield data;
  const indirect = [...power.secretActions, ...power.attach];
  if (indirect.length > 0) yield { severity: above ? 'high' : 'medium', allows: indirect, effects: [] };
}

/** As `data-access-at-broad-scope` has it: secrets, keys and whatever can be overwritten weigh more than reading. */
function dataPart(input: Pick<RuleInput, 'access'>, assignment: Assignment, power: Power, above: boolean): Weight | undefined {
  const patterns = [...new Set([...power.dataRead, ...power.dataWrite])];
  if (patterns.length === 0) return undefined;
  const effects = patterns.flatMap((action) => input.access.effectOn(assignment, { action, data: true }) ?? []);
  const isGrave =
    power.dataWrite.length > 0 || patterns.some((pattern) => pattern.startsWith('*') || /^microsoft\.keyvault\//i.test(pattern));
  const severity = above ? (isGrave ? 'critical' : 'high') : isGrave ? 'high' : 'medium';
  const isNarrowed = effects.length > 0 && effects.every(({ kind }) => kind === 'attributes');
  return { severity: isNarrowed ? lowered(severity, 1) : severity, allows: patterns, effects };
}

/** More severe by one step. */
export const raised = (severity: Severity): Severity => severities[Math.max(severities.indexOf(severity) - 1, 0)] ?? severity;
