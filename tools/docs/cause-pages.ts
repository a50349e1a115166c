import type { Cause } from '../../src/incidents/index.ts';
import type { Page } from './page.ts';

/** One runbook page for each cause, and the list of all of them. */
export function causePages(causes: readonly Cause[]): readonly Page[] {
  return [
    { path: 'docs/causes/README.md', text: listOf(causes) },
    ...causes.map((cause) => ({ path: `docs/causes/${cause.id}.md`, text: causePage(cause) })),
  ];
}

function causePage(cause: Cause): string {
  return [
    `# ${cause.id}`,
    '',
    `**${cause.title}.**`,
    '',
    cause.explain,
    '',
    ...(cause.needs.length > 0 ? ['## What it must see to be certain', '', ...cause.needs.map((need) => `- ${needs[need]}`), ''] : []),
    '## References',
    '',
    ...cause.references.map((reference) => `- <${reference}>`),
    '',
    `Source: [\`src/incidents/causes/${cause.id}.ts\`](../../src/incidents/causes/${cause.id}.ts).`,
    '',
  ].join('\n');
}

function listOf(causes: readonly Cause[]): string {
  return [
    '# Causes',
    '',
    'Why a call was refused, from the incident to the one thing to fix. Each incident names the best cause first, with what was ruled out and why.',
    '',
    '| cause | what is so |',
    '|---|---|',
    ...causes.map((cause) => `| [${cause.id}](${cause.id}.md) | ${cause.title} |`),
    '',
  ].join('\n');
}

const needs: Readonly<Record<Cause['needs'][number], string>> = {
  estate: 'identities, hosts and role assignments around the target',
  directory: 'the directory (Microsoft Graph)',
  activity: 'the Activity Log of the subscriptions concerned',
  logs: 'the refusal in a log, with its text',
  'deny-assignments': 'deny assignments at and above the target',
};
