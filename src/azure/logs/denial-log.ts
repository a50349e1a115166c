import type { Workspace } from '../../estate/index.ts';
import type { DenialLog, LogGap, LogReading, LogWindow } from '../../ports/index.ts';
import type { AzureClients } from '../clients.ts';
import { parametrised } from './compose-query.ts';
import { oddGap, partialGap, troubleGap, unread } from './log-gaps.ts';
import { queryWorkspace } from './query-workspace.ts';
import { readChanges } from './read-changes.ts';
import { readDenials, type DenialReading } from './read-denials.ts';
import { readTokenCallers } from './token-callers.ts';
import { signInSeries } from './sign-ins.ts';
import { unwatched } from './watched-services.ts';

/** Sign-ins are asked for with one row more than this, to see that there are more. */
const signInsMax = 10_000;
const hour = 3_600_000;

/**
 * Two calls per workspace for what was refused: refused calls of all sources with the presence of tables, token acquisitions. One for what was changed. A
 * workspace that refuses the first is not asked for more. Never throws for what Azure answers: that is coverage.
 */
export function azureDenialLog(clients: AzureClients): DenialLog {
  return {
    async read(window, workspaces, targets) {
      const distinct = eachOnce(workspaces);
      const readings = await Promise.all(distinct.map((workspace) => readWorkspace(clients, workspace, windowOf(workspace, window))));
      const read = distinct.filter((_, at) => readings[at]?.denials.readable);
      const presence = new Set(readings.flatMap((reading) => [...reading.denials.presence]));
      const first = read[0];
      return {
        denials: readings.flatMap((reading) => reading.denials.denials),
        touched: readings.flatMap((reading) => reading.denials.touched),
        signIns: readings.flatMap((reading) => reading.signIns),
        activitySubscriptions: subscriptionsIn(presence),
        rows: readings.reduce((sum, reading) => sum + reading.denials.rows, 0),
        coverage: [
          ...readings.flatMap((reading) => reading.coverage),
          ...(first === undefined ? [] : unwatched(presence, targets, first)),
          ...(distinct.length === 0 ? [noWorkspace] : []),
        ],
      };
    },
    async changes(window, workspaces) {
      const readings = await Promise.all(
        eachOnce(workspaces).map((workspace) => readChanges(clients, workspace, windowOf(workspace, window))),
      );
      return {
        changes: readings.flatMap((reading) => reading.changes),
        subscriptions: readings.flatMap((reading) => reading.subscriptions),
        coverage: readings.flatMap((reading) => reading.coverage),
      };
    },
    async callersOf(tokens, { from, until }, workspaces) {
      const period = { from: new Date(Date.parse(from) - tokenHours * hour).toISOString(), until: later(until) };
      const readings = await Promise.all(eachOnce(workspaces).map((workspace) => readTokenCallers(clients, workspace, tokens, period)));
      return {
        callers: new Map(readings.flatMap((reading) => [...reading.callers])),
        coverage: readings.flatMap((reading) => reading.coverage),
      };
    },
  };
}

/** A managed identity's token lives for a day. */
const tokenHours = 24;

/** One workspace twice is one: settings and Resource Graph may both name it. */
const eachOnce = (workspaces: readonly Workspace[]): readonly Workspace[] => [
  ...new Map(workspaces.map((one) => [one.customerId.toLowerCase(), one])).values(),
];

const windowOf = ({ customerId }: Workspace, window: LogWindow): LogWindow => ({
  ...window,
  ...window.earlier?.get(customerId.toLowerCase()),
});

type WorkspaceReading = Pick<LogReading, 'signIns' | 'coverage'> & { readonly denials: DenialReading };

async function readWorkspace(clients: AzureClients, workspace: Workspace, window: LogWindow): Promise<WorkspaceReading> {
  const denials = await readDenials(clients, workspace, window);
  if (!denials.readable) return { denials, signIns: [], coverage: denials.coverage };
  const signIns = await readSignIns(clients, workspace, window);
  return { denials, signIns: signIns.items, coverage: [...denials.coverage, ...signIns.coverage] };
}

async function readSignIns(
  clients: AzureClients,
  workspace: Workspace,
  { from, until, signInsSince }: LogWindow,
): Promise<{ readonly items: LogReading['signIns']; readonly coverage: readonly LogGap[] }> {
  const since = new Date(Math.min(Date.parse(signInsSince ?? from), Date.parse(from) - 72 * hour));
  since.setUTCMinutes(0, 0, 0);
  const query = parametrised('sign-ins', {
    // On a first pass everything that there is counts as new.
    from: { kind: 'datetime', value: signInsSince ?? from },
    until: { kind: 'datetime', value: until },
    since: { kind: 'datetime', value: since.toISOString() },
    rowsMax: { kind: 'number', value: signInsMax },
  });
  const answer = await queryWorkspace(clients, workspace.customerId, query, { from: since.toISOString(), until: later(until) });
  if (answer.kind === 'trouble') return { items: [], coverage: [troubleGap('signIns', workspace, answer.trouble)] };
  const { series, odd } = signInSeries(answer.rows.slice(0, signInsMax));
  return {
    items: series,
    coverage: [
      ...oddGap('signIns', workspace.id, odd),
      ...(answer.partial === undefined ? [] : [partialGap('signIns', workspace, answer.partial)]),
      ...(answer.rows.length > signInsMax ? [unread('signIns', workspace.id, 'partial', tooMany(workspace))] : []),
    ],
  };
}

/** `AzureActivity <subscription>` in the presence. */
const subscriptionsIn = (presence: ReadonlySet<string>): readonly string[] =>
  [...presence].flatMap((source) => /^AzureActivity ([0-9a-f-]{36})$/.exec(source)?.[1] ?? []);

/** Clocks differ; what the texts ask for is by ingestion. */
const later = (instant: string): string => new Date(Date.parse(instant) + 24 * hour).toISOString();

const tooMany = ({ name }: Workspace): string =>
  `The workspace ${name} holds more than ${signInsMax} rows of sign-ins for the window; the rest was not read.`;

const noWorkspace: LogGap = {
  slice: 'logs',
  scope: '/',
  state: 'missing',
  why: 'No Log Analytics workspace was found or named, so only the Activity Log is watched: refused calls to data (vaults, storage, queues, databases) leave no trace that can be read.',
  permission: '',
  command: '',
  failed: false,
};
