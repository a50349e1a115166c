import type { Burst } from '../../src/denials/index.ts';
import { carryOn, type StoredIncident } from '../../src/incidents/index.ts';
import { notify } from '../../src/jobs/notify.ts';
import type { Renderers } from '../../src/jobs/send-delivery.ts';
import type { Message } from '../../src/messages/index.ts';
import { incidentNotices, type Channel, type Outcome } from '../../src/outbox/index.ts';
import type { Messenger, RecordTable } from '../../src/ports/index.ts';
import { openStore } from '../../src/store/index.ts';
import { blobRefused, burst } from '../build/denials.ts';
import { userAssigned } from '../build/estate.ts';

/** What a channel's people see. */
export interface Arrival {
  readonly channel: string;
  readonly reference: string;
  readonly attempt: number;
  readonly kind: Message['kind'];
  /** `incident-…:opened`, sorted. */
  readonly said: readonly string[];
}

const saidBy = (message: Message): readonly string[] => {
  switch (message.kind) {
    case 'incident':
      return [`${message.incident.id}:${message.event}`];
    case 'finding':
      return [`${message.finding.id}:${message.event}`];
    case 'digest':
      return message.entries.map(({ id, event }) => `${id}:${event}`).toSorted();
  }
};

export const plainRender: Renderers = {
  renderCard: (message, { reference, attempt }) => JSON.stringify({ reference, attempt, kind: message.kind, said: saidBy(message) }),
  renderMail: async (message, { reference, attempt }) => ({
    subject: message.kind,
    text: JSON.stringify({ reference, attempt, kind: message.kind, said: saidBy(message) }),
    html: '',
    headers: {},
    attachments: [],
  }),
};

/** `lost`: no answer, and it did not arrive. `arrived`: no answer, and it did. */
export type Weather = Outcome['kind'] | 'lost' | 'arrived';

/** Receivers that do as they are told, one word for each attempt; in fair weather at the end. */
export function receivers(weather: readonly Weather[] = []) {
  const arrivals: Arrival[] = [];
  const coming = [...weather];
  const attempts: { readonly reference: string; readonly weather: Weather }[] = [];
  const take = (channel: string, text: string, reference: string): Outcome => {
    const now = coming.shift() ?? 'delivered';
    attempts.push({ reference, weather: now });
    if (now === 'delivered' || now === 'arrived' || now === 'unknown')
      arrivals.push({ channel, ...(JSON.parse(text) as Omit<Arrival, 'channel'>) });
    if (now === 'delivered') return { kind: 'delivered' };
    if (now === 'refused') return { kind: 'refused', why: '400' };
    return now === 'later' ? { kind: 'later', why: '503' } : { kind: 'unknown', why: 'no answer' };
  };
  const messenger = ({ name }: Channel): Messenger => ({
    sendCard: async (payload, reference) => take(name, payload, reference),
    sendMail: async ({ text }, _recipients, reference) => take(name, text, reference),
  });
  return { arrivals, attempts, messenger };
}

const app = userAssigned('app');
/** A burst of that name, as the watch sees it. */
export const seen = (name: string, part: Partial<Burst> = {}) => ({
  burst: burst([blobRefused(app)], { id: `app|storage|${name}|1`, who: 'app', count: 20, ...part }),
});

export const clock = { nowMs: () => 0 };

/** One pass of the watch: what it has to tell is derived from what is stored. */
export async function pass(
  table: RecordTable,
  bursts: readonly ReturnType<typeof seen>[],
  now: string,
): Promise<readonly StoredIncident[]> {
  const store = openStore(table, clock);
  const run = await store.beginRun('watch', now, 'tenant');
  const before = await store.watchState();
  const after = carryOn(before.incidents, bursts, undefined, now);
  const notices = incidentNotices(before.incidents, after, { tagsOf: () => [], runId: run.id, now });
  await store.saveWatch({ ...before, incidents: new Map(after.map((one) => [one.id, one])) }, notices);
  await store.finishRun({ ...run, state: 'finished', finishedAt: now });
  return after;
}

export const tell = (
  table: RecordTable,
  now: string,
  channels: readonly Channel[],
  { messenger }: Pick<ReturnType<typeof receivers>, 'messenger'>,
  part: { readonly dryRun?: boolean; readonly again?: boolean; readonly render?: Renderers } = {},
) =>
  notify({
    store: openStore(table, clock),
    channels,
    messenger,
    render: plainRender,
    portalUrl: 'https://portal.example.com',
    now: () => now,
    holder: 'test',
    dryRun: false,
    progress: () => {},
    ...part,
  });
