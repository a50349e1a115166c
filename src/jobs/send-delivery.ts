import type { Mail, Message, MessageContext } from '../messages/index.ts';
import { begun, settled, type Channel, type Outcome, type StoredDelivery } from '../outbox/index.ts';
import type { Messenger, Outbox, Store, WatchStore } from '../ports/index.ts';
import { inDelivery, type Attempted } from '../telemetry/index.ts';
import { composeMessage } from './compose-message.ts';
import { contextOf, type Surroundings } from './message-context.ts';

/** How a message becomes what a receiver takes. */
export interface Renderers {
  readonly renderCard: (message: Message, context: MessageContext) => string;
  readonly renderMail: (message: Message, context: MessageContext) => Promise<Mail>;
}

export interface Sending {
  readonly store: Pick<Store, 'finding'> & Pick<WatchStore, 'incident'> & Pick<Outbox, 'saveDelivery'>;
  readonly render: Renderers;
  readonly surroundings: Surroundings;
  readonly now: () => string;
  /** Throws when somebody else may be sending. */
  readonly stillOurs: () => Promise<void>;
}

/** A message as it goes out, or why there is none. */
export type Rendered =
  | { readonly kind: 'card'; readonly payload: string; readonly message: Message }
  | { readonly kind: 'mail'; readonly mail: Mail; readonly message: Message }
  | { readonly kind: 'nothing'; readonly why: string };

/** Nothing leaves the house before the store says that it is being sent: whoever finds that word later knows that a second attempt may be a repeat. */
export function sendDelivery(delivery: StoredDelivery, channel: Channel, messenger: Messenger, sending: Sending): Promise<StoredDelivery> {
  return inDelivery(channel, attempted, () => attempt(delivery, channel, messenger, sending));
}

function attempted({ state, lastWhy: why = '' }: StoredDelivery): Attempted {
  if (state === 'sent') return { outcome: 'sent', why };
  return { outcome: state === 'undeliverable' ? 'given_up' : 'failed', why };
}

async function attempt(
  delivery: StoredDelivery,
  channel: Channel,
  messenger: Messenger,
  { store, render, surroundings, now, stillOurs }: Sending,
): Promise<StoredDelivery> {
  const rendered = await renderDelivery(delivery, channel, { store, render, surroundings });
  await stillOurs();
  if (rendered.kind === 'nothing') return keep(store, settled(delivery, { kind: 'refused', why: rendered.why }, now()));
  const underWay = await keep(store, begun(delivery, now()));
  const outcome = await deliver(rendered, channel, messenger, contextOf(delivery, surroundings).reference);
  await stillOurs();
  return keep(store, settled(underWay, outcome, now()));
}

export async function renderDelivery(
  delivery: StoredDelivery,
  { kind }: Channel,
  { store, render, surroundings }: Pick<Sending, 'store' | 'render' | 'surroundings'>,
): Promise<Rendered> {
  const message = await composeMessage(store, delivery);
  if (message === undefined) return { kind: 'nothing', why: 'What it is about is no longer in the store.' };
  const context = contextOf(delivery, surroundings);
  try {
    if (kind === 'teams') return { kind: 'card', payload: render.renderCard(message, context), message };
    return { kind: 'mail', mail: await render.renderMail(message, context), message };
  } catch (error) {
    // One message that cannot be written must not keep the others.
    return { kind: 'nothing', why: `It could not be written: ${error instanceof Error ? error.message : 'unknown error'}` };
  }
}

async function deliver(
  rendered: Exclude<Rendered, { readonly kind: 'nothing' }>,
  { recipients }: Channel,
  messenger: Messenger,
  reference: string,
): Promise<Outcome> {
  try {
    return rendered.kind === 'card'
      ? await messenger.sendCard(rendered.payload, reference)
      : await messenger.sendMail(rendered.mail, recipients, reference);
  } catch (error) {
    // Its words are not repeated: they may hold the address, which is a secret.
    return { kind: 'unknown', why: `the messenger failed (${error instanceof Error ? error.name : 'unknown error'})` };
  }
}

async function keep(store: Pick<Outbox, 'saveDelivery'>, delivery: StoredDelivery): Promise<StoredDelivery> {
  await store.saveDelivery(delivery);
  return delivery;
}
