import { describe, expect, it } from 'vitest';
import { checkKql } from '../../../src/sandbox/kql/index.ts';
import { refusal, table } from './harness.ts';

const T = table('T', { a: 'string', n: 'long', d: 'dynamic' }, [{ a: 'x', n: 1, d: { v: 'text' } }]);

describe('what the evaluator is not sure of', () => {
  it.each([
    ['T | sample 1', 'sample'],
    ['T | reduce by a', 'reduce'],
    ['T | extend r = rand()', 'rand'],
    ['T | evaluate autocluster()', 'autocluster'],
    ['externaldata(x:string)["https://example.test/x"]', 'ExternalData'],
    ['T | where d.v == 5', 'dynamic string'],
    ['print tolong("2.7")', 'tolong'],
    ['T | where row_number() == 1', 'serialized'],
    ['print x = "a" matches regex "a(?=b)"', 'regular expression'],
    ['print hll(1)', ''],
  ])('%s', (query, named) => {
    const error = refusal(query, [T]);
    expect(error.message).toContain(named);
    expect(error.message.startsWith('unsupported: ')).toBe(error.kind === 'unsupported');
  });
});

describe('what Azure refuses', () => {
  it.each([
    ['T | where nope == 1', 'semantic'],
    ['Nowhere | count', 'semantic'],
    ['union isfuzzy=true Nowhere, Neverland', 'semantic'],
    ['T | where', 'syntax'],
    ['T | where (n == 1', 'syntax'],
    ['T | where a + 1 > 2', 'semantic'],
  ])('%s is a %s error', (query, kind) => expect(refusal(query, [T]).kind).toBe(kind));

  it('says where', () => expect(refusal('T | where nope == 1', [T]).position).toBe(10));
});

describe('checkKql', () => {
  it('passes a good query and points at the bad word of another', () => {
    expect(checkKql('T | summarize count() by a', [T])).toEqual([]);
    expect(checkKql('T | project wrong', [T])).toMatchObject([{ severity: 'Error', start: 12, length: 5 }]);
  });
});
