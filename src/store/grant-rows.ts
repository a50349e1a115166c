import { z } from 'zod';
import type { RecordTable } from '../ports/index.ts';
import { grantKey, type GrantMemory, type MadeGrant, type RemovedGrant } from '../rules/index.ts';
import { replaceBuckets } from './bucket.ts';
import { callerPartition, cursorPartition, grantPartition, removalPartition } from './keys.ts';
import type { OddRows } from './odd-rows.ts';
import { rowKind, type RowKind } from './row-kind.ts';

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
  above: rowKind({ name: 'cursor of management groups', version, schema: z.object({ until: text }), migrations: {} }),
} as const;

export async function readGrants(table: RecordTable, odd: OddRows): Promise<GrantMemory> {
  const read = async <Value>(partition: string, kind: RowKind<Record<string, Value>>): Promise<readonly [string, Value][]> => {
    const all: [string, Value][] = [];
    for await (const row of table.list({ partition })) all.push(...Object.entries(odd.read(kind, row) ?? {}));
    return all;
  };
  const above = await table.get(cursorPartition, 'above');
  return {
    grants: (await read(grantPartition, grantKinds.grants)).map(([, one]) => one),
    removals: (await read(removalPartition, grantKinds.removals)).map(([, one]) => one),
    callers: new Map(await read(callerPartition, grantKinds.callers)),
    readAboveUntil: above && odd.read(grantKinds.above, above)?.until,
  };
}

export async function writeGrants(table: RecordTable, { grants, removals, callers, readAboveUntil }: GrantMemory): Promise<void> {
  const removalRows = removals.map((one) => [`${one.id.toLowerCase()}|${one.at}`, one] as const);
  await replaceBuckets(table, callerPartition, grantKinds.callers, callers);
  await replaceBuckets(table, removalPartition, grantKinds.removals, new Map(removalRows));
  await replaceBuckets(table, grantPartition, grantKinds.grants, new Map(grants.map((one) => [grantKey(one), one])));
  if (readAboveUntil === undefined) return;
  const values = grantKinds.above.encode({ until: readAboveUntil });
  await table.write([{ kind: 'put', row: { partition: cursorPartition, row: 'above', values } }]);
}
