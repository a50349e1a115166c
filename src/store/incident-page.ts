import type { StoredIncident } from '../incidents/index.ts';
import type { IncidentQuery, Page, RecordTable } from '../ports/index.ts';
import { cursorAfter, readCursor } from './cursor.ts';
import { pageLimit } from './find-page.ts';
import { countingDown, severityDigit } from './finding-index.ts';
import { keyText } from './keys.ts';
import type { OddRows } from './odd-rows.ts';
import { queryIncidents } from './watch-rows.ts';

/** Incidents are a few thousand at most: they are read whole, and put in order here. */
export async function incidentPage(table: RecordTable, odd: OddRows, query: IncidentQuery): Promise<Page<StoredIncident>> {
  const { filter, sort = 'changed' } = query;
  const limit = pageLimit(query.limit);
  const callsBefore = table.calls();
  const question = { incidents: filter, sort };
  const after = readCursor(question, query.cursor) ?? '';
  const found: { readonly incident: StoredIncident; readonly place: string }[] = [];
  for await (const incident of queryIncidents(table, odd, filter)) {
    const place = placeOf(incident, sort);
    if (place > after) found.push({ incident, place });
  }
  const page = found.toSorted((a, b) => (a.place < b.place ? -1 : 1)).slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map(({ incident }) => incident),
    ...(last !== undefined && { cursor: cursorAfter(question, last.place) }),
    roundTrips: table.calls() - callsBefore,
  };
}

const placeOf = ({ id, severity, lastDenialAt }: StoredIncident, sort: NonNullable<IncidentQuery['sort']>): string =>
  `${sort === 'severity' ? severityDigit(severity) : ''}${countingDown(lastDenialAt)}.${keyText(id)}`;
