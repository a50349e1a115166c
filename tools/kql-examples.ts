/**
 * npm run kql:examples -- FILE.json [--json]: runs documented KQL examples ({ id, query, columns, rows as documented text }) and
 * says which the evaluator gets right, gets wrong, or refuses.
 */
import { readFileSync } from 'node:fs';
import { type KqlExample, type Verdict, judgeExample } from './kql-examples-judge.ts';

function main(args: readonly string[]): number {
  const file = args.find((arg) => !arg.startsWith('--'));
  if (file === undefined) {
    console.error('Usage: npm run kql:examples -- FILE.json [--json]');
    return 2;
  }
  const examples = JSON.parse(readFileSync(file, 'utf8')) as KqlExample[];
  const verdicts = examples.map((example) => ({ id: example.id, verdict: judgeExample(example) }));
  const idsOf = (kind: Verdict['kind']) => verdicts.filter(({ verdict }) => verdict.kind === kind).map(({ id }) => id);
  const ids = { passed: idsOf('passed'), wrong: idsOf('wrong'), unsupported: idsOf('unsupported') };
  const counts = { passed: ids.passed.length, wrong: ids.wrong.length, unsupported: ids.unsupported.length };
  if (args.includes('--json')) console.log(JSON.stringify({ ...counts, ids }));
  else {
    for (const { id, verdict } of verdicts)
      if (verdict.kind !== 'passed') console.log(`${verdict.kind.padEnd(12)} ${id.padEnd(44)} ${verdict.reason}`);
    console.log(`${counts.passed} passed, ${counts.wrong} wrong, ${counts.unsupported} unsupported, of ${examples.length}`);
  }
  return counts.wrong === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
