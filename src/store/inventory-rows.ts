import { createHash } from 'node:crypto';
import { z } from 'zod';
import { resourceKey } from '../estate/index.ts';
import type { IdentitySheet } from '../inventory/index.ts';
import type { IdentityQuery, InventorySighting, Page, RecordTable, Row, Write } from '../ports/index.ts';
import { severities, type Severity } from '../rules/index.ts';
import { changeBuckets } from './bucket.ts';
import { cursorAfter, readCursor } from './cursor.ts';
import { pageLimit } from './find-page.ts';
import { keyText } from './keys.ts';
import type { OddRows } from './odd-rows.ts';
import { rowKind } from './row-kind.ts';
import { sheetKind } from './sheet-kind.ts';

/**
 * One row for each identity, found by its principal id, and next to them a list in at most 256 rows: what a search and an order need, and a digest that tells
 * whether the sheet must be written again. When an unchanged identity was seen stands in one row for all of them.
 */
const listPartition = 'inventory.list';
const seenPartition = 'inventory.seen';
const sheetPartition = (principalId: string): string => `inventory.${sha256(principalId.toLowerCase()).slice(0, 2)}`;

const listed = z.object({
  digest: z.string(),
  name: z.string(),
  clientId: z.string(),
  resourceId: z.string(),
  worst: z.exactOptional(z.enum(severities)),
  /** Last seen then: a later audit could not look there. */
  seenAt: z.exactOptional(z.string()),
});
type Listed = z.infer<typeof listed>;
const listKind = rowKind<Record<string, Listed>>({
  name: 'list of identities',
  version: 1,
  schema: z.record(z.string(), listed),
  migrations: {},
});
const seenKind = rowKind({ name: 'sighting of identities', version: 1, schema: z.object({ at: z.string() }), migrations: {} });

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const writesAtOnce = 1_000;

/** Sheets, then what was removed, then the list, then the instant: a run that dies in between is made good by the next, which finds the old digests. */
export async function saveInventory(table: RecordTable, odd: OddRows, { at, sheets, hidden }: InventorySighting): Promise<void> {
  const known = await readList(table, odd);
  const before = await seenAt(table, odd);
  const changes = new Map<string, Listed | undefined>();
  const present = new Set<string>();
  let writes: Write[] = [];
  for await (const whole of sheets) {
    const sheet = fitting({ ...whole, seenAt: '' });
    const values = sheetKind.encode(sheet);
    const digest = sha256(String(values['body'])).slice(0, 16);
    const entry = known.get(sheet.principalId);
    present.add(sheet.principalId);
    if (entry?.digest !== digest)
      writes.push({ kind: 'put', row: { partition: sheetPartition(sheet.principalId), row: keyText(sheet.principalId), values } });
    if (entry?.digest !== digest || entry.seenAt !== undefined) changes.set(sheet.principalId, listedOf(sheet, digest));
    if (writes.length >= writesAtOnce) {
      await table.write(writes);
      writes = [];
    }
  }
  for (const [principalId, entry] of known) {
    if (present.has(principalId)) continue;
    if (hidden({ principalId, resourceId: entry.resourceId })) {
      if (entry.seenAt === undefined) changes.set(principalId, { ...entry, seenAt: before });
    } else {
      changes.set(principalId, undefined);
      writes.push({ kind: 'delete', partition: sheetPartition(principalId), row: keyText(principalId) });
    }
  }
  await table.write(writes);
  await changeBuckets(table, listPartition, listKind, changes);
  await table.write([{ kind: 'put', row: { partition: seenPartition, row: 'seen', values: seenKind.encode({ at }) } }]);
}

function listedOf({ name, clientId, resourceId, holdings }: IdentitySheet, digest: string): Listed {
  const worst = holdings.reduce<number>(
    (rank, { severity }) => Math.min(rank, severity === undefined ? rank : severities.indexOf(severity)),
    severities.length,
  );
  const severity: Severity | undefined = severities[worst];
  return { digest, name, clientId, resourceId, ...(severity !== undefined && { worst: severity }) };
}

/** Half of what a row of Azure holds, two bytes a sign. */
const sheetCharsMax = 400_000;

function fitting(sheet: IdentitySheet): IdentitySheet {
  if (sheet.holdings.length === 0 || JSON.stringify(sheet).length <= sheetCharsMax) return sheet;
  const kept = sheet.holdings.slice(0, Math.floor(sheet.holdings.length / 2));
  const more = (sheet.more?.holdings ?? 0) + sheet.holdings.length - kept.length;
  return fitting({ ...sheet, holdings: kept, more: { ...sheet.more, holdings: more } });
}

async function readList(table: RecordTable, odd: OddRows): Promise<ReadonlyMap<string, Listed>> {
  const all = new Map<string, Listed>();
  for await (const row of table.list({ partition: listPartition }))
    for (const [id, entry] of Object.entries(odd.read(listKind, row) ?? {})) all.set(id, entry);
  return all;
}

async function seenAt(table: RecordTable, odd: OddRows): Promise<string> {
  const row = await table.get(seenPartition, 'seen');
  return (row && odd.read(seenKind, row)?.at) ?? '';
}

/** The list is read whole (two or three calls for 20,000 identities), the sheets of the page by their keys. */
export async function inventoryPage(table: RecordTable, odd: OddRows, query: IdentityQuery): Promise<Page<IdentitySheet>> {
  const { filter, sort = 'name' } = query;
  const limit = pageLimit(query.limit);
  const callsBefore = table.calls();
  const question = { identities: filter, sort };
  const after = readCursor(question, query.cursor) ?? '';
  const isWanted = wantedBy(filter);
  const found = [...(await readList(table, odd))]
    .filter(([id, entry]) => isWanted(id, entry))
    .map(([id, entry]) => ({ id, entry, place: placeOf(id, entry, sort) }))
    .filter(({ place }) => place > after)
    .toSorted((a, b) => (a.place < b.place ? -1 : 1));
  const page = found.slice(0, limit);
  const items = await sheetsOf(table, odd, page);
  const last = found.length > limit ? page.at(-1) : undefined;
  return { items, ...(last !== undefined && { cursor: cursorAfter(question, last.place) }), roundTrips: table.calls() - callsBefore };
}

const nameCharsInOrder = 80;

function placeOf(id: string, { name, worst }: Listed, sort: NonNullable<IdentityQuery['sort']>): string {
  const byName = `${keyText(name.slice(0, nameCharsInOrder).toLowerCase())}.${keyText(id)}`;
  return sort === 'name' ? byName : `${worst === undefined ? 9 : severities.indexOf(worst)}${byName}`;
}

function wantedBy({ search, scope, severity }: IdentityQuery['filter']): (id: string, entry: Listed) => boolean {
  const head = search?.trim().toLowerCase() ?? '';
  const area = scope === undefined ? undefined : resourceKey(scope);
  const worst = severity === undefined ? undefined : severities.indexOf(severity);
  return (id, { name, clientId, resourceId, worst: own }) => {
    if (worst !== undefined && (own === undefined || severities.indexOf(own) > worst)) return false;
    const at = resourceKey(resourceId);
    if (area !== undefined && area !== '/' && at !== area && !at.startsWith(`${area}/`)) return false;
    if (head === '') return true;
    const words = [name.toLowerCase(), ...name.toLowerCase().split(/[^\p{L}\p{N}]+/u), id, clientId, at, at.slice(at.lastIndexOf('/') + 1)];
    return words.some((word) => word.startsWith(head));
  };
}

/** By object id with one read; by client id, ARM id or name by way of the list. */
export async function identitySheets(table: RecordTable, odd: OddRows, whoever: string): Promise<readonly IdentitySheet[]> {
  const wanted = whoever.trim().toLowerCase();
  if (wanted === '') return [];
  const all = await readList(table, odd);
  const direct = all.get(wanted);
  if (direct !== undefined) return sheetsOf(table, odd, [{ id: wanted, entry: direct }]);
  const key = wanted.startsWith('/') ? resourceKey(wanted) : undefined;
  const found = [...all].filter(
    ([, { name, clientId, resourceId }]) =>
      name.toLowerCase() === wanted || clientId === wanted || (key !== undefined && resourceKey(resourceId) === key),
  );
  return sheetsOf(
    table,
    odd,
    found.slice(0, sameNameMax).map(([id, entry]) => ({ id, entry })),
  );
}

const sameNameMax = 200;

async function sheetsOf(
  table: RecordTable,
  odd: OddRows,
  wanted: readonly { readonly id: string; readonly entry: Listed }[],
): Promise<readonly IdentitySheet[]> {
  if (wanted.length === 0) return [];
  const latest = await seenAt(table, odd);
  const rows = await table.getMany(wanted.map(({ id }) => ({ partition: sheetPartition(id), row: keyText(id) })));
  return rows.flatMap((row: Row | undefined, at) => {
    const sheet = row && odd.read(sheetKind, row);
    return sheet === undefined ? [] : [{ ...sheet, seenAt: wanted[at]?.entry.seenAt ?? latest }];
  });
}
