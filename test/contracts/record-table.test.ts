import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Range, RecordTable, Row } from '../../src/ports/index.ts';
import { openSqliteTable } from '../../src/store/index.ts';
import { memoryTable } from '../fakes/record-table.ts';
import { startAzurite, type Azurite } from './azurite.ts';

/** One contract for every table that the store can stand on. */
const folder = mkdtempSync(join(tmpdir(), 'mi-audit-contract-'));
let azurite: Azurite;
let made = 0;

const adapters: readonly { readonly name: string; readonly open: () => Promise<RecordTable> }[] = [
  { name: 'memory', open: async () => memoryTable() },
  { name: 'SQLite', open: async () => openSqliteTable(join(folder, String(++made))) },
  {
    name: 'Table Storage',
    open: () => azurite.table(`contract${++made}`),
  },
];

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(async () => {
  await azurite.stop();
  rmSync(folder, { recursive: true });
});

const row = (partition: string, key: string, values: Row['values'] = { v: 1 }): Row => ({ partition, row: key, values });
const put = (each: Row) => ({ kind: 'put', row: each }) as const;

async function keys(table: RecordTable, range: Range): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const each of table.list(range)) found.push(`${each.partition}/${each.row}`);
  return found;
}

describe.each(adapters)('a record table: $name', ({ open }) => {
  it('gives back what was put, of every type, and nothing for what was not', async () => {
    const table = await open();
    const values = { v: 1, text: 'ä\u0000"\'\n𝄞', empty: '', yes: true, share: 0.25, big: 1_790_000_000_000, negative: -1 };
    await table.write([put(row('p', 'r', values))]);
    expect((await table.get('p', 'r'))?.values).toEqual(values);
    expect(await table.get('p', 'other')).toBeUndefined();
    expect(await table.get('other', 'r')).toBeUndefined();
    await table.close();
  });

  it('gives many at once in the order asked, with nothing in the place of what is not there', async () => {
    const table = await open();
    await table.write(Array.from({ length: 60 }, (_, at) => put(row(`p${at % 3}`, `r${at}`, { at }))));
    const asked = [7, 59, 60, 0, 7].map((at) => ({ partition: `p${at % 3}`, row: `r${at}` }));
    expect((await table.getMany(asked)).map((found) => found?.values['at'])).toEqual([7, 59, undefined, 0, 7]);
    expect(await table.getMany([])).toEqual([]);
    await table.close();
  });

  it('replaces the whole row, not some of its values', async () => {
    const table = await open();
    await table.write([put(row('p', 'r', { old: 'x', kept: 'y'.repeat(70_000) }))]);
    await table.write([put(row('p', 'r', { kept: 'z' }))]);
    expect((await table.get('p', 'r'))?.values).toEqual({ kept: 'z' });
    await table.close();
  });

  it.each([32_767, 32_768, 32_769, 65_535, 65_536, 65_537, 300_000])(
    'carries a text of %i characters whole, surrogate pairs included',
    async (length) => {
      const table = await open();
      const text = '𝄞'.repeat(length / 2) + (length % 2 === 1 ? 'x' : '');
      const shifted = `x${text}`;
      await table.write([put(row('p', 'r', { text })), put(row('p', 's', { text: shifted }))]);
      expect((await table.get('p', 'r'))?.values['text'] === text).toBe(true);
      expect((await table.get('p', 's'))?.values['text'] === shifted).toBe(true);
      await table.close();
    },
  );

  it('lists a partition in the order of its rows, and a stretch of it', async () => {
    const table = await open();
    await table.write(['b', 'a-1', 'a', 'A', 'a.1', 'a_1', 'a~', '10', '9'].map((key) => put(row('p', key))));
    await table.write([put(row('o', 'a')), put(row('p.q', 'a')), put(row('q', 'a'))]);
    expect(await keys(table, { partition: 'p' })).toEqual(['10', '9', 'A', 'a', 'a-1', 'a.1', 'a_1', 'a~', 'b'].map((key) => `p/${key}`));
    expect(await keys(table, { partition: 'p', rowFrom: 'a', rowTo: 'a~' })).toEqual(['p/a', 'p/a-1', 'p/a.1', 'p/a_1']);
    expect(await keys(table, { partition: 'p', rowsMax: 2 })).toEqual(['p/10', 'p/9']);
    expect(await keys(table, { partition: 'nothing' })).toEqual([]);
    await table.close();
  });

  it('lists a stretch of partitions, each row once, in order', async () => {
    const table = await open();
    for (const partition of ['known.b', 'known.a', 'knowledge', 'known.', 'known.a.x', 'lease', 'history'])
      await table.write([put(row(partition, '2')), put(row(partition, '1'))]);
    expect(await keys(table, { partitionFrom: 'known.', partitionTo: 'known.~' })).toEqual([
      'known./1',
      'known./2',
      'known.a/1',
      'known.a/2',
      'known.a.x/1',
      'known.a.x/2',
      'known.b/1',
      'known.b/2',
    ]);
    await table.close();
  });

  it('writes and lists more than a batch and more than a page', async () => {
    const table = await open();
    const many = Array.from({ length: 2_105 }, (_, at) => put(row(at % 2 === 0 ? 'even' : 'odd', String(at).padStart(5, '0'))));
    await table.write(many);
    const found = await keys(table, {});
    expect(found.length).toBe(2_105);
    expect(new Set(found).size).toBe(2_105);
    expect(found).toEqual(found.toSorted());
    expect((await keys(table, { partition: 'odd', rowsMax: 1_005 })).length).toBe(1_005);
    await table.close();
  });

  it('writes more than a batch may weigh', async () => {
    const table = await open();
    await table.write(Array.from({ length: 40 }, (_, at) => put(row('p', String(at).padStart(2, '0'), { text: 'ä'.repeat(100_000) }))));
    expect((await keys(table, { partition: 'p' })).length).toBe(40);
    await table.close();
  });

  it('deletes, and takes a deletion of what is not there for done', async () => {
    const table = await open();
    await table.write([put(row('p', 'a')), put(row('p', 'b'))]);
    await table.write([{ kind: 'delete', partition: 'p', row: 'a' }, { kind: 'delete', partition: 'p', row: 'never' }, put(row('p', 'c'))]);
    expect(await keys(table, { partition: 'p' })).toEqual(['p/b', 'p/c']);
    await table.write([]);
    await table.close();
  });

  it('puts conditionally: only the first to come, only on the version that was read', async () => {
    const table = await open();
    expect(await table.putIf(row('p', 'r', { by: 'a' }), undefined)).toBe(true);
    expect(await table.putIf(row('p', 'r', { by: 'b' }), undefined)).toBe(false);
    const read = await table.get('p', 'r');
    expect(await table.putIf(row('p', 'r', { by: 'c' }), read)).toBe(true);
    expect(await table.putIf(row('p', 'r', { by: 'd' }), read)).toBe(false);
    await table.write([put(row('p', 'r', { by: 'e' }))]);
    expect(await table.putIf(row('p', 'r', { by: 'f' }), read)).toBe(false);
    expect(await table.putIf(row('p', 'absent', { by: 'g' }), read)).toBe(false);
    expect((await table.get('p', 'r'))?.values).toEqual({ by: 'e' });
    await table.close();
  });

  it('counts its calls', async () => {
    const table = await open();
    const before = table.calls();
    await table.get('p', 'r');
    await table.write([put(row('p', 'r'))]);
    expect(table.calls() - before).toBe(2);
    await table.close();
  });
});
