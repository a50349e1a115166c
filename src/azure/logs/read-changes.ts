import { z } from 'zod';
import type { Workspace } from '../../estate/index.ts';
import type { ChangeReading, LogWindow } from '../../ports/index.ts';
import type { AzureClients } from '../clients.ts';
import { eventOfTable } from './activity-event.ts';
import { changeOperations } from './change-operations.ts';
import { changesOf } from './changes.ts';
import { parametrised } from './compose-query.ts';
import { oddGap, partialGap, troubleGap, unread } from './log-gaps.ts';
import { queryWorkspace } from './query-workspace.ts';

const slice = 'changes';
/** Asked for with one row more than this, to see that there are more. */
const rowsMax = 5_000;
const hourMs = 3_600_000;

const sender = z.object({ subscription: z.guid().transform((given) => given.toLowerCase()) });

/** Changes that the Activity Logs in one workspace hold, and whose logs these are: one call. */
export async function readChanges(clients: AzureClients, workspace: Workspace, { from, until }: LogWindow): Promise<ChangeReading> {
  const query = parametrised('activity-changes', {
    from: { kind: 'datetime', value: from },
    until: { kind: 'datetime', value: until },
    operations: { kind: 'strings', value: changeOperations.map((operation) => operation.toUpperCase()) },
    rowsMax: { kind: 'number', value: rowsMax },
  });
  // Records reach back three days, the list of subscriptions seven; clocks differ, and what the text asks for is by ingestion.
  const earliest = Math.min(Date.parse(from) - 73 * hourMs, Date.parse(until) - 7 * 24 * hourMs - hourMs);
  const period = { from: new Date(earliest).toISOString(), until: new Date(Date.parse(until) + 24 * hourMs).toISOString() };
  const answer = await queryWorkspace(clients, workspace.customerId, query, period);
  if (answer.kind === 'trouble') return { changes: [], subscriptions: [], coverage: [troubleGap(slice, workspace, answer.trouble)] };
  const { subscription: senders = [], change: records = [] } = Object.groupBy(answer.rows, ({ what }) =>
    what === 'subscription' ? 'subscription' : 'change',
  );
  const events = records.slice(0, rowsMax).map(eventOfTable);
  const odd = events.filter((event) => event === undefined).length;
  return {
    changes: changesOf(events.filter((event) => event !== undefined)),
    subscriptions: senders.map((row) => sender.safeParse(row)).flatMap(({ data }) => (data === undefined ? [] : [data.subscription])),
    coverage: [
      ...oddGap(slice, workspace.id, odd),
      ...(answer.partial === undefined ? [] : [partialGap(slice, workspace, answer.partial)]),
      ...(records.length > rowsMax ? [unread(slice, workspace.id, 'partial', tooMany(workspace))] : []),
    ],
  };
}

const tooMany = ({ name }: Workspace): string =>
  `The workspace ${name} holds more than ${rowsMax} records of changes for the window; the older ones were not read.`;
