import type { Channel, Notice, NoticeEvent, StoredDelivery } from '../../src/outbox/index.ts';

export const noon = '2026-11-20T12:00:00.000Z';
export const at = (minutes: number, from = noon): string => new Date(Date.parse(from) + minutes * 60_000).toISOString();

export const channel = (part: Partial<Channel> = {}): Channel => ({
  name: 'teams',
  kind: 'teams',
  recipients: [],
  purposes: ['alerts', 'digest'],
  filter: {},
  messagesPerHourMax: 20,
  ...part,
});

const hex = (text: string): string => Buffer.from(text.padEnd(8, '.').slice(0, 8)).toString('hex');
export const incidentId = (name: string): string => `incident-${hex(name)}`;
export const findingId = (name: string): string => `orphaned-assignment-${hex(name)}`;

function notice(about: Notice['about'], subjectId: string, event: NoticeEvent, part: Partial<Notice>): Notice {
  const revision = part.revision ?? 1;
  return {
    id: `${subjectId}.${revision}`,
    about,
    subjectId,
    revision,
    event,
    at: noon,
    runId: '20261120T120000Z',
    severity: 'high',
    topic: about === 'finding' ? 'orphaned-assignment' : 'role-removed',
    scopes: [],
    tags: {},
    ...part,
  };
}

export const incident = (name: string, event: NoticeEvent = 'opened', part: Partial<Notice> = {}): Notice =>
  notice('incident', incidentId(name), event, part);
export const finding = (name: string, event: NoticeEvent = 'opened', part: Partial<Notice> = {}): Notice =>
  notice('finding', findingId(name), event, part);

/** `alert incident a:opened` */
export const said = ({ because, lines }: Pick<StoredDelivery, 'because' | 'lines'>): string =>
  `${because} ${lines.map(({ subjectId, event }) => `${nameOf(subjectId)}:${event}`).join(' ')}`;
export const nameOf = (subjectId: string): string => Buffer.from(subjectId.slice(-16), 'hex').toString().replace(/\.+$/, '');
