import type { Denial, SeriesState, TokenUse } from '../denials/index.ts';
import type { StoredIncident } from '../incidents/index.ts';
import type { Notice } from '../outbox/index.ts';
import type { IncidentFilter, Place, RecordTable, WatchState } from '../ports/index.ts';
import { readBuckets, replaceBuckets } from './bucket.ts';
import { cursorPartition, denialPartition, incidentPartition, keyText, placePartition, seriesPartition, tokenPartition } from './keys.ts';
import type { OddRows } from './odd-rows.ts';
import { putNotice } from './outbox-rows.ts';
import { recordIncidents } from './trend.ts';
import { watchKinds } from './watch-kinds.ts';

export async function readWatch(table: RecordTable, odd: OddRows): Promise<WatchState> {
  const row = await table.get(cursorPartition, 'cursor');
  const cursor = row && odd.read(watchKinds.cursor, row);
  const incidents = new Map<string, StoredIncident>();
  for await (const incident of queryIncidents(table, odd, {})) incidents.set(incident.id, incident);
  return {
    cursor: cursor?.cursor,
    places: await readBuckets<Place>(table, odd, placePartition, watchKinds.places),
    ledger: {
      watchedSince: cursor?.watchedSince ?? 0,
      entries: await readBuckets<Denial>(table, odd, denialPartition, watchKinds.denials),
      states: await readBuckets<SeriesState>(table, odd, seriesPartition, watchKinds.series),
    },
    incidents,
    people: new Set(cursor?.people),
    tokens: await readBuckets<TokenUse>(table, odd, tokenPartition, watchKinds.tokens),
    explained: new Set(cursor?.explained),
  };
}

/** What is to be told of them first, then incidents, the cursor last: a pass that dies in between is read again, and a reading sets its bins. */
export async function writeWatch(
  table: RecordTable,
  odd: OddRows,
  { cursor, places, ledger, incidents, people, tokens, explained }: WatchState,
  notices: readonly Notice[] = [],
): Promise<void> {
  await table.write(notices.map(putNotice));
  const known = new Map<string, string>();
  for await (const incident of queryIncidents(table, odd, {})) known.set(incident.id, JSON.stringify(incident));
  const changed = [...incidents.values()].filter((incident) => known.get(incident.id) !== JSON.stringify(incident));
  await recordIncidents(table, changed);
  await table.write(
    changed.map((incident) => ({
      kind: 'put',
      row: { partition: incidentPartition, row: keyText(incident.id), values: watchKinds.incident.encode(incident) },
    })),
  );
  await replaceBuckets(table, seriesPartition, watchKinds.series, ledger.states);
  await replaceBuckets(table, denialPartition, watchKinds.denials, ledger.entries);
  await replaceBuckets(table, tokenPartition, watchKinds.tokens, tokens);
  await replaceBuckets(table, placePartition, watchKinds.places, places);
  if (cursor === undefined) return;
  const values = watchKinds.cursor.encode({
    cursor,
    watchedSince: ledger.watchedSince,
    people: [...people].slice(-peopleMax),
    explained: [...explained].slice(-peopleMax),
  });
  await table.write([{ kind: 'put', row: { partition: cursorPartition, row: 'cursor', values } }]);
}

/** Newest last; whoever drops out is looked up again. */
const peopleMax = 1_000;

export async function* queryIncidents(table: RecordTable, odd: OddRows, filter: IncidentFilter): AsyncIterable<StoredIncident> {
  const who = filter.principal?.toLowerCase();
  for await (const row of table.list({ partition: incidentPartition })) {
    const incident = odd.read(watchKinds.incident, row);
    if (incident === undefined) continue;
    if (filter.status !== undefined && !filter.status.includes(incident.status)) continue;
    if (filter.severity !== undefined && !filter.severity.includes(incident.severity)) continue;
    if (filter.cause !== undefined && !incident.causes.some((cause) => filter.cause!.includes(cause.id))) continue;
    if (
      who !== undefined &&
      ![incident.principal.id, incident.principal.resourceId, incident.principal.clientId].some((id) => id.toLowerCase() === who)
    )
      continue;
    if (filter.since !== undefined && Date.parse(incident.lastDenialAt) < Date.parse(filter.since)) continue;
    yield incident;
  }
}

export async function readIncident(table: RecordTable, odd: OddRows, id: string): Promise<StoredIncident | undefined> {
  const row = await table.get(incidentPartition, keyText(id));
  return row && odd.read(watchKinds.incident, row);
}
