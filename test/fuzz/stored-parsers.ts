import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { estateLines, readEstate } from '../../src/jobs/estate-file.ts';
import { redactedLines } from '../../src/jobs/redact-estate.ts';
import { performPiece } from '../../src/jobs/sharded/perform-piece.ts';
import type { ShardedRequest } from '../../src/jobs/sharded/sharded-request.ts';
import { cursorAfter, readCursor, UnknownCursorError } from '../../src/store/cursor.ts';
import { NewerStoreError, openStore, openSqliteTable } from '../../src/store/index.ts';
import { itemsOfPage, pageMaker } from '../../src/store/page-text.ts';
import { estate, userAssigned } from '../build/estate.ts';
import { memoryTable } from '../fakes/record-table.ts';
import { day, violation } from '../findings/world.ts';
import { all, audit, clock } from '../store/audit.ts';
import { anything, damaged, damagedText } from './foreign.ts';
import { always, few, type Fuzzed } from './fuzzed.ts';

const lines = [...estateLines(estate({ identities: [userAssigned('a')] }))];

async function* asAsync(list: readonly string[]): AsyncIterable<string> {
  yield* list;
}

/** What lies in files, tables and queues. */
export const storedParsers: readonly Fuzzed[] = [
  {
    input: 'estate files',
    files: ['jobs/estate-file.ts', 'jobs/redact-estate.ts'],
    fuzz: () =>
      always(
        fc.array(
          fc.tuple(
            fc.nat({ max: lines.length - 1 }),
            fc.oneof(...lines.map((line) => damaged(JSON.parse(line)).map((given) => JSON.stringify(given))), damagedText(lines[0]!)),
          ),
          { minLength: 1, maxLength: 3 },
        ),
        async (changes) => {
          const given = [...lines];
          for (const [at, line] of changes) given[at] = line;
          try {
            await readEstate(asAsync(given));
            for (const line of redactedLines(given, 'salt')) JSON.parse(line);
          } catch (error) {
            expect(String(error)).toMatch(/^Error: (Line \d+|The file )/);
          }
        },
      ),
  },
  {
    input: 'rows of the store, older, newer or mangled',
    files: ['store/row-kind.ts', 'store/sqlite-table.ts'],
    fuzz: () =>
      always(
        fc.array(
          fc.tuple(
            fc.nat(),
            fc.oneof(
              anything.map((given) => ({ v: 1, body: JSON.stringify(given) })),
              fc.record({ v: fc.constantFrom(-1, 0, 0.5, 1, 2, 99), body: fc.json() }),
              anything,
            ),
          ),
          { minLength: 1, maxLength: 4 },
        ),
        async (changes) => {
          const table = memoryTable();
          const world = { now: day(1), estate: estate(), violations: [violation('/a'), violation('/b')] };
          await audit(openStore(table, clock), world);
          const rows = table.dump();
          await table.write(
            [...new Map(changes.map(([at, values]) => [at % rows.length, values]))].map(([at, values]) => ({
              kind: 'put',
              row: {
                ...rows[at]!,
                values: (typeof values === 'object' && values !== null && !Array.isArray(values) ? values : { v: 1, body: '{' }) as never,
              },
            })),
          );
          try {
            const store = openStore(table, clock);
            await all(store.findings({}));
            await store.runs(5);
            await audit(store, { ...world, now: day(2) });
          } catch (error) {
            if (!(error instanceof NewerStoreError)) throw error;
          }
        },
        few,
      ).then(() => sqliteOf()),
  },
  {
    input: 'checkpoints of a sharded audit',
    files: ['store/page-text.ts', 'jobs/sharded/checkpoint-estate.ts'],
    fuzz: async () => {
      const maker = pageMaker();
      maker.add(['identities', { name: 'x' }]);
      const [page = ''] = maker.rest();
      await always(fc.oneof(damagedText(page), fc.string()), (given) => {
        // A checkpoint that cannot be read ends its piece with an error; the piece is begun again, and given up aloud.
        try {
          expect(Array.from(itemsOfPage(given)).length).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect((error as Error).name).not.toMatch(/TypeError|AssertionError/);
        }
      });
    },
  },
  {
    input: 'cursors of lists',
    files: ['store/cursor.ts'],
    fuzz: async () => {
      const question = { severity: ['high'] };
      const good = cursorAfter(question, 'a.b');
      expect(readCursor(question, good)).toBe('a.b');
      await always(
        fc.oneof(
          damagedText(good),
          fc.string(),
          anything.map((given) => Buffer.from(JSON.stringify(given)).toString('base64url')),
        ),
        (given) => {
          try {
            expect(readCursor(question, given)).toMatch(/^[\w.~-]+$/);
          } catch (error) {
            expect(error).toBeInstanceOf(UnknownCursorError);
          }
        },
      );
    },
  },
  {
    input: 'messages of the queues',
    files: ['jobs/sharded/perform-piece.ts'],
    fuzz: () =>
      always(fc.oneof(anything, damaged({ planId: 'p', piece: 'collect.0' })), async (given) => {
        const store = { shardPlan: async () => undefined };
        const { said } = await performPiece({ store } as unknown as ShardedRequest, given);
        expect(said).toMatch(/names no piece|belongs to an audit that is over/);
        expect(said.length).toBeLessThan(400);
      }),
  },
];

/** A database whose rows somebody changed by hand. */
async function sqliteOf(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'mi-audit-fuzz-'));
  try {
    const table = openSqliteTable(join(dir, 'store.sqlite'));
    await table.close();
    await always(
      fc.uint8Array({ minLength: 0, maxLength: 200 }),
      async (bytes) => {
        writeFileSync(join(dir, 'other.sqlite'), bytes);
        const opened = openSqliteTable(join(dir, 'other.sqlite'));
        await opened.close();
      },
      few,
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
