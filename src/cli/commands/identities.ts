import { Command } from 'commander';
import type { Estate } from '../../estate/index.ts';
import { coverage, isComplete } from '../../findings/index.ts';
import { collectEstate } from '../../jobs/collect-estate.ts';
import { listIdentities, type IdentityView } from '../../jobs/list-identities.ts';
import { subscriptionNames } from '../../jobs/subscription-names.ts';
import { readEstateFile } from '../estate-file.ts';
import { exitCode } from '../exit-code.ts';
import { withFormat, withWorld, type CommonOptions } from '../options.ts';
import { coverageLines } from '../output/audit-table.ts';
import { paintWith } from '../output/paint.ts';
import { csvOf, markdownTableOf, tableOf, type Sheet } from '../output/sheet.ts';
import { shortScope } from '../output/short-scope.ts';
import type { Door } from '../run.ts';
import { inSession } from '../session.ts';
import type { Terminal } from '../terminal.ts';

interface IdentitiesOptions extends CommonOptions {
  readonly estate?: string;
}

export function identitiesCommand(door: Door): Command {
  const command = new Command('identities').description('collect, and list managed identities with their hosts and grants');
  return withFormat(withWorld(command), ['table', 'json', 'csv', 'markdown'])
    .option('--estate <file>', 'list from what `collect --out` wrote instead of collecting')
    .action(async (options: IdentitiesOptions) => {
      const terminal = door.terminal(options);
      const estate = await estateFor(options, terminal);
      terminal.progress('');
      terminal.print(printed(estate, options, terminal));
      door.exit(isComplete(estate.gaps) ? exitCode.clean : exitCode.incomplete);
    });
}

async function estateFor(options: IdentitiesOptions, terminal: Terminal): Promise<Estate> {
  if (options.estate !== undefined) return readEstateFile(options.estate);
  return inSession(options, terminal, async ({ settings, house, now }) => {
    const { estate } = await collectEstate({
      source: house.source(),
      store: await house.store(),
      settings,
      now,
      progress: (line) => terminal.progress(line),
    });
    return estate;
  });
}

function printed(estate: Estate, { format }: IdentitiesOptions, terminal: Terminal): string {
  const identities = listIdentities(estate);
  const gaps = coverage(estate.gaps);
  const names = subscriptionNames(estate);
  switch (format) {
    case 'json':
      return JSON.stringify({ schema: 'mi-audit/identities/v1', coverage: gaps, identities }, undefined, 2);
    case 'csv':
      return csvOf(wholeSheetOf(identities));
    case 'markdown':
    case 'sarif':
      return markdownTableOf(wholeSheetOf(identities));
    case 'table':
      return [
        identities.length === 0
          ? 'No managed identities were seen.'
          : tableOf(
              sheetOf(identities, (id) => shortScope(id, names)),
              terminal.columns,
            ),
        '',
        ...coverageLines(gaps, paintWith(terminal.colours), isComplete(estate.gaps), names),
      ].join('\n');
  }
}

/** What a terminal has no width for. */
function wholeSheetOf(identities: readonly IdentityView[]): Sheet {
  const { columns, rows } = sheetOf(identities, (id) => id);
  return {
    columns: [...columns, { title: 'client id', share: 0 }, { title: 'federated credentials', share: 0 }],
    rows: rows.map((row, at) => [...row, identities[at]?.clientId ?? '', String(identities[at]?.federatedCredentials ?? 0)]),
  };
}

function sheetOf(identities: readonly IdentityView[], place: (id: string) => string): Sheet {
  return {
    columns: [
      { title: 'name', share: 3 },
      { title: 'kind', share: 0 },
      { title: 'object id', share: 0 },
      { title: 'hosts', share: 0 },
      { title: 'grants', share: 0 },
      { title: 'resource', share: 5 },
    ],
    rows: identities.map(({ name, kind, principalId, hosts, grants, resourceId }) => [
      name,
      kind,
      principalId,
      String(hosts.length),
      String(grants.length),
      place(resourceId),
    ]),
  };
}
