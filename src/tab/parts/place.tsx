import { useQuery } from '@tanstack/react-query';
import type { SubscriptionList } from '../../api/contract/index.ts';
import { useAccess } from '../api/use-api.ts';
import { placeOf, type SubscriptionNames } from './arm.ts';

const none: SubscriptionNames = new Map();

/** What people call the subscriptions. Asked once; until it is here, and for what has no name, places go by their ids. */
export function useSubscriptionNames(): SubscriptionNames {
  const { api } = useAccess();
  const { data } = useQuery({
    queryKey: ['/api/subscriptions'],
    queryFn: ({ signal }) => api.get<SubscriptionList>('/api/subscriptions', signal),
    staleTime: Number.POSITIVE_INFINITY,
    select: namesOf,
  });
  return data ?? none;
}

const namesOf = ({ items }: SubscriptionList): SubscriptionNames => new Map(items.map(({ id, name }) => [id, name]));

/** A place in words; the id is its title. */
export function Place({ id }: { readonly id: string }) {
  const names = useSubscriptionNames();
  return <span title={id}>{placeOf(id, names)}</span>;
}

/** A place in words, and the id under it for whoever has to type it. */
export const PlaceAndId = ({ id }: { readonly id: string }) => (
  <>
    <Place id={id} />
    <br />
    <code className="id">{id}</code>
  </>
);
