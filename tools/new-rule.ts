import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** `npm run new:rule -- my-failing-state`: writes the rule, its test and its line in the list. The tests then say what is still missing. */
const { positionals } = parseArgs({ allowPositionals: true });
const [id, ...rest] = positionals;
if (id === undefined || rest.length > 0 || !/^[a-z]+(-[a-z0-9]+)+$/.test(id)) {
  console.error('usage: npm run new:rule -- <noun-of-the-failing-state>   (kebab-case, readable after "accept the risk of")');
  process.exit(2);
}

const root = join(import.meta.dirname, '..');
const paths = { rule: `src/rules/${id}.ts`, test: `test/rules/${id}.test.ts`, list: 'src/rules/all.ts' };
const taken = [paths.rule, paths.test].find((path) => existsSync(join(root, path)));
if (taken !== undefined) {
  console.error(`${taken} is there already`);
  process.exit(1);
}

const name = id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
writeFileSync(join(root, paths.rule), ruleText(id, name));
writeFileSync(join(root, paths.test), testText(id, name));
writeFileSync(join(root, paths.list), listText(readFileSync(join(root, paths.list), 'utf8'), id, name));
console.log(
  `${paths.rule}\n${paths.test}\n${paths.list}\nNow: say what it needs to see, judge, give it a case that fires and look-alikes that must not; then npm run docs.`,
);

function ruleText(id: string, name: string): string {
  return `import * as az from '../remedy/az.ts';
import { principalRef } from './principal-ref.ts';
import type { Rule } from './rule.ts';

export const ${name}: Rule = {
  id: '${id}',
  title: 'One line that stands in lists',
  why: 'Why it matters, in two to five sentences.',
  fix: 'How to fix it in general.',
  severity: 'low',
  confidence: 'certain',
  // Whatever it reads, it names here; what absence does it infer from? See Need in rule.ts.
  needs: { identities: 'each', principals: 'hint' },
  controls: [],
  references: ['https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/'],
  *judge(input) {
    for (const identity of input.estate.identities) {
      if (identity.name !== '${id}') continue;
      yield {
        rule: ${name}.id,
        subject: identity.resourceId,
        severity: 'low',
        confidence: 'certain',
        principal: principalRef(input, identity.principalId),
        scope: identity.resourceId,
        title: \`\${identity.name} …\`,
        message: 'What is so, to whom, since when, and why it matters here.',
        evidence: [{ label: 'name', value: identity.name, source: 'resource-graph' }],
        fix: [az.step('What to do next.', az.showResource(identity.resourceId))],
        related: [],
      };
    }
  },
};
`;
}

function testText(id: string, name: string): string {
  return `import { ${name} } from '../../src/rules/${id}.ts';
import { estate, userAssigned } from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

ruleTable(${name}, {
  fires: [{ name: 'the plain case', estate: estate({ identities: [userAssigned('${id}')] }), violations: [{ severity: 'low' }] }],
  silent: [{ name: 'the look-alike', estate: estate({ identities: [userAssigned('app-id')] }) }],
});
`;
}

/** Imports and entries stay in alphabetical order, whatever stands between them. */
function listText(list: string, id: string, name: string): string {
  const added = insert(list, /^import \{ \w+ \} from '\.\/(.+)\.ts';$/gm, id, `import { ${name} } from './${id}.ts';`);
  return insert(added, /^ {2}(\w+),$/gm, name, `  ${name},`);
}

function insert(text: string, lines: RegExp, key: string, line: string): string {
  const matches = [...text.matchAll(lines)];
  const after = matches.findLast((match) => (match[1] ?? '') < key);
  if (after !== undefined) {
    const at = after.index + after[0].length;
    return `${text.slice(0, at)}\n${line}${text.slice(at)}`;
  }
  const first = matches[0];
  if (first === undefined) throw new Error(`found no place for "${line}" in src/rules/all.ts`);
  return `${text.slice(0, first.index)}${line}\n${text.slice(first.index)}`;
}
