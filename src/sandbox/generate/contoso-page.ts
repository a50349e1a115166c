import { landscape, type Story } from './landscape.ts';
import { defaultNow } from './contoso.ts';
import type { Planted } from './planted.ts';
import { stories } from './stories/index.ts';
import { Tenant } from './tenant.ts';

/** docs/contoso.md, from the stories themselves: page and world cannot drift apart (a test compares them). */
export function contosoPage(): string {
  const land = landscape(new Tenant({ name: 'contoso', now: defaultNow, seed: 1 }));
  return `${head}\n${stories.map((story) => section(story, story.plant(land))).join('\n')}`;
}

const head = `# Contoso, the built-in world

Written by \`node tools/generate-world.ts --page docs/contoso.md\`; do not edit.

A tenant of three subscriptions under a landing-zone tree, made by \`src/sandbox/generate\` with seed 1 at ${defaultNow}. Each story below plants
problems and, beside them, things that only look like problems. *finding*: the audit reports it. *lowered*: it reports it below the rule's usual
severity, because Azure itself asked for the grant or a condition narrows it. *silent*: that rule must not report it. *incident*: the watch opens one
about this principal with this cause first. *calm*: refused calls that page nobody. A problem may raise findings of other rules too; the golden
tests in \`test/golden\` list every one.
`;

function section(story: Story, planted: readonly Planted[]): string {
  const rows = distinctRows(
    planted.map(
      (one) =>
        `| ${one.problem.replace('look-alike of ', '')} | ${one.expect}${one.setting ? `, with \`${one.setting}\`` : ''} | ${label(one.subject)} | ${one.note} |`,
    ),
  );
  return `## ${story.name[0]!.toUpperCase()}${story.name.slice(1)}\n\n| rule or cause | expected | subject | why |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

const distinctRows = (rows: readonly string[]): readonly string[] => [...new Set(rows)];

/** Names are attacker-controlled text, here on purpose: they go into a code span with pipes escaped. */
function label(subject: string): string {
  const name = subject.slice(subject.lastIndexOf('/') + 1);
  const kind = /\/roleAssignments\//i.test(subject) ? 'assignment ' : subject.includes('/') ? '' : 'principal ';
  const short = kind === '' ? name : name.slice(0, 8);
  return `${kind}\`${short.replaceAll('|', String.raw`\|`).replaceAll(/[\u202a-\u202e]/g, '\u2423')}\``;
}
