import type { Need, Rule } from '../../src/rules/index.ts';
import type { Page } from './page.ts';

/** One page for each rule, and the list of all of them. */
export function rulePages(rules: readonly Rule[]): readonly Page[] {
  return [
    { path: 'docs/rules/README.md', text: listOf(rules) },
    ...rules.map((rule) => ({ path: `docs/rules/${rule.id}.md`, text: rulePage(rule) })),
  ];
}

export function rulePage(rule: Rule): string {
  return [
    `# ${rule.id}`,
    '',
    `**${rule.title}.** Usual severity ${rule.severity}, confidence ${rule.confidence}.${rule.enabled === undefined ? '' : ' Off until a setting turns it on.'}`,
    '',
    '## Why it matters',
    '',
    rule.why,
    '',
    '## What to do',
    '',
    rule.fix,
    '',
    'Each finding carries its own steps, with the complete `az` command for each. To accept the risk instead: `mi-audit accept <finding id> --reason "…" --until 2027-01-31`.',
    '',
    '## What it needs to see',
    '',
    '| reads | and |',
    '|---|---|',
    ...Object.entries(rule.needs).map(([slice, need]) => `| ${slice} | ${needs[need]} |`),
    '',
    ...section(
      'Controls',
      rule.controls.map((control) => `- ${control}`),
    ),
    ...section(
      'References',
      rule.references.map((reference) => `- <${reference}>`),
    ),
    `Source: [\`src/rules/${rule.id}.ts\`](../../src/rules/${rule.id}.ts), with the cases that must not fire in [\`test/rules/${rule.id}.test.ts\`](../../test/rules/${rule.id}.test.ts).`,
    '',
  ].join('\n');
}

const needs: Readonly<Record<Need, string>> = {
  each: 'judges each item that it sees; findings where it cannot see stay as they were',
  anywhere: 'judges what it sees; while anything is unseen anywhere, no earlier finding is taken back',
  local: 'infers from absence at the item’s own scope; an item under a gap stays unjudged',
  whole: 'infers from absence anywhere; with any gap the rule is inconclusive and reports nothing',
  kept: 'judges without it, and could judge more with it; while anything is unseen there, no earlier finding is taken back',
  hint: 'takes names and mitigating facts; the verdict does not rest on it',
};

function listOf(rules: readonly Rule[]): string {
  return [
    '# Rules',
    '',
    'What the audit decides. `mi-audit explain <rule>` prints the same pages. A rule that could not see what it needs says `inconclusive` and why; it never passes for lack of sight.',
    '',
    '| rule | reports | severity | confidence |',
    '|---|---|---|---|',
    ...rules.map(
      (rule) =>
        `| [\`${rule.id}\`](${rule.id}.md) | ${rule.title}${rule.enabled === undefined ? '' : ' (off by default)'} | ${rule.severity} | ${rule.confidence} |`,
    ),
    '',
  ].join('\n');
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`## ${title}`, '', ...lines, ''];
