import { Command } from 'commander';
import { publishedIncident } from '../../jobs/published-incident.ts';
import { findFinding } from '../find-finding.ts';
import { findIncident } from '../find-incident.ts';
import { withFormat, withWorld, type CommonOptions } from '../options.ts';
import { dossierText } from '../output/dossier-text.ts';
import { findingMarkdown } from '../output/audit-markdown.ts';
import { findingText } from '../output/finding-text.ts';
import { incidentText } from '../output/incident-text.ts';
import { published } from '../../jobs/published-finding.ts';
import type { Door } from '../run.ts';
import { inSession } from '../session.ts';
import { storedIdentity } from '../stored-identities.ts';
import { UsageError } from '../trouble.ts';

export function showCommand(door: Door): Command {
  const command = new Command('show')
    .description('one finding or incident with evidence, history and fix, or the runbook page of an identity')
    .argument('<id>', 'id of a finding or an incident, or the head of its hash; any id of an identity, or its name');
  return withFormat(withWorld(command), ['table', 'json', 'markdown']).action(async (id: string, options: CommonOptions) => {
    const terminal = door.terminal(options);
    const shown = await inSession(options, terminal, async (session) => {
      const store = await session.house.keptStore();
      const incident = await findIncident(store, id);
      if (incident !== undefined) return { incident };
      const full = await findFinding(store, id).catch(async (error: unknown) => {
        const dossier = error instanceof UsageError ? await storedIdentity(store, id) : undefined;
        if (dossier === undefined) throw error;
        return dossier;
      });
      if (typeof full !== 'string') return { text: dossierText(full, options.format, session.now()) };
      const exceptions = (await store.exceptions()).filter(({ findingId }) => findingId === full);
      return { ...(await store.finding(full))!, exceptions };
    });
    if ('text' in shown) {
      terminal.print(shown.text);
      return;
    }
    if ('incident' in shown) {
      const incident = publishedIncident(shown.incident);
      terminal.print(
        options.format === 'json'
          ? JSON.stringify({ schema: 'mi-audit/incident/v1', incident }, undefined, 2)
          : incidentText(incident, terminal),
      );
      return;
    }
    const { finding, history, exceptions } = shown;
    if (options.format === 'json')
      terminal.print(JSON.stringify({ schema: 'mi-audit/finding/v1', finding: published(finding), history, exceptions }, undefined, 2));
    else if (options.format === 'markdown') terminal.print(findingMarkdown(finding));
    else terminal.print(findingText(finding, history, terminal));
  });
}
