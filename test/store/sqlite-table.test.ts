import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteTable, sqliteFile, StoreFileError } from '../../src/store/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'mi-audit-sqlite-'));
let made = 0;
const place = (): string => join(folder, String(++made));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the embedded store', () => {
  it('makes its folder, keeps what it was given, and lets two processes in', async () => {
    const at = join(place(), 'deep', 'er');
    const [one, two] = [openSqliteTable(at), openSqliteTable(at)];
    await one.write([{ kind: 'put', row: { partition: 'p', row: 'r', values: { v: 1 } } }]);
    expect((await two.get('p', 'r'))?.values).toEqual({ v: 1 });
    await one.close();
    await two.close();
    expect(existsSync(join(at, sqliteFile))).toBe(true);
    const again = openSqliteTable(at);
    expect((await again.get('p', 'r'))?.values).toEqual({ v: 1 });
    await again.close();
  });

  it('lets a reader go on while somebody writes', async () => {
    const at = place();
    const [reader, writer] = [openSqliteTable(at), openSqliteTable(at)];
    await writer.write(
      Array.from({ length: 1_500 }, (_, n) => ({
        kind: 'put',
        row: { partition: 'p', row: String(n).padStart(4, '0'), values: { v: 1 } },
      })),
    );
    let seen = 0;
    for await (const row of reader.list({ partition: 'p' })) {
      if (seen++ === 0) await writer.write([{ kind: 'put', row: { ...row, values: { v: 2 } } }]);
    }
    expect(seen).toBe(1_500);
    await reader.close();
    await writer.close();
  });

  it('says what to do when the folder is a file, or cannot be written', () => {
    const file = place();
    writeFileSync(file, '');
    expect(() => openSqliteTable(file)).toThrow(StoreFileError);
    expect(() => openSqliteTable(file)).toThrow(/cannot be written.*Give --store a folder/);
  });

  it.skipIf(process.getuid?.() === 0)('says so when the folder is read-only', async () => {
    const at = place();
    await openSqliteTable(at).close();
    chmodSync(at, 0o500);
    expect(() => openSqliteTable(at)).toThrow(/cannot be written/);
  });

  it('does not touch the database of some other program', () => {
    const at = place();
    void openSqliteTable(at).close();
    const database = new DatabaseSync(join(at, sqliteFile));
    database.exec('pragma application_id = 7');
    database.close();
    expect(() => openSqliteTable(at)).toThrow(/some other program/);
  });

  it.each([
    [2, /Update mi-audit/],
    [0, /Move the file away/],
  ])('does not read format %i', (version, advice) => {
    const at = place();
    void openSqliteTable(at).close();
    const database = new DatabaseSync(join(at, sqliteFile));
    database.exec(`pragma user_version = ${version}`);
    database.close();
    expect(() => openSqliteTable(at)).toThrow(advice);
  });

  it('says so when the file is no database', () => {
    const at = place();
    void openSqliteTable(at).close();
    writeFileSync(join(at, sqliteFile), 'not a database, not a database, not a database');
    expect(() => openSqliteTable(at)).toThrow(/cannot be opened.*Move the file away/);
  });

  it('reads a body that is no JSON as a row without values', async () => {
    const at = place();
    const table = openSqliteTable(at);
    await table.write([{ kind: 'put', row: { partition: 'p', row: 'r', values: { v: 1 } } }]);
    const database = new DatabaseSync(join(at, sqliteFile));
    database.exec(`update record set body = '{'`);
    database.close();
    expect((await table.get('p', 'r'))?.values).toEqual({});
    await table.close();
  });
});
