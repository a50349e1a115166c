import type { Notice } from './notice.ts';
import { rankOf } from './routing.ts';
import type { Line, StoredDelivery } from './stored-delivery.ts';

/** A message that waits, while a plan is made: its lines may come and go. */
export interface Item {
  readonly id: string;
  readonly because: StoredDelivery['because'];
  /** By subject. */
  readonly lines: Map<string, Line>;
  from: string;
  to: string;
  runIds: readonly string[];
  dueAt: string;
  /** As it is stored; absent: new. */
  readonly stored?: StoredDelivery;
}

const runIdsMax = 20;

export const emptyItem = (id: string, because: Item['because'], dueAt: string): Item => ({
  id,
  because,
  lines: new Map(),
  from: '',
  to: '',
  runIds: [],
  dueAt,
});

export function addLine(item: Item, { about, subjectId, revision, event, severity, topic, at, runId }: Notice): void {
  item.lines.set(subjectId, { about, subjectId, revision, event, severity, topic });
  widen(item, { from: at, to: at, runIds: [runId] });
}

/** Moves the lines that `which` names. */
export function joinInto(into: Item, item: Item, which: (line: Line) => boolean): void {
  for (const [subjectId, line] of item.lines) {
    if (!which(line)) continue;
    into.lines.set(subjectId, line);
    item.lines.delete(subjectId);
    widen(into, item);
  }
}

function widen(item: Item, { from, to, runIds }: Pick<Item, 'from' | 'to' | 'runIds'>): void {
  if (from !== '' && (item.from === '' || Date.parse(from) < Date.parse(item.from))) item.from = from;
  if (to !== '' && (item.to === '' || Date.parse(to) > Date.parse(item.to))) item.to = to;
  if (runIds.some((id) => !item.runIds.includes(id))) item.runIds = [...new Set([...item.runIds, ...runIds])].slice(-runIdsMax);
}

/** What is to be written of it; undefined: it stands as it is. */
export function storedForm(item: Item, channel: string, now: string): StoredDelivery | undefined {
  const { id, because, from, to, runIds, dueAt, stored } = item;
  const lines = [...item.lines.values()].toSorted(worstFirst);
  if (stored === undefined)
    return { id, channel, state: 'planned', because, lines, from, to, runIds, plannedAt: now, dueAt, attempts: 0, unanswered: 0 };
  const isSame =
    dueAt === stored.dueAt && lines.length === stored.lines.length && lines.every((line, at) => isEqual(line, stored.lines[at]!));
  return isSame ? undefined : { ...stored, lines, from, to, runIds, dueAt };
}

const isEqual = (a: Line, b: Line): boolean => a.subjectId === b.subjectId && a.revision === b.revision;

/** Incidents before findings of the same severity: they hurt now. */
export const worstFirst = (a: Line, b: Line): number =>
  rankOf(a.severity) - rankOf(b.severity) ||
  Number(a.about === 'finding') - Number(b.about === 'finding') ||
  (a.subjectId < b.subjectId ? -1 : 1);
