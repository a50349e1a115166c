import type { Message } from '../messages/index.ts';
import { isAlertGrade, isOpen, type Channel, type Notice, type StoredDelivery } from '../outbox/index.ts';
import type { Outbox, Store, WatchStore } from '../ports/index.ts';
import { referenceOf, type Surroundings } from './message-context.ts';
import type { ChannelReport, MessageReport, NotifyReport } from './notify-report.ts';
import { composeMessage } from './compose-message.ts';
import { titleOf } from './incident-title.ts';
import { renderDelivery, type Renderers } from './send-delivery.ts';

interface ReportRequest {
  readonly store: Store & WatchStore & Outbox;
  readonly channels: readonly Channel[];
  readonly render: Renderers;
  readonly surroundings: Surroundings;
  readonly notices: readonly Notice[];
  readonly unrouted: number;
  readonly sent: readonly StoredDelivery[];
  /** All deliveries as they are now stored. */
  readonly after: readonly StoredDelivery[];
  readonly dryRun: boolean;
  readonly now: string;
}

const listMax = 100;

export async function notifyReport(request: ReportRequest): Promise<NotifyReport> {
  const { store, channels, sent, after, notices, unrouted, dryRun, now } = request;
  const gone = new Set(sent);
  const waiting = after.filter((delivery) => isOpen(delivery) && !gone.has(delivery));
  const names = [
    ...new Set([...channels.map(({ name }) => name), ...after.filter(({ state }) => state !== 'sent').map(({ channel }) => channel)]),
  ];
  const known = new Set(channels.map(({ name }) => name));
  const silence = new Map<string, string>();
  for (const { channel, pausedUntil } of waiting)
    if (pausedUntil !== undefined) silence.set(channel, later(pausedUntil, silence.get(channel)));
  const due = waiting.filter(({ channel }) => known.has(channel)).map(({ channel, dueAt }) => later(dueAt, silence.get(channel)));
  const told = await Promise.all(
    names.map(async (name): Promise<ChannelReport> => {
      const channel = channels.find((each) => each.name === name);
      const of = (list: readonly StoredDelivery[]) => list.filter((delivery) => delivery.channel === name).slice(0, listMax);
      return {
        channel: name,
        configured: channel !== undefined,
        sent: await Promise.all(of(sent).map((delivery) => withSubject(request, channel, delivery))),
        waiting: of(waiting).map((delivery) => reported(delivery, '')),
        undeliverable: of(after.filter(({ state }) => state === 'undeliverable')).map((delivery) => reported(delivery, '')),
      };
    }),
  );
  return {
    schema: 'mi-audit/notify/v1',
    at: now,
    dryRun,
    channels: told,
    changes: notices.filter(({ silent }) => silent !== true).length,
    unrouted,
    nextDueAt: due.toSorted()[0] ?? '',
    notes: store.notes(),
  };
}

const later = (a: string, b: string | undefined): string => (b !== undefined && Date.parse(b) > Date.parse(a) ? b : a);

/** A rehearsal writes each message in full, so that trouble with it shows before anybody waits for it. */
async function withSubject(request: ReportRequest, channel: Channel | undefined, delivery: StoredDelivery): Promise<MessageReport> {
  if (request.dryRun && channel !== undefined) {
    const rendered = await renderDelivery(delivery, channel, request);
    return reported(delivery, rendered.kind === 'nothing' ? rendered.why : subjectOf(rendered.message));
  }
  const message = await composeMessage(request.store, delivery);
  return reported(delivery, message === undefined ? '' : subjectOf(message));
}

function subjectOf(message: Message): string {
  switch (message.kind) {
    case 'incident':
      return `${message.event}: ${titleOf(message.incident)}`;
    case 'finding':
      return `${message.event}: ${message.finding.title}`;
    case 'digest':
      return '';
  }
}

function reported(delivery: StoredDelivery, subject: string): MessageReport {
  const { lines, because, dueAt, attempts, unanswered, lastWhy = '' } = delivery;
  const [line, ...others] = lines;
  const alone = line !== undefined && others.length === 0 && (because === 'alert' || isAlertGrade(line));
  return {
    reference: referenceOf(delivery),
    kind: alone ? line.about : 'digest',
    because,
    changes: lines.length,
    subject,
    dueAt,
    attempts,
    unanswered,
    why: lastWhy,
  };
}
