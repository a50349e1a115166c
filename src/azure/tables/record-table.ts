import { odata, RestError, type TableClient, type TransactionAction } from '@azure/data-tables';
import pLimit from 'p-limit';
import type { Range, RecordTable, Row, Write } from '../../ports/index.ts';
import { checkKey, entityOf, rowOf, type Entity } from './entity.ts';

/** Azure's limits for one transaction: 100 changes of one partition, 4 MiB of body. The rest of the body is room for MIME headers. */
const batchRowsMax = 100;
const batchBytesMax = 3 * 1024 * 1024;
const atOnceMax = 4;
const readsAtOnceMax = 25;
const pageRows = 1000;

/** One table of a storage account. The client (account, credential, table name) is built by `compose`; the table is made when it is not there. */
export async function openRecordTable(client: TableClient): Promise<RecordTable> {
  let calls = 0;
  client.pipeline.addPolicy(
    {
      name: 'mi-audit-table-calls',
      sendRequest(request, next) {
        calls += 1;
        return next(request);
      },
    },
    { afterPhase: 'Retry' },
  );
  await client.createTable();

  async function get(partition: string, row: string): Promise<Row | undefined> {
    checkKey(partition);
    checkKey(row);
    const entity = await client.getEntity(partition, row).catch(unlessStatus(404));
    return entity === undefined ? undefined : rowOf(entity);
  }

  return {
    get,
    // A query that names many rows with `or` scans their whole partition; so many questions by key are answered by an index each.
    getMany(keys) {
      const limit = pLimit(readsAtOnceMax);
      return Promise.all(keys.map(({ partition, row }) => limit(() => get(partition, row))));
    },
    async *list(range) {
      let left = range.rowsMax ?? Number.POSITIVE_INFINITY;
      const pages = client.listEntities({ queryOptions: { filter: filterOf(range) } }).byPage({ maxPageSize: Math.min(pageRows, left) });
      for await (const page of pages) {
        for (const entity of page) {
          if (left-- > 0) yield rowOf(entity);
        }
        if (left <= 0) return;
      }
    },
    async write(writes) {
      // All entities are made, and so checked, before the first one is sent.
      const batches = batchesOf(writes.map(sizedAction));
      const limit = pLimit(atOnceMax);
      await Promise.all(batches.map((batch) => limit(() => submit(client, batch))));
    },
    async putIf(row, expected) {
      const entity = entityOf(row);
      if (expected === undefined) return (await client.createEntity(entity).catch(unlessStatus(409))) !== undefined;
      const etag = expected.etag ?? '';
      return (await client.updateEntity(entity, 'Replace', { etag }).catch(unlessStatus(412, 404))) !== undefined;
    },
    calls: () => calls,
    async close() {},
  };
}

const unlessStatus =
  (...expected: readonly number[]) =>
  (error: unknown): undefined => {
    if (error instanceof RestError && error.statusCode !== undefined && expected.includes(error.statusCode)) return undefined;
    throw error;
  };

function filterOf({ partition, rowFrom, rowTo, partitionFrom, partitionTo }: Range): string {
  const parts: string[] = [];
  if (partition !== undefined) parts.push(odata`PartitionKey eq ${partition}`);
  if (partitionFrom !== undefined) parts.push(odata`PartitionKey ge ${partitionFrom}`);
  if (partitionTo !== undefined) parts.push(odata`PartitionKey lt ${partitionTo}`);
  if (rowFrom !== undefined) parts.push(odata`RowKey ge ${rowFrom}`);
  if (rowTo !== undefined) parts.push(odata`RowKey lt ${rowTo}`);
  return parts.join(' and ');
}

interface SizedAction {
  readonly partition: string;
  readonly action: TransactionAction;
  readonly bytes: number;
}

function sizedAction(write: Write): SizedAction {
  if (write.kind === 'delete') {
    checkKey(write.partition);
    checkKey(write.row);
    return { partition: write.partition, action: ['delete', { partitionKey: write.partition, rowKey: write.row }], bytes: 1024 };
  }
  const entity: Entity = entityOf(write.row);
  // What goes over the wire: JSON, with the MIME part around it.
  return { partition: write.row.partition, action: ['upsert', entity, 'Replace'], bytes: Buffer.byteLength(JSON.stringify(entity)) + 1024 };
}

function batchesOf(actions: readonly SizedAction[]): readonly (readonly TransactionAction[])[] {
  const batches: TransactionAction[][] = [];
  for (const ofPartition of Map.groupBy(actions, ({ partition }) => partition).values()) {
    let bytes = Number.POSITIVE_INFINITY;
    for (const { action, bytes: more } of ofPartition) {
      if (bytes + more > batchBytesMax || batches.at(-1)!.length >= batchRowsMax) {
        batches.push([]);
        bytes = 0;
      }
      batches.at(-1)!.push(action);
      bytes += more;
    }
  }
  return batches;
}

async function submit(client: TableClient, batch: readonly TransactionAction[]): Promise<void> {
  try {
    await client.submitTransaction([...batch]);
  } catch (error) {
    // One row to delete that is not there fails the whole batch; for us it is done already.
    const deletes = batch.some(([kind]) => kind === 'delete');
    if (!deletes || !(error instanceof RestError) || error.statusCode !== 404) throw error;
    for (const action of batch) await submitAlone(client, action);
  }
}

async function submitAlone(client: TableClient, action: TransactionAction): Promise<void> {
  const [kind, { partitionKey, rowKey }] = action;
  if (kind === 'delete') await client.deleteEntity(partitionKey, rowKey).catch(unlessStatus(404));
  else await client.submitTransaction([action]);
}
