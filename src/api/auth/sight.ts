import { resourceKey, subscriptionOf } from '../../estate/index.ts';
import type { ApiSettings } from '../dependencies.ts';
import type { Caller } from './caller.ts';

/** Which part of the tenant a caller may see. */
export type Sight = { readonly kind: 'everything' } | { readonly kind: 'subscriptions'; readonly ids: readonly string[] };

export const everything: Sight = { kind: 'everything' };

/** Every group, app role and object id that the setting names adds what stands behind it; a caller that it does not name sees nothing. */
export function sightOf(caller: Caller, { subscriptionsByGroup }: Pick<ApiSettings, 'subscriptionsByGroup'>): Sight {
  if (subscriptionsByGroup === undefined) return everything;
  const named = Object.entries(subscriptionsByGroup)
    .filter(([by]) => caller.goesBy.includes(by.toLowerCase()))
    .flatMap(([, ids]) => ids);
  if (named.includes('*')) return everything;
  return { kind: 'subscriptions', ids: [...new Set(named.map((id) => id.toLowerCase()))].toSorted() };
}

/** What lies above subscriptions (the tenant, management groups) is only for those who see everything. */
export function sees(sight: Sight, armId: string): boolean {
  if (sight.kind === 'everything') return true;
  const key = armId.startsWith('/') ? subscriptionOf(resourceKey(armId)) : undefined;
  return key !== undefined && sight.ids.includes(key.slice('/subscriptions/'.length));
}
