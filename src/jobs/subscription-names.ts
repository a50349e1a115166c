import { subscriptionOf, type Estate } from '../estate/index.ts';

/** Display names of subscriptions by lower-case GUID: what people call the places that findings name by id. */
export function subscriptionNames({ containers }: Pick<Estate, 'containers'>): Readonly<Record<string, string>> {
  const named = containers.filter(({ kind, name }) => kind === 'subscription' && name !== '');
  return Object.fromEntries(named.map(({ key, name }) => [subscriptionOf(key)?.slice('/subscriptions/'.length) ?? key, name]));
}
