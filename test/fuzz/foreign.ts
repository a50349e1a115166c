import * as fc from 'fast-check';
import { expect } from 'vitest';

/** `FUZZ_RUNS=5000 npx vitest run test/fuzz` looks longer; `FUZZ_SEED` repeats a run. */
export const runs = Number(process.env['FUZZ_RUNS'] ?? 60);
export const parameters = {
  numRuns: runs,
  ...(process.env['FUZZ_SEED'] === undefined ? {} : { seed: Number(process.env['FUZZ_SEED']) }),
};

/** Names that JavaScript keeps for itself, text that ends lines, quotes and cells, numbers that no double holds, dates that are none. */
const oddTexts = [
  '',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '\u0000\u001b[2J\u202e\u2028',
  '\ud800',
  "'; drop --",
  '=1+1',
  '../../../etc/passwd',
  '%00%',
  '9'.repeat(400),
  'x'.repeat(70_000),
  '2026-13-45T99:99:99Z',
  '+275760-09-13T00:00:00.001Z',
  '-000001-01-01T00:00:00Z',
  '/subscriptions//providers/',
  '00000000-0000-4000-8000-00000000000g',
];
const text = fc.oneof(fc.constantFrom(...oddTexts), fc.string(), fc.string({ unit: 'binary', maxLength: 40 }));
const number = fc.oneof(fc.constantFrom(-1, -0, 0.5, 1e308, 2 ** 53 + 2, Number.MAX_SAFE_INTEGER), fc.integer());

/** Whatever JSON can say, also under names that are dangerous to copy. */
export const anything: fc.Arbitrary<unknown> = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    text,
    number,
    fc.constantFrom(null, true, false, [], {}),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie('any')), { maxLength: 4 }).map((entries) => own(entries)),
  ),
})).any;

/** `__proto__` as a property of its own, as JSON.parse makes it. */
function own(entries: readonly (readonly [string, unknown])[]): object {
  const made = {};
  for (const [name, value] of entries) Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true });
  return made;
}

/** A sound value with a few places in it replaced, taken away, doubled or joined by something foreign. */
export const damaged = (sample: unknown): fc.Arbitrary<unknown> =>
  fc
    .array(fc.tuple(fc.nat(), fc.constantFrom('replace', 'remove', 'wrap', 'add'), anything), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      let value = structuredClone(sample);
      for (const [at, how, foreign] of changes) value = changed(value, at, how, foreign);
      return value;
    });

function changed(root: unknown, at: number, how: string, foreign: unknown): unknown {
  const holder = { root } as Record<string, unknown>;
  const places: (readonly [Record<string, unknown>, string])[] = [];
  const walk = (within: Record<string, unknown>): void => {
    for (const name of Object.keys(within)) {
      places.push([within, name]);
      const value = within[name];
      if (typeof value === 'object' && value !== null) walk(value as Record<string, unknown>);
    }
  };
  walk(holder);
  const [within, name] = places[at % places.length]!;
  if (how === 'remove') delete within[name];
  else if (how === 'wrap') within[name] = [within[name], foreign];
  else if (how === 'add') within[`${name}${name}`] = foreign;
  else Object.defineProperty(within, name, { value: foreign, enumerable: true, configurable: true, writable: true });
  // JSON has no undefined.
  return holder['root'] ?? null;
}

/** A line of text with bytes changed, cut or doubled. */
export const damagedText = (sample: string): fc.Arbitrary<string> =>
  fc.tuple(fc.nat(), fc.nat({ max: 30 }), text).map(([at, length, foreign]) => {
    const from = at % (sample.length + 1);
    return sample.slice(0, from) + foreign + sample.slice(from + length);
  });

/** What a parser may do with it: answer, or refuse in words. A TypeError is neither. */
export async function answersOrRefuses<Answer>(work: () => Answer | Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await work();
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    const { name, message, stack } = error as Error;
    if (bugs.has(name)) expect.fail(`not a refusal, but a defect: ${stack}`);
    expect(message.trim()).not.toBe('');
    return undefined;
  } finally {
    expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(prototypeNames);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  }
}

const bugs = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'InternalError', 'AssertionError']);
const prototypeNames = Object.getOwnPropertyNames(Object.prototype).toSorted();
