import type { Denial, Touched } from '../../denials/index.ts';
import type { Workspace } from '../../estate/index.ts';
import type { LogGap, LogWindow } from '../../ports/index.ts';
import type { AzureClients } from '../clients.ts';
import { allSources, denialQuery, denialRowsMax, probeQuery, type Source } from './compose-query.ts';
import { denialOf } from './denial-row.ts';
import { oddGap, partialGap, troubleGap, unread } from './log-gaps.ts';
import { mergeDenials } from './merge-denials.ts';
import { queryWorkspace, type LogAnswer, type Period } from './query-workspace.ts';

export interface DenialReading {
  readonly readable: boolean;
  readonly denials: readonly Denial[];
  readonly touched: readonly Touched[];
  /** Tables that have rows in the last seven days; see presence.kql. */
  readonly presence: ReadonlySet<string>;
  readonly rows: number;
  readonly coverage: readonly LogGap[];
}

const slice = 'denials';
const day = 86_400_000;

/** Refused calls of every source of one workspace, in one call; in more only when Azure does not understand the whole. */
export async function readDenials(clients: AzureClients, workspace: Workspace, window: LogWindow): Promise<DenialReading> {
  // Bins reach back three days and presence seven.
  const period = {
    from: new Date(Math.min(Date.parse(window.from) - 3 * day, Date.parse(window.until) - 7 * day) - day).toISOString(),
    until: new Date(Date.parse(window.until) + day).toISOString(),
  };
  const answer = await queryWorkspace(clients, workspace.customerId, denialQuery(window), period);
  if (answer.kind === 'rows') return readingOf(workspace, answer);
  if (answer.trouble.kind !== 'rejected') return unreadable(troubleGap(slice, workspace, answer.trouble));
  return withoutUnknown(clients, workspace, window, period, answer);
}

/** One source that the workspace cannot resolve (another plan, a renamed column) must not blind the others: each is tried alone, and the sound ones asked together. */
async function withoutUnknown(
  clients: AzureClients,
  workspace: Workspace,
  window: LogWindow,
  period: Period,
  whole: LogAnswer,
): Promise<DenialReading> {
  const tried = await Promise.all(
    allSources.map(async (source) => ({
      source,
      answer: await queryWorkspace(clients, workspace.customerId, probeQuery(window, source), period),
    })),
  );
  const sound = tried.filter(({ answer }) => answer.kind === 'rows').map(({ source }) => source);
  const blind = tried.flatMap(({ source, answer }) => (answer.kind === 'trouble' ? [blindIn(workspace, source, answer.trouble.text)] : []));
  const answer =
    sound.length === 0 || sound.length === tried.length
      ? whole
      : await queryWorkspace(clients, workspace.customerId, denialQuery(window, sound), period);
  if (answer.kind === 'trouble') return unreadable(troubleGap(slice, workspace, answer.trouble));
  const reading = readingOf(workspace, answer);
  return { ...reading, coverage: [...blind, ...reading.coverage] };
}

function readingOf(workspace: Workspace, { rows, partial }: Extract<LogAnswer, { readonly kind: 'rows' }>): DenialReading {
  const denials: Denial[] = [];
  const touched: Touched[] = [];
  const presence = new Set<string>();
  let behind = 0;
  let odd = 0;
  let count = 0;
  for (const row of rows) {
    const source = typeof row['source'] === 'string' ? row['source'] : '';
    switch (row['what']) {
      case 'presence':
        presence.add(source);
        break;
      case 'touched':
        if (Array.isArray(row['bins']))
          touched.push({ workspace: workspace.customerId, table: source, bins: row['bins'].map(Number).filter(Number.isSafeInteger) });
        break;
      default: {
        count += 1;
        if (count > denialRowsMax) break;
        const parsed = denialOf(row, workspace.customerId);
        if (parsed === undefined) odd += 1;
        else denials.push(parsed.denial);
        behind += parsed?.rows ?? 0;
      }
    }
  }
  return {
    readable: true,
    denials: mergeDenials(denials),
    // Of a partial answer nobody knows what is missing: a bin that is not in it is not zero.
    touched: partial === undefined ? touched : [],
    presence,
    rows: behind,
    coverage: [
      ...oddGap(slice, workspace.id, odd),
      ...(partial === undefined ? [] : [partialGap(slice, workspace, partial)]),
      ...(count > denialRowsMax
        ? [
            unread(
              slice,
              workspace.id,
              'partial',
              `The workspace ${workspace.name} holds more than ${denialRowsMax} different refused calls for the window; the rarest were left out.`,
            ),
          ]
        : []),
    ],
  };
}

const unreadable = (gap: LogGap): DenialReading => ({
  readable: false,
  denials: [],
  touched: [],
  presence: new Set(),
  rows: 0,
  coverage: [gap],
});

const blindIn = (workspace: Workspace, source: Source, why: string): LogGap =>
  unread(
    `${slice}:${source.replace('denials-', '')}`,
    workspace.id,
    'missing',
    `The workspace ${workspace.name} does not understand the query over ${source.replace('denials-', '')}: ${why}`,
  );
