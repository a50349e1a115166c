import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticeEvents, worstFirst, type Line, type StoredDelivery } from '../../src/outbox/index.ts';
import { severities } from '../../src/rules/index.ts';
import { openStore } from '../../src/store/index.ts';
import { memoryTable } from '../fakes/record-table.ts';
import { clock } from './audit.ts';

const delivery = (lines: readonly Line[], part: Partial<StoredDelivery> = {}): StoredDelivery => ({
  id: 'digest.1',
  channel: 'on-call',
  state: 'planned',
  because: 'digest',
  lines: lines.toSorted(worstFirst),
  from: '2026-11-20T08:00:00.000Z',
  to: '2026-11-20T08:00:00.000Z',
  runIds: ['run'],
  plannedAt: '2026-11-20T08:00:00.000Z',
  dueAt: '2026-11-20T08:00:00.000Z',
  attempts: 0,
  unanswered: 0,
  ...part,
});

const hex = fc.array(fc.constantFrom(...'0123456789abcdef'.split('')), { minLength: 16, maxLength: 16 }).map((digits) => digits.join(''));
const line: fc.Arbitrary<Line> = fc
  .record({
    about: fc.constantFrom('finding', 'incident'),
    topic: fc.constantFrom('orphaned-assignment', 'role-removed', '__proto__', 'two words'),
    digits: fc.oneof(hex, fc.string({ unit: 'grapheme', minLength: 1 })),
    revision: fc.integer({ min: 1, max: 999_999 }),
    event: fc.constantFrom(...noticeEvents),
    severity: fc.constantFrom(...severities),
  })
  .map(({ about, topic, digits, ...rest }) => ({
    about,
    topic,
    subjectId: digits.length === 16 ? `${about === 'incident' ? 'incident' : topic}-${digits}` : digits.toWellFormed(),
    ...rest,
  }));

describe('a delivery in the store', () => {
  it('is read as it was written, whatever its subjects are called', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(line, { selector: ({ subjectId }) => subjectId, maxLength: 20 }), async (lines) => {
        const store = openStore(memoryTable(), clock);
        const given = delivery(lines);
        await store.saveDelivery(given);
        expect(await store.deliveries()).toEqual([given]);
      }),
    );
  });

  it('fits into a row of Table Storage with as many lines as a message may hold', async () => {
    const table = memoryTable();
    const lines = Array.from({ length: 18_000 }, (_, at): Line => ({
      about: 'finding',
      subjectId: `orphaned-assignment-${at.toString(16).padStart(16, '0')}`,
      revision: 100 + at,
      event: 'opened',
      severity: 'high',
      topic: 'orphaned-assignment',
    }));
    await openStore(table, clock).saveDelivery(delivery(lines));
    const chars = JSON.stringify(table.dump()[0]?.values).length;
    // 1 MiB in UTF-16, with room for the other values.
    expect(chars * 2).toBeLessThan(1_000_000);
  });

  it('that makes no sense is left out and said', async () => {
    const table = memoryTable();
    const store = openStore(table, clock);
    await store.saveDelivery(delivery([]));
    const [row] = table.dump();
    await table.write([
      {
        kind: 'put',
        row: { ...row!, values: { ...row!.values, body: String(row!.values['body']).replace('"lines":{}', '"lines":{"finding x":"?"}') } },
      },
    ]);
    expect(await store.deliveries()).toEqual([]);
    expect(store.notes().join()).toMatch(/1 row .* delivery\.on-call/);
  });
});
