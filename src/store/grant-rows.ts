import { z } from 'zod';
import type { GrantState, Place, RecordTable } from '../ports/index.ts';
import { grantKey, type MadeGrant, type RemovedGrant } from '../rules/index.ts';
import { readBuckets, replaceBuckets } from './bucket.ts';
import { callerPartition, cursorPartition, grantPartition, grantPlacePartition, removalPartition } from './keys.ts';
import type { OddRows } from './odd-rows.ts';
import { rowKind } from './row-kind.ts';
import { watchKinds } from './watch-kinds.ts';

const text = z.string();
const version = 1;

const grant = z.object({
  kind: z.enum(['assignment', 'elevation', 'federated-credential']),
  id: text,
  firstId: text,
  at: text,
  caller: text,
  callerObjectId: text,
  callerAppId: text,
  callerAddress: text,
  correlationId: text,
  principalId: text,
  roleId: text,
  scopeId: text,
  condition: text.optional(),
  seenAt: text.optional(),
  reported: z.boolean().optional(),
  quiet: z.boolean().optional(),
}) satisfies z.ZodType<MadeGrant>;

const removal = z.object({
  id: text,
  at: text,
  principalId: text,
  roleId: text,
  scopeId: text,
  followed: grant.optional(),
}) satisfies z.ZodType<RemovedGrant>;

/** What the watch remembers about grants. The audit reads the first and the last with everything else it must know. */
export const grantKinds = {
  grants: rowKind<Record<string, MadeGrant>>({ name: 'bucket of grants', version, schema: z.record(text, grant), migrations: {} }),
  removals: rowKind<Record<string, RemovedGrant>>({ name: 'bucket of removals', version, schema: z.record(text, removal), migrations: {} }),
  callers: rowKind<Record<string, string>>({ name: 'bucket of callers', version, schema: z.record(text, text), migrations: {} }),
  /** Absent in the store of a version that kept one cursor for both: the first look back tells nothing twice. */
  cursor: rowKind({ name: 'cursor of grants', version, schema: z.object({ until: text }), migrations: {} }),
  above: rowKind({ name: 'cursor of management groups', version, schema: z.object({ until: text }), migrations: {} }),
} as const;

export async function readGrants(table: RecordTable, odd: OddRows): Promise<GrantState> {
  const cursor = await table.get(cursorPartition, 'grants');
  const above = await table.get(cursorPartition, 'above');
  return {
    cursor: cursor && odd.read(grantKinds.cursor, cursor)?.until,
    places: await readBuckets<Place>(table, odd, grantPlacePartition, watchKinds.places),
    memory: {
      grants: [...(await readBuckets<MadeGrant>(table, odd, grantPartition, grantKinds.grants)).values()],
      removals: [...(await readBuckets<RemovedGrant>(table, odd, removalPartition, grantKinds.removals)).values()],
      callers: await readBuckets<string>(table, odd, callerPartition, grantKinds.callers),
      readAboveUntil: above && odd.read(grantKinds.above, above)?.until,
    },
  };
}

/** The cursors last: a pass that dies in between is read again, and a change that was taken is known by its id. */
export async function writeGrants(table: RecordTable, { cursor, places, memory }: GrantState): Promise<void> {
  const { grants, removals, callers, readAboveUntil } = memory;
  const removalRows = removals.map((one) => [`${one.id.toLowerCase()}|${one.at}`, one] as const);
  await replaceBuckets(table, callerPartition, grantKinds.callers, callers);
  await replaceBuckets(table, removalPartition, grantKinds.removals, new Map(removalRows));
  await replaceBuckets(table, grantPartition, grantKinds.grants, new Map(grants.map((one) => [grantKey(one), one])));
  await replaceBuckets(table, grantPlacePartition, watchKinds.places, places);
  if (readAboveUntil !== undefined)
    await table.write([
      { kind: 'put', row: { partition: cursorPartition, row: 'above', values: grantKinds.above.encode({ until: readAboveUntil }) } },
    ]);
  if (cursor !== undefined)
    await table.write([
      { kind: 'put', row: { partition: cursorPartition, row: 'grants', values: grantKinds.cursor.encode({ until: cursor }) } },
    ]);
}
