/** What one round of the notifier did: the published contract `mi-audit/notify/v1`. Fields are added, never renamed or removed. */
export interface NotifyReport {
  readonly schema: 'mi-audit/notify/v1';
  readonly at: string;
  readonly dryRun: boolean;
  readonly channels: readonly ChannelReport[];
  /** Changes that were dealt with in this round, and those of them that no channel wants. */
  readonly changes: number;
  readonly unrouted: number;
  /** When the next message is due; empty: none waits. */
  readonly nextDueAt: string;
  readonly notes: readonly string[];
  /** Messages that a function of the app could not handle, by queue; queues that could not be looked into; absent: nobody looked. */
  readonly poison?: readonly PoisonReport[];
}

export interface PoisonReport {
  readonly queue: string;
  readonly messages: number;
  readonly oldestAt: string;
  readonly trouble: string;
  /** What to do about it. */
  readonly advice: string;
}

export interface ChannelReport {
  readonly channel: string;
  /** False: the settings no longer name it, and what waits for it is not sent. */
  readonly configured: boolean;
  /** In a dry run: what would be sent now. */
  readonly sent: readonly MessageReport[];
  readonly waiting: readonly MessageReport[];
  /** Given up, and kept to be seen. */
  readonly undeliverable: readonly MessageReport[];
}

export interface MessageReport {
  /** Names the message to its reader; the same message sent twice has the same. */
  readonly reference: string;
  readonly kind: 'incident' | 'finding' | 'digest';
  readonly because: string;
  /** How many findings and incidents it tells of. */
  readonly changes: number;
  readonly subject: string;
  readonly dueAt: string;
  readonly attempts: number;
  /** Of them ended without an answer: it may have arrived. */
  readonly unanswered: number;
  readonly why: string;
}

/** One line for a log. */
export function summaryOf({ channels, changes, unrouted, nextDueAt }: NotifyReport): string {
  const count = (of: 'sent' | 'waiting' | 'undeliverable'): number => channels.reduce((all, channel) => all + channel[of].length, 0);
  const nobody = unrouted === 0 ? '' : `, ${unrouted} that no channel wants`;
  const next = nextDueAt === '' ? '' : `; next at ${nextDueAt}`;
  return `Notify: ${changes} changes${nobody}; ${count('sent')} messages sent, ${count('waiting')} waiting, ${count('undeliverable')} undeliverable${next}.`;
}
