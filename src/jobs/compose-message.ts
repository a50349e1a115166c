import type { DigestEntry, Message } from '../messages/index.ts';
import { isAlertGrade, type Line, type NoticeEvent, type StoredDelivery } from '../outbox/index.ts';
import type { Store, WatchStore } from '../ports/index.ts';
import type { Severity } from '../rules/index.ts';
import { titleOf } from './incident-title.ts';
import { published } from './published-finding.ts';
import { publishedIncident } from './published-incident.ts';

type Reading = Pick<Store, 'finding'> & Pick<WatchStore, 'incident'>;

/** So many are worth naming; the others are counted. */
const entriesMax = 50;

/** What a delivery says, from the state as it is stored now. Undefined when what it is about is no longer in the store. */
export async function composeMessage(store: Reading, delivery: StoredDelivery): Promise<Message | undefined> {
  const [line, ...others] = delivery.lines;
  if (line === undefined) return undefined;
  // A card of its own says more than a digest of one.
  if (others.length === 0 && (delivery.because === 'alert' || isAlertGrade(line))) return aloneMessage(store, line);
  return {
    kind: 'digest',
    because: delivery.because === 'alert' ? 'digest' : delivery.because,
    entries: (await Promise.all(delivery.lines.slice(0, entriesMax).map((each) => entryOf(store, each)))).filter(
      (entry) => entry !== undefined,
    ),
    total: delivery.lines.length,
    byEvent: count<NoticeEvent>(delivery.lines.map(({ event }) => event)),
    bySeverity: count<Severity>(delivery.lines.map(({ severity }) => severity)),
    from: delivery.from,
    to: delivery.to,
  };
}

async function aloneMessage(store: Reading, { about, subjectId, revision, event }: Line): Promise<Message | undefined> {
  if (about === 'incident') {
    const incident = await store.incident(subjectId);
    return incident && { kind: 'incident', event, incident: publishedIncident(incident) };
  }
  const stored = await store.finding(subjectId);
  if (stored === undefined) return undefined;
  const entry = stored.history.find((each) => each.revision === revision) ?? stored.history.at(-1);
  return { kind: 'finding', event, finding: published(stored.finding), note: entry?.note ?? '' };
}

async function entryOf(store: Reading, { about, subjectId, event, severity, topic }: Line): Promise<DigestEntry | undefined> {
  const common = { about, id: subjectId, event, severity, topic };
  if (about === 'incident') {
    const incident = await store.incident(subjectId);
    return incident && { ...common, title: titleOf(incident), scope: incident.targets[0] ?? '' };
  }
  const stored = await store.finding(subjectId);
  return stored && { ...common, title: stored.finding.title, scope: stored.finding.scope };
}

function count<Word extends string>(words: readonly Word[]): Partial<Record<Word, number>> {
  const counts: Partial<Record<Word, number>> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
