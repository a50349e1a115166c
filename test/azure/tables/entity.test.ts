import { describe, expect, it } from 'vitest';
import { entityOf, rowOf, RowTooLargeError } from '../../../src/azure/tables/entity.ts';

const row = (values: Record<string, string>, key = 'r') => ({ partition: 'p', row: key, values });

describe('an entity of Table Storage', () => {
  it('splits long text into properties that Azure takes, never through a character', () => {
    const text = `x${'𝄞'.repeat(40_000)}`;
    const entity = entityOf(row({ body: text }));
    const parts = Object.entries(entity).filter(([name]) => name.startsWith('body'));
    expect(parts.map(([name]) => name)).toEqual(['body', 'body__1', 'body__2']);
    for (const [, part] of parts) expect(String(part).length <= 32_768 && String(part).isWellFormed()).toBe(true);
    expect(rowOf(entity).values['body'] === text).toBe(true);
  });

  it.each([
    ['one byte too many', { body: 'x'.repeat(524_300) }],
    ['too many properties', Object.fromEntries(Array.from({ length: 253 }, (_, at) => [`p${at}`, '']))],
  ])('refuses what Azurite would take and Azure would not: %s', (_, values) => {
    expect(() => entityOf(row(values))).toThrow(RowTooLargeError);
  });

  it('takes what fits just so', () => {
    expect(Object.keys(entityOf(row({ body: 'x'.repeat(520_000) }))).length).toBe(18);
    expect(Object.keys(entityOf(row(Object.fromEntries(Array.from({ length: 252 }, (_, at) => [`p${at}`, '']))))).length).toBe(254);
  });

  it.each(['', 'a/b', 'a\\b', 'a#b', 'a?b', 'a\u0001', 'a\u0085', 'ä', 'a%2F', 'x'.repeat(513)])('refuses the key %j', (key) => {
    expect(() => entityOf(row({}, key))).toThrow(/Not a key/);
  });

  it('leaves out what somebody else put into the row', () => {
    const values = rowOf({
      partitionKey: 'p',
      rowKey: 'r',
      etag: 'W/1',
      timestamp: 'now',
      'odata.metadata': 'x',
      v: 1,
      big: 1n,
      when: new Date(0),
      body: 'b',
    }).values;
    expect(values).toEqual({ v: 1, body: 'b' });
  });
});
