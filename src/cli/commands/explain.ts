import { Command } from 'commander';
import { causes, type Cause } from '../../incidents/index.ts';
import { rules, type Rule } from '../../rules/index.ts';
import { withFormat, type CommonOptions } from '../options.ts';
import { paintWith } from '../output/paint.ts';
import type { Door } from '../run.ts';
import { UsageError } from '../trouble.ts';

export function explainCommand(door: Door): Command {
  const command = new Command('explain')
    .description('what a rule decides or a cause means, why it matters, how to fix it')
    .argument('[rule or cause]', 'its id; absent: all of them by name');
  return withFormat(command, ['table', 'json', 'markdown']).action((id: string | undefined, options: CommonOptions) => {
    const terminal = door.terminal(options);
    const colours = terminal.colours && options.format === 'table';
    const chosen = id === undefined ? { rules, causes } : named(id);
    if (options.format === 'json') {
      terminal.print(
        JSON.stringify(
          { schema: 'mi-audit/rules/v1', rules: chosen.rules.map(documentOf), causes: chosen.causes.map(causeDocumentOf) },
          undefined,
          2,
        ),
      );
    } else if (id === undefined) {
      terminal.print([...listed('Rules', rules), '', ...listed('Causes of refused calls', causes)].join('\n'));
    } else
      terminal.print(
        [...chosen.rules.map((rule) => pageOf(rule, colours)), ...chosen.causes.map((cause) => causePageOf(cause, colours))].join('\n\n'),
      );
  });
}

const listed = (heading: string, entries: readonly { readonly id: string; readonly title: string }[]): readonly string[] => [
  heading,
  ...entries.map(({ id, title }) => `  ${id.padEnd(36)} ${title}`),
];

/** Some ids name a rule and a cause (`recreated-identity`): both are told. */
function named(id: string): { readonly rules: readonly Rule[]; readonly causes: readonly Cause[] } {
  const found = { rules: rules.filter((rule) => rule.id === id), causes: causes.filter((cause) => cause.id === id) };
  if (found.rules.length + found.causes.length > 0) return found;
  const near = [...rules, ...causes]
    .filter((one) => one.id.split('-').some((word) => word.length > 3 && id.toLowerCase().includes(word)))
    .map((one) => one.id);
  throw new UsageError(
    `There is no rule or cause ${id}. ${near.length === 0 ? 'mi-audit explain lists all.' : `Did you mean ${[...new Set(near)].join(', ')}?`}`,
  );
}

function causePageOf(cause: Cause, colours: boolean): string {
  const paint = paintWith(colours);
  return [
    paint.strong(`# ${cause.title}`),
    `\`${cause.id}\`: a cause of refused calls.`,
    cause.explain.trim(),
    paint.strong('## References'),
    cause.references.map((link) => `- ${link}`).join('\n'),
  ].join('\n\n');
}

const causeDocumentOf = ({ id, title, explain, needs, references }: Cause) => ({ id, title, explain, needs, references });

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
