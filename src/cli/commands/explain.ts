import { Command } from 'commander';
import { rules, type Rule } from '../../rules/index.ts';
import { withFormat, type CommonOptions } from '../options.ts';
import { paintWith } from '../output/paint.ts';
import type { Door } from '../run.ts';
import { UsageError } from '../trouble.ts';

export function explainCommand(door: Door): Command {
  const command = new Command('explain')
    .description('what a rule decides, why it matters, how to fix it')
    .argument('[rule]', 'rule id; absent: all of them by name');
  return withFormat(command, ['table', 'json', 'markdown']).action((id: string | undefined, options: CommonOptions) => {
    const terminal = door.terminal(options);
    const chosen = id === undefined ? rules : [ruleNamed(id)];
    if (options.format === 'json')
      terminal.print(JSON.stringify({ schema: 'mi-audit/rules/v1', rules: chosen.map(documentOf) }, undefined, 2));
    else if (id === undefined) terminal.print(rules.map((rule) => `${rule.id.padEnd(36)} ${rule.title}`).join('\n'));
    else terminal.print(chosen.map((rule) => pageOf(rule, terminal.colours && options.format === 'table')).join('\n'));
  });
}

function ruleNamed(id: string): Rule {
  const found = rules.find((rule) => rule.id === id);
  if (found !== undefined) return found;
  const near = rules
    .filter((rule) => rule.id.split('-').some((word) => word.length > 3 && id.toLowerCase().includes(word)))
    .map((rule) => rule.id);
  throw new UsageError(`There is no rule ${id}. ${near.length === 0 ? 'mi-audit explain lists all.' : `Did you mean ${near.join(', ')}?`}`);
}

function pageOf(rule: Rule, colours: boolean): string {
  const paint = paintWith(colours);
  const needs = Object.entries(rule.needs).map(([slice, need]) => `${slice} (${need})`);
  return [
    paint.strong(`# ${rule.title}`),
    `\`${rule.id}\`: usually ${rule.severity}, confidence ${rule.confidence}.`,
    paint.strong('## Why it matters'),
    rule.why.trim(),
    paint.strong('## What to do'),
    rule.fix.trim(),
    paint.strong('## What it must see'),
    `${needs.join(', ') || 'nothing beyond the assignments'}. Where that is missing, the rule says so and leaves earlier findings as they were.`,
    ...(rule.controls.length === 0 ? [] : [paint.strong('## Controls'), rule.controls.map((control) => `- ${control}`).join('\n')]),
    ...(rule.references.length === 0 ? [] : [paint.strong('## References'), rule.references.map((link) => `- ${link}`).join('\n')]),
  ].join('\n\n');
}

function documentOf({ id, title, why, fix, severity, confidence, needs, controls, references }: Rule) {
  return { id, title, severity, confidence, why, fix, needs, controls, references };
}
