import type { Workspace } from '../../estate/index.ts';
import type { DenialLog, LogGap, LogReading, LogWindow } from '../../ports/index.ts';
import type { AzureClients } from '../clients.ts';
import { changeOperations } from './change-operations.ts';
import { eventOfTable } from './activity-event.ts';
import { changesOf } from './changes.ts';
import { parametrised } from './compose-query.ts';
import { oddGap, partialGap, troubleGap, unread } from './log-gaps.ts';
import { queryWorkspace, type LogAnswer } from './query-workspace.ts';
import { readDenials, type DenialReading } from './read-denials.ts';
import { signInSeries } from './sign-ins.ts';
import { unwatched } from './watched-services.ts';

/** Sign-ins and changes are asked for with one row more than this, to see that there are more. */
const rowsMax = { signIns: 10_000, changes: 5_000 } as const;
const hour = 3_600_000;

/**
 * Three calls per workspace: refused calls of all sources with the presence of tables, token acquisitions, changes. A workspace that refuses the first is
 * not asked for more. Never throws for what Azure answers: that is coverage.
 */
export function azureDenialLog(clients: AzureClients): DenialLog {
  return {
    async read(window, workspaces, targets) {
      // One workspace twice is one: settings and Resource Graph may both name it.
      const distinct = [...new Map(workspaces.map((one) => [one.customerId.toLowerCase(), one])).values()];
      const readings = await Promise.all(distinct.map((workspace) => readWorkspace(clients, workspace, window)));
      const read = distinct.filter((_, at) => readings[at]?.denials.readable);
      const presence = new Set(readings.flatMap((reading) => [...reading.denials.presence]));
      const first = read[0];
      return {
        denials: readings.flatMap((reading) => reading.denials.denials),
        touched: readings.flatMap((reading) => reading.denials.touched),
        signIns: readings.flatMap((reading) => reading.signIns),
        changes: readings.flatMap((reading) => reading.changes),
        activitySubscriptions: subscriptionsIn(presence),
        rows: readings.reduce((sum, reading) => sum + reading.denials.rows, 0),
        coverage: [
          ...readings.flatMap((reading) => reading.coverage),
          ...(first === undefined ? [] : unwatched(presence, targets, first)),
          ...(distinct.length === 0 ? [noWorkspace] : []),
        ],
      };
    },
  };
}

type WorkspaceReading = Pick<LogReading, 'signIns' | 'changes' | 'coverage'> & { readonly denials: DenialReading };

async function readWorkspace(clients: AzureClients, workspace: Workspace, window: LogWindow): Promise<WorkspaceReading> {
  const denials = await readDenials(clients, workspace, window);
  if (!denials.readable) return { denials, signIns: [], changes: [], coverage: denials.coverage };
  const [signIns, changes] = await Promise.all([readSignIns(clients, workspace, window), readChanges(clients, workspace, window)]);
  return {
    denials,
    signIns: signIns.items,
    changes: changes.items,
    coverage: [...denials.coverage, ...signIns.coverage, ...changes.coverage],
  };
}

interface Part<Item> {
  readonly items: readonly Item[];
  readonly coverage: readonly LogGap[];
}

async function readSignIns(
  clients: AzureClients,
  workspace: Workspace,
  { from, until, signInsSince }: LogWindow,
): Promise<Part<LogReading['signIns'][number]>> {
  const since = new Date(Math.min(Date.parse(signInsSince ?? from), Date.parse(from) - 72 * hour));
  since.setUTCMinutes(0, 0, 0);
  const query = parametrised('sign-ins', {
    // On a first pass everything that there is counts as new.
    from: { kind: 'datetime', value: signInsSince ?? from },
    until: { kind: 'datetime', value: until },
    since: { kind: 'datetime', value: since.toISOString() },
    rowsMax: { kind: 'number', value: rowsMax.signIns },
  });
  const answer = await queryWorkspace(clients, workspace.customerId, query, { from: since.toISOString(), until: later(until) });
  return partOf('signIns', workspace, answer, rowsMax.signIns, (rows) => {
    const { series, odd } = signInSeries(rows);
    return { items: series, odd };
  });
}

async function readChanges(
  clients: AzureClients,
  workspace: Workspace,
  { from, until }: LogWindow,
): Promise<Part<LogReading['changes'][number]>> {
  const query = parametrised('activity-changes', {
    from: { kind: 'datetime', value: from },
    until: { kind: 'datetime', value: until },
    operations: { kind: 'strings', value: changeOperations.map((operation) => operation.toUpperCase()) },
    rowsMax: { kind: 'number', value: rowsMax.changes },
  });
  const answer = await queryWorkspace(clients, workspace.customerId, query, {
    from: new Date(Date.parse(from) - 73 * hour).toISOString(),
    until: later(until),
  });
  return partOf('changes', workspace, answer, rowsMax.changes, (rows) => {
    const events = rows.map(eventOfTable);
    return { items: changesOf(events.filter((event) => event !== undefined)), odd: events.filter((event) => event === undefined).length };
  });
}

function partOf<Item>(
  slice: string,
  workspace: Workspace,
  answer: LogAnswer,
  max: number,
  parse: (rows: readonly unknown[]) => { readonly items: readonly Item[]; readonly odd: number },
): Part<Item> {
  if (answer.kind === 'trouble') return { items: [], coverage: [troubleGap(slice, workspace, answer.trouble)] };
  const { items, odd } = parse(answer.rows.slice(0, max));
  return {
    items,
    coverage: [
      ...oddGap(slice, workspace.id, odd),
      ...(answer.partial === undefined ? [] : [partialGap(slice, workspace, answer.partial)]),
      ...(answer.rows.length > max
        ? [
            unread(
              slice,
              workspace.id,
              'partial',
              `The workspace ${workspace.name} holds more than ${max} rows of this kind for the window; the rest was not read.`,
            ),
          ]
        : []),
    ],
  };
}

/** `AzureActivity <subscription>` in the presence. */
const subscriptionsIn = (presence: ReadonlySet<string>): readonly string[] =>
  [...presence].flatMap((source) => /^AzureActivity ([0-9a-f-]{36})$/.exec(source)?.[1] ?? []);

/** Clocks differ; what the texts ask for is by ingestion. */
const later = (instant: string): string => new Date(Date.parse(instant) + 24 * hour).toISOString();

const noWorkspace: LogGap = {
  slice: 'logs',
  scope: '/',
  state: 'missing',
  why: 'No Log Analytics workspace was found or named, so only the Activity Log is watched: refused calls to data (vaults, storage, queues, databases) leave no trace that can be read.',
  permission: '',
  command: '',
  failed: false,
};
