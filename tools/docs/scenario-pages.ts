import type { Scenario } from '../../src/sandbox/generate/scenarios/index.ts';
import type { Page } from './page.ts';

/** The catalogue of worlds of which the cause is known. */
export function scenarioPages(scenarios: readonly Scenario[]): readonly Page[] {
  const chapters = [...new Set(scenarios.map((one) => chapterOf(one)))];
  const text = [
    '# Scenarios',
    '',
    'Written by `npm run docs`; do not edit.',
    '',
    `${scenarios.length} small worlds in Azure's own row shapes, each with what the watch must say about it. They live in \`src/sandbox/generate/scenarios\`, written from the`,
    'facts and not from what the product looks for. A *neighbour* differs from the scenario above it by the one thing that makes another cause true.',
    '',
    '```sh',
    'npm run scenarios                                   # all of them: expected, got',
    'npm run scenarios -- --json --only role-removed      # some of them, for a machine',
    'npm run scenarios -- --out worlds --only vault-on-rbac/flipped',
    'npm run mi-audit -- watch --world worlds/vault-on-rbac--flipped   # the same, by the command itself',
    '```',
    '',
    'The exit code is 1 when any answer is wrong.',
    ...chapters.flatMap((chapter) => [
      '',
      `## ${chapter}`,
      '',
      '| scenario | first cause | what happened |',
      '|---|---|---|',
      ...scenarios.filter((one) => chapterOf(one) === chapter).map(rowOf),
    ]),
    '',
  ];
  return [{ path: 'docs/scenarios.md', text: text.join('\n') }];
}

const chapterOf = ({ id }: Scenario): string => id.slice(0, id.indexOf('/'));

function rowOf({ id, cause, kind, story, notCertain }: Scenario): string {
  const about = [kind === undefined ? '' : `as ${kind}`, notCertain === true ? 'not certain' : ''].filter(Boolean).join(', ');
  return `| ${id.slice(id.indexOf('/') + 1)} | ${cause === 'none' ? 'nobody is paged' : cause}${about === '' ? '' : ` (${about})`} | ${story.replaceAll('|', String.raw`\|`)} |`;
}
