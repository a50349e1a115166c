import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Range, RecordTable, Row } from '../ports/index.ts';

/** The embedded store cannot be used; the message says what to do. */
export class StoreFileError extends Error {
  override readonly name = 'StoreFileError';
}

export const sqliteFile = 'mi-audit.sqlite';
const schemaVersion = 1;
/** `mi_a` in ASCII: tells our file from any other SQLite database. */
const applicationId = 0x6d695f61;
const pageRows = 1000;
const busyMs = 10_000;

/** One file in a folder, which is made when it is not there. Without a folder: in memory, gone with the process. */
export function openSqliteTable(folder?: string): RecordTable {
  const database = folder === undefined ? new DatabaseSync(':memory:') : openFile(folder);
  return tableOver(database);
}

function openFile(folder: string): DatabaseSync {
  const file = join(folder, sqliteFile);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new StoreFileError(`The store's folder ${folder} cannot be written: ${reason(cause)}. Give --store a folder you may write to.`, {
      cause,
    });
  }
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: busyMs });
    prepare(database, file);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof StoreFileError) throw cause;
    throw new StoreFileError(
      `The store ${file} cannot be opened: ${reason(cause)}. Move the file away to start a new one, or restore a copy.`,
      { cause },
    );
  }
}

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

function prepare(database: DatabaseSync, file: string): void {
  const owner = pragma(database, 'application_id');
  const version = pragma(database, 'user_version');
  const tables = z.object({ count: z.number() }).parse(database.prepare('select count(*) as count from sqlite_schema').get()).count;
  if (tables > 0 && owner !== applicationId) {
    throw new StoreFileError(`${file} is a database of some other program. Give --store another folder.`);
  }
  if (tables > 0 && version !== schemaVersion) {
    throw new StoreFileError(
      `The store ${file} has format ${version}; this mi-audit reads format ${schemaVersion}. ${version > schemaVersion ? 'Update mi-audit' : 'Move the file away'}, or give --store another folder.`,
    );
  }
  // Durable: with WAL, FULL syncs the log at each commit.
  database.exec('pragma journal_mode = wal; pragma synchronous = full;');
}

function pragma(database: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return z.record(z.string(), z.number()).parse(database.prepare(`pragma ${name}`).get())[name] ?? 0;
}

const storedRow = z.object({ partition: z.string(), row: z.string(), version: z.number(), body: z.string() });
const storedValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

function tableOver(database: DatabaseSync): RecordTable {
  database.exec(`
    begin immediate;
    create table if not exists record (
      partition text not null, row text not null, version integer not null, body text not null, primary key (partition, row)
    ) strict, without rowid;
    pragma application_id = ${applicationId};
    pragma user_version = ${schemaVersion};
    commit;`);
  const columns = 'select partition, row, version, body from record';
  const one = database.prepare(`${columns} where partition = ? and row = ?`);
  const page = database.prepare(
    `${columns} where (partition, row) >= (?, ?) and (partition, row) < (?, ?) order by partition, row limit ?`,
  );
  const put = database.prepare(
    'insert into record values (?, ?, 1, ?) on conflict (partition, row) do update set version = version + 1, body = excluded.body',
  );
  const insert = database.prepare('insert into record values (?, ?, 1, ?) on conflict do nothing');
  const replace = database.prepare('update record set version = version + 1, body = ? where partition = ? and row = ? and version = ?');
  const remove = database.prepare('delete from record where partition = ? and row = ?');
  let calls = 0;

  return {
    async get(partition, row) {
      calls++;
      const found = one.get(partition, row);
      return found === undefined ? undefined : rowOf(found);
    },
    async getMany(keys) {
      if (keys.length > 0) calls++;
      return keys.map(({ partition, row }) => {
        const found = one.get(partition, row);
        return found === undefined ? undefined : rowOf(found);
      });
    },
    async *list(range) {
      const [start, to] = endsOf(range);
      let from = start;
      let left = range.rowsMax ?? Number.POSITIVE_INFINITY;
      while (left > 0) {
        calls++;
        const size = Math.min(pageRows, left);
        const rows = page.all(...from, ...to, size).map(rowOf);
        yield* rows;
        if (rows.length < size) return;
        left -= rows.length;
        const last = rows.at(-1)!;
        // `\u0001` sorts before every character of a key: this is the place right behind the last row.
        from = [last.partition, `${last.row}\u0001`];
      }
    },
    async write(writes) {
      if (writes.length === 0) return;
      calls++;
      database.exec('begin immediate');
      try {
        for (const write of writes) {
          if (write.kind === 'put') put.run(write.row.partition, write.row.row, JSON.stringify(write.row.values));
          else remove.run(write.partition, write.row);
        }
        database.exec('commit');
      } catch (error) {
        database.exec('rollback');
        throw error;
      }
    },
    async putIf({ partition, row, values }, expected) {
      calls++;
      const body = JSON.stringify(values);
      const { changes } =
        expected === undefined ? insert.run(partition, row, body) : replace.run(body, partition, row, Number(expected.etag));
      return changes === 1;
    },
    calls: () => calls,
    async close() {
      database.close();
    },
  };
}

/** Beyond every key: keys are ASCII. */
const end = '\u007f';

/** Every range is one stretch of the primary key. */
function endsOf({ partition, rowFrom = '', rowTo = end, partitionFrom = '', partitionTo = end }: Range): readonly [Key, Key] {
  return partition === undefined
    ? [
        [partitionFrom, ''],
        [partitionTo, ''],
      ]
    : [
        [partition, rowFrom],
        [partition, rowTo],
      ];
}

type Key = readonly [partition: string, row: string];

function rowOf(found: unknown): Row {
  const { partition, row, version, body } = storedRow.parse(found);
  return { partition, row, values: valuesOf(body), etag: String(version) };
}

/** A body that is no JSON becomes a row without values: the mapping above counts it as odd. */
function valuesOf(body: string): Row['values'] {
  try {
    return storedValues.parse(JSON.parse(body));
  } catch {
    return {};
  }
}
