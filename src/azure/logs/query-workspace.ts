import type { LogsTable } from '@azure/monitor-query-logs';
import { logsWaitSeconds, type AzureClients } from '../clients.ts';
import { troubleOf, worthAnotherTry, type Trouble } from '../trouble.ts';

/** Rows as objects; `partial` says why they are not all. Azure's trouble is data. */
export type LogAnswer =
  | { readonly kind: 'rows'; readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly partial?: string }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

/** TimeGenerated outside of it is not looked at; the texts narrow further. */
export interface Period {
  readonly from: string;
  readonly until: string;
}

const attempts = 2;

export async function queryWorkspace(clients: AzureClients, customerId: string, query: string, period: Period): Promise<LogAnswer> {
  const timespan = { startTime: new Date(period.from), endTime: new Date(period.until) };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await clients.logs.queryWorkspace(customerId, query, timespan, { serverTimeoutInSeconds: logsWaitSeconds });
      if ('tables' in result) return { kind: 'rows', rows: objects(result.tables[0]) };
      return { kind: 'rows', rows: objects(result.partialTables[0]), partial: clean(messagesOf(result.partialError)) };
    } catch (error) {
      const trouble = error instanceof TypeError || error instanceof SyntaxError ? malformed : troubleOf(error);
      if (attempt >= attempts || !worthAnotherTry(trouble) || trouble.code === 'ETIMEDOUT') return { kind: 'trouble', trouble };
      await clients.wait(500 * 2 ** attempt);
    }
  }
}

/** A 200 without a body, or without tables: the SDK reads into nothing. */
const malformed: Trouble = { kind: 'malformed', text: 'the answer held no table' };

function objects(table: LogsTable | undefined): readonly Readonly<Record<string, unknown>>[] {
  if (table === undefined) return [];
  const names = table.columnDescriptors.map((column) => column.name ?? '');
  return table.rows.map((row) => Object.fromEntries(row.map((value, at) => [names[at] ?? '', value])));
}

/** The general sentence says nothing; the details do. */
function messagesOf(error: {
  readonly code?: string;
  readonly message?: string;
  readonly details?: readonly { readonly message?: string }[];
}): string {
  const details = (error.details ?? []).map((detail) => detail.message ?? '').filter((message) => message !== '');
  return details.length > 0 ? details.join(' ') : (error.message ?? error.code ?? 'no reason given');
}

const clean = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
