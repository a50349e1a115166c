import { resourceKey, type ResourceKey } from '../estate/index.ts';
import type { Rule, Verdict } from '../rules/index.ts';
import type { Within } from './exclusion.ts';
import type { Finding } from './finding.ts';

/** What one run looked at, and how well. */
export interface Sight {
  readonly verdicts: readonly Verdict[];
  /** Rules that the settings turned off. */
  readonly off: readonly string[];
  readonly rules: readonly Pick<Rule, 'id' | 'needs'>[];
  readonly within: Within;
  /** The part of the tenant this run was told to look at; empty lists: all of it. */
  readonly area: { readonly managementGroups: readonly string[]; readonly subscriptions: readonly string[] };
}

/**
 * Blind is not clean: answers why the absence of a violation says nothing about a finding; undefined when it really is gone.
 * A finding rests on more than its scope: an identity that lives in an unseen subscription may be why a grant elsewhere was judged.
 */
export function blindnessOf(sight: Sight): (finding: Finding) => string | undefined {
  const byRule = new Map(sight.verdicts.map((verdict) => [verdict.id, { verdict, hides: hiding(verdict, sight) }]));
  const off = new Set(sight.off);
  const outside = outsideOf(sight);
  return (finding) => {
    const judged = byRule.get(finding.rule);
    if (judged === undefined) return `rule ${finding.rule} ${off.has(finding.rule) ? 'is switched off' : 'was not asked in this run'}`;
    const { verdict, hides } = judged;
    if (verdict.verdict === 'inconclusive' || verdict.unjudged === 'all') return verdict.because;
    if (hides(finding)) return verdict.because;
    return outside(resourceKey(finding.scope)) ? 'it lies outside the part of the tenant that this run looked at' : undefined;
  };
}

const managementGroups = '/providers/microsoft.management/managementgroups/';

function hiding({ id, unjudged }: Verdict, { rules, within }: Sight): (finding: Finding) => boolean {
  if (unjudged === 'all' || unjudged.length === 0) return () => unjudged === 'all';
  const scopes = new Set<ResourceKey>(unjudged);
  const groups = unjudged.filter((scope) => scope === '/' || scope.startsWith(managementGroups));
  const needs = Object.values(rules.find((rule) => rule.id === id)?.needs ?? {});
  // A rule that infers from absence at an item's own scope does not judge a scope above a gap either.
  const alsoAbove = needs.includes('local');
  const hidden = (place: ResourceKey): boolean =>
    lineage(place).some((scope) => scopes.has(scope)) || groups.some((group) => within(place, group));
  return (finding) => placesOf(finding).some(hidden) || (alsoAbove && unjudged.some((scope) => within(scope, resourceKey(finding.scope))));
}

const placesOf = ({ scope, subject, principal, related }: Finding): readonly ResourceKey[] =>
  [scope, subject, principal.resourceId, ...related].filter((id) => id.startsWith('/')).map(resourceKey);

/** A scope and every parent by its text. */
function lineage(scope: ResourceKey): readonly ResourceKey[] {
  const parents: ResourceKey[] = [];
  for (let end = scope.length; end > 0; end = scope.lastIndexOf('/', end - 1)) parents.push(scope.slice(0, end) as ResourceKey);
  return parents;
}

/** Scopes above the area are in sight too: Azure returns what applies at, above and below it. */
function outsideOf({ area, within }: Sight): (scope: ResourceKey) => boolean {
  const tops = [
    ...area.subscriptions.map((given) => resourceKey(given.includes('/') ? given : `/subscriptions/${given}`)),
    ...area.managementGroups.map((given) => resourceKey(given.includes('/') ? given : managementGroups + given)),
  ];
  if (tops.length === 0) return () => false;
  return (scope) => !tops.some((top) => within(scope, top) || within(top, scope));
}
