import { sees } from '../auth/sight.ts';
import { SubscriptionList } from '../contract/index.ts';
import { json } from '../http/answer.ts';
import { route } from '../http/route.ts';

/** Answers name places by id, which no renaming breaks; this says what people call them. */
export const listSubscriptions = route({
  method: 'GET',
  path: '/api/subscriptions',
  summary: 'Names of the subscriptions that other answers name by id',
  needs: ['Findings.Read'],
  answers: { 200: { about: 'Ids and names.', json: SubscriptionList } },
  async handle({ sight, api }) {
    const names = await (await api.store()).subscriptionNames();
    const items = Object.entries(names)
      .filter(([id]) => sees(sight, `/subscriptions/${id}`))
      .map(([id, name]) => ({ id, name }));
    return json({ items: items.toSorted((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name))) });
  },
});
