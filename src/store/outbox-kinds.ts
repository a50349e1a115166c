import { z } from 'zod';
import { noticeEvents, worstFirst, type Line, type Notice, type StoredDelivery } from '../outbox/index.ts';
import { severities } from '../rules/index.ts';
import { rowKind } from './row-kind.ts';

const text = z.string();
const optional = z.exactOptional(text);
const count = z.number();
const version = 1;
const abouts = ['finding', 'incident'] as const;

const notice = z.object({
  id: text,
  about: z.enum(abouts),
  subjectId: text,
  revision: count,
  event: z.enum(noticeEvents),
  at: text,
  runId: text,
  severity: z.enum(severities),
  was: z.exactOptional(z.enum(severities)),
  topic: text,
  scopes: z.array(text),
  tags: z.record(text, text),
  old: z.exactOptional(z.literal(true)),
  silent: z.exactOptional(z.literal(true)),
}) satisfies z.ZodType<Notice>;

const packedDelivery = z.object({
  id: text,
  channel: text,
  state: z.enum(['planned', 'sending', 'sent', 'undeliverable']),
  because: z.enum(['alert', 'digest', 'quiet-hours', 'rate-cap']),
  lines: z.record(text, text),
  from: text,
  to: text,
  runIds: z.array(text),
  plannedAt: text,
  dueAt: text,
  attempts: count,
  unanswered: count,
  triedAt: optional,
  lastWhy: optional,
  pausedUntil: optional,
  sentAt: optional,
});

type PackedDelivery = z.infer<typeof packedDelivery>;

const packed = rowKind<PackedDelivery>({ name: 'delivery', version, schema: packedDelivery, migrations: {} });

/** What the outbox writes. Bump a version together with its migration. */
export const outboxKinds = {
  notice: rowKind<Notice>({ name: 'notice', version, schema: notice, migrations: {} }),
  delivery: {
    encode: (delivery: StoredDelivery) => packed.encode({ ...delivery, runIds: [...delivery.runIds], lines: packLines(delivery.lines) }),
    decode(row: Parameters<typeof packed.decode>[0]): StoredDelivery | undefined {
      const found = packed.decode(row);
      const lines = found && unpackLines(found.lines);
      return lines === undefined ? undefined : { ...found!, lines };
    },
  },
} as const;

/**
 * Ten thousand lines in one row, which takes half a million characters: by topic, each line is what of its id does not follow from it (16 digits), its
 * revision, a letter for the event and a digit for the severity: `1f2e3d4c5b6a79803a1`.
 */
function packLines(lines: readonly Line[]): Record<string, string> {
  const groups: Record<string, string[]> = {};
  for (const { about, subjectId, revision, event, severity, topic } of lines) {
    const prefix = `${prefixOf(about, topic)}-`;
    const digits = subjectId.startsWith(prefix) ? subjectId.slice(prefix.length) : '';
    const name = /^[0-9a-f]{16}$/.test(digits) ? digits : `${encodeURIComponent(subjectId)} `;
    (groups[`${about} ${topic}`] ??= []).push(`${name}${revision}${letters[noticeEvents.indexOf(event)]}${severities.indexOf(severity)}`);
  }
  return Object.fromEntries(Object.entries(groups).map(([group, members]) => [group, members.join(',')]));
}

const letters = 'abcdefghij';
const prefixOf = (about: Line['about'], topic: string): string => (about === 'incident' ? 'incident' : topic);
const member = /^(?:([0-9a-f]{16})|(\S+) )(\d+)([a-j])(\d)$/;

/** Undefined when one of them makes no sense: half a message is none. */
function unpackLines(groups: Readonly<Record<string, string>>): readonly Line[] | undefined {
  const lines: Line[] = [];
  for (const [group, members] of Object.entries(groups)) {
    const about = abouts.find((word) => group.startsWith(`${word} `));
    if (about === undefined) return undefined;
    const topic = group.slice(about.length + 1);
    for (const each of members.split(',')) {
      const [, digits, whole = '', revision, letter = '', severityAt] = member.exec(each) ?? [];
      const event = noticeEvents[letters.indexOf(letter)];
      const severity = severities[Number(severityAt)];
      if (letter === '' || event === undefined || severity === undefined) return undefined;
      const subjectId = digits === undefined ? decodeURIComponent(whole) : `${prefixOf(about, topic)}-${digits}`;
      lines.push({ about, subjectId, revision: Number(revision), event, severity, topic });
    }
  }
  return lines.sort(worstFirst);
}
