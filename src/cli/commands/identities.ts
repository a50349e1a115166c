import { Command } from 'commander';
import type { Estate } from '../../estate/index.ts';
import { coverage, isComplete, type Run } from '../../findings/index.ts';
import type { IdentitySheet } from '../../inventory/index.ts';
import { collectEstate } from '../../jobs/collect-estate.ts';
import { listIdentities, type IdentityView } from '../../jobs/list-identities.ts';
import { subscriptionNames } from '../../jobs/subscription-names.ts';
import { readEstateFile } from '../estate-file.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { withFormat, withWorld, type CommonOptions } from '../options.ts';
import { coverageLines } from '../output/audit-table.ts';
import { dossierText, storedSheet } from '../output/dossier-text.ts';
import { paintWith } from '../output/paint.ts';
import { csvOf, markdownTableOf, tableOf, type Sheet } from '../output/sheet.ts';
import { shortScope } from '../output/short-scope.ts';
import type { Door } from '../run.ts';
import { inSession } from '../session.ts';
import { storedIdentities, storedIdentity } from '../stored-identities.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../trouble.ts';

interface IdentitiesOptions extends CommonOptions {
  readonly estate?: string;
  readonly stored?: boolean;
  readonly collect?: boolean;
}

export function identitiesCommand(door: Door): Command {
  const command = new Command('identities').description(
    'list managed identities with their hosts and grants: those that the latest audits stored',
  );
  return withFormat(withWorld(command), ['table', 'json', 'csv', 'markdown'])
    .argument('[identity]', 'one stored identity by object id, client id, ARM id or name: its runbook page')
    .option('--estate <file>', 'list from what `collect --out` wrote instead of collecting')
    .option('--stored', 'list what is stored, also of a world')
    .option('--collect', 'read Azure now, although there is a store')
    .action(async (identity: string | undefined, options: IdentitiesOptions) => {
      const terminal = door.terminal(options);
      if (identity !== undefined || asksStore(options, terminal)) {
        door.exit(await printStored(identity, options, terminal));
        return;
      }
      const estate = await estateFor(options, terminal);
      terminal.progress('');
      terminal.print(printed(estate, options, terminal));
      door.exit(isComplete(estate.gaps) ? exitCode.clean : exitCode.incomplete);
    });
}

/** A store answers at once. Without one, and for a world that nobody audited, there is only Azure to ask. */
function asksStore({ stored, collect, estate, store, world }: IdentitiesOptions, terminal: Terminal): boolean {
  if (stored === true || collect === true || estate !== undefined) return stored === true;
  return world === undefined && (store ?? terminal.environment['STORE'] ?? '') !== '';
}

async function printStored(identity: string | undefined, options: IdentitiesOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.estate !== undefined)
    throw new UsageError('--estate lists what is in a file; --stored and a name ask the store. Give one of them.');
  const answer = await inSession(options, terminal, async ({ house, now }) => {
    const store = await house.keptStore();
    if (identity === undefined) return { kind: 'list', ...(await storedIdentities(store)) } as const;
    const dossier = await storedIdentity(store, identity);
    if (dossier === undefined)
      throw new UsageError(
        `No stored identity is known as ${identity}. "mi-audit identities --stored" lists them; "mi-audit audit" stores them.`,
      );
    return { kind: 'one', audit: dossier.audit, text: dossierText(dossier, options.format, now()) } as const;
  });
  terminal.progress('');
  terminal.print(answer.kind === 'one' ? answer.text : printedList(answer.sheets, answer.audit, options, terminal));
  return answer.audit?.complete === true ? exitCode.clean : exitCode.incomplete;
}

function printedList(sheets: readonly IdentitySheet[], audit: Run | undefined, { format }: IdentitiesOptions, terminal: Terminal): string {
  switch (format) {
    case 'json':
      return JSON.stringify(
        { schema: 'mi-audit/stored-identities/v1', run: audit?.id ?? null, coverage: audit?.coverage ?? [], identities: sheets },
        undefined,
        2,
      );
    case 'csv':
      return csvOf(storedSheet(sheets, (id) => id, true));
    case 'markdown':
    case 'sarif':
      return markdownTableOf(storedSheet(sheets, (id) => id, true));
    case 'table': {
      const paint = paintWith(terminal.colours);
      if (audit === undefined) return paint.warning('No audit has been stored yet: run mi-audit audit.');
      const table =
        sheets.length === 0
          ? 'No managed identities were seen.'
          : tableOf(
              storedSheet(sheets, (id) => shortScope(id, {}), false),
              terminal.columns,
            );
      return [
        table,
        '',
        ...coverageLines(audit.coverage, paint, audit.complete),
        paint.faint(`As of ${audit.finishedAt} (run ${audit.id}).`),
      ].join('\n');
    }
  }
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
