import { Command } from 'commander';
import { findFinding } from '../find-finding.ts';
import { withFormat, withWorld, type CommonOptions } from '../options.ts';
import { findingMarkdown } from '../output/audit-markdown.ts';
import { findingText } from '../output/finding-text.ts';
import { published } from '../../jobs/published-finding.ts';
import type { Door } from '../run.ts';
import { inSession } from '../session.ts';

export function showCommand(door: Door): Command {
  const command = new Command('show')
    .description('one finding with evidence, history and fix')
    .argument('<id>', 'finding id, or the head of its hash');
  return withFormat(withWorld(command), ['table', 'json', 'markdown']).action(async (id: string, options: CommonOptions) => {
    const terminal = door.terminal(options);
    const shown = await inSession(options, terminal, async (session) => {
      const store = await session.house.keptStore();
      const full = await findFinding(store, id);
      const exceptions = (await store.exceptions()).filter(({ findingId }) => findingId === full);
      return { ...(await store.finding(full))!, exceptions };
    });
    const { finding, history, exceptions } = shown;
    if (options.format === 'json')
      terminal.print(JSON.stringify({ schema: 'mi-audit/finding/v1', finding: published(finding), history, exceptions }, undefined, 2));
    else if (options.format === 'markdown') terminal.print(findingMarkdown(finding));
    else terminal.print(findingText(finding, history, terminal));
  });
}
