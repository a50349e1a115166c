import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { type KqlExample, judgeExample } from '../../../tools/kql-examples-judge.ts';

const FILE = resolve(import.meta.dirname, '../../../../shared/kql/examples.json');

it("gets none of Microsoft's documented examples wrong, and most of them right", { timeout: 120_000 }, (context) => {
  if (!existsSync(FILE)) return context.skip(`Microsoft's examples are not here: ${FILE}`);
  const verdicts = (JSON.parse(readFileSync(FILE, 'utf8')) as KqlExample[]).map((example) => ({
    id: example.id,
    ...judgeExample(example),
  }));
  expect(verdicts.filter(({ kind }) => kind === 'wrong')).toEqual([]);
  expect(verdicts.filter(({ kind }) => kind === 'passed').length).toBeGreaterThanOrEqual(179);
});
