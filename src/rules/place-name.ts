import { resourceKey, type Estate } from '../estate/index.ts';
import { indexOf } from './estate-index.ts';
import { scopeName } from './scope-name.ts';

/**
 * A scope in words, under the name that people know it by: `subscription contoso-prod`, `management group Online`. Nobody knows a subscription by
 * its id; where the name could not be read, the id has to do. The full id stands in the finding's scope.
 */
export function placeName({ estate }: { readonly estate: Estate }, scopeId: string): string {
  let names = known.get(estate);
  if (names === undefined) known.set(estate, (names = new Map()));
  let name = names.get(scopeId);
  if (name === undefined) names.set(scopeId, (name = nameIn(estate, scopeId)));
  return name;
}

/** A finding names its place five times over, and most findings lie at the same few. */
const known = new WeakMap<Estate, Map<string, string>>();

function nameIn(estate: Estate, scopeId: string): string {
  const container = indexOf(estate).containerByKey.get(resourceKey(scopeId));
  if (container === undefined || container.name === '') return scopeName(scopeId);
  if (container.kind === 'subscription') return `subscription ${container.name}`;
  return container.kind === 'managementGroup' ? `management group ${container.name}` : scopeName(scopeId);
}
