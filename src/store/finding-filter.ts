import { resourceKey } from '../estate/index.ts';
import { ruleOfFinding, type StoredFinding } from '../findings/index.ts';
import type { FindingFilter } from '../ports/index.ts';
import { countingDown, severityDigit, statusLetters, type Hint } from './finding-index.ts';

/** Does a finding answer the question? */
export function matcher(filter: FindingFilter): (finding: StoredFinding) => boolean {
  const { status, severity, rule, principal, since, tag } = filter;
  const who = principal?.toLowerCase();
  const sinceMs = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since);
  const isThere = places(filter);
  const wanted = tag === undefined ? undefined : parseTag(tag);
  return (finding) => {
    if (status !== undefined && !status.includes(finding.status)) return false;
    if (severity !== undefined && !severity.includes(finding.severity)) return false;
    if (rule !== undefined && !rule.includes(finding.rule)) return false;
    if (who !== undefined && ![finding.principal.id, finding.principal.resourceId].some((id) => id.toLowerCase() === who)) return false;
    if (!isThere(resourceKey(finding.scope))) return false;
    if (wanted !== undefined) {
      const value = finding.tags?.[wanted.name];
      if (value === undefined || (wanted.value !== undefined && value !== wanted.value)) return false;
    }
    return Date.parse(finding.changedAt) >= sinceMs;
  };
}

/** As much of the question as a row of the index can answer with no. */
export function hintMatcher(filter: FindingFilter): (hint: Hint) => boolean {
  const letters = filter.status?.map((status) => statusLetters[status]);
  const digits = filter.severity?.map(severityDigit);
  const who = filter.principal?.toLowerCase();
  const since = filter.since === undefined ? undefined : countingDown(filter.since);
  const isThere = places(filter);
  return ({ id, key, about }) => {
    if (letters?.includes(key[0] ?? '') === false || digits?.includes(key[1] ?? '') === false) return false;
    if (since !== undefined && key.slice(2) > since) return false;
    if (filter.rule?.includes(ruleOfFinding(id) ?? '') === false) return false;
    if (who !== undefined && about.principal !== who && about.resource !== who) return false;
    return isThere(about.scope);
  };
}

/** By the text of the ids: the store does not know which subscriptions a management group holds. */
function places({ scope, subscription, resourceGroup }: FindingFilter): (at: string) => boolean {
  const area = scope === undefined ? undefined : resourceKey(scope);
  const subscriptions = subscription?.map(subscriptionKey);
  const groups = resourceGroup?.map(groupOf);
  return (at) => {
    if (area !== undefined && !isBelow(at, area)) return false;
    if (subscriptions !== undefined && !subscriptions.some((each) => isBelow(at, each))) return false;
    if (groups === undefined) return true;
    const [, own, name] = /^(\/subscriptions\/[^/]+)\/resourcegroups\/([^/]+)/.exec(at) ?? [];
    return groups.some((each) => each.name === name && (each.subscription === undefined || each.subscription === own));
  };
}

const isBelow = (scope: string, area: string): boolean => area === '/' || scope === area || scope.startsWith(`${area}/`);

export const subscriptionKey = (given: string): string => resourceKey(given.includes('/') ? given : `/subscriptions/${given}`);

/** `name` or `subscription-id/name`. */
export function groupOf(given: string): { readonly subscription?: string; readonly name: string } {
  const slash = given.lastIndexOf('/');
  const name = given.slice(slash + 1).toLowerCase();
  return slash < 0 ? { name } : { subscription: subscriptionKey(given.slice(0, slash)), name };
}

/** Azure compares tag names without case and tag values with it. */
export function parseTag(given: string): { readonly name: string; readonly value?: string } {
  const equals = given.indexOf('=');
  return equals < 0 ? { name: given.toLowerCase() } : { name: given.slice(0, equals).toLowerCase(), value: given.slice(equals + 1) };
}
