import { azureDenialLog } from '../../../src/azure/index.ts';
import type { Denial } from '../../../src/denials/index.ts';
import { resourceKey, type Workspace } from '../../../src/estate/index.ts';
import type { ChangeReading, DenialLog, LogReading, LogTarget, LogWindow, TokenCallers } from '../../../src/ports/index.ts';
import { guid, inSandbox, now, type Files } from '../sandboxed.ts';

export const sub = '11111111-1111-4111-8111-111111111111';
export const customerId = '99999999-9999-4999-8999-999999999999';
export const principal = guid(501);
export const client = guid(502);
const group = `/subscriptions/${sub}/resourceGroups/rg/providers`;
export const vault = `${group}/Microsoft.KeyVault/vaults/kv-pay`;
export const account = `${group}/Microsoft.Storage/storageAccounts/stpay`;
export const app = `${group}/Microsoft.App/containerApps/ca-pay`;
export const namespace = `${group}/Microsoft.ServiceBus/namespaces/sb-pay`;

export const workspaceOf = (id: string): Workspace => {
  const armId = `${group}/Microsoft.OperationalInsights/workspaces/${id.slice(0, 8)}`;
  return { id: armId, key: resourceKey(armId), name: id.slice(0, 8), customerId: id };
};
export const workspaceRow = (id: string) => ({
  id: workspaceOf(id).id,
  name: workspaceOf(id).name,
  type: 'microsoft.operationalinsights/workspaces',
  subscriptionId: sub,
  properties: { customerId: id },
});

/** `HH:MM:SS` of the day that ends at `now` (08:00). */
export const at = (time: string, date = '2026-11-20'): string => `${date}T${time}Z`;
export const defaultWindow: LogWindow = { from: '2026-11-20T07:00:00Z', until: now };

export interface LogSpec {
  /** Table → rows of the one workspace, or `<customer id>/<table>`. */
  readonly tables: Readonly<Record<string, readonly object[]>>;
  readonly window?: LogWindow;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly workspaces?: readonly string[];
  readonly targets?: readonly LogTarget[];
}

export const readLogs = (spec: LogSpec): Promise<LogReading & { readonly calls: number }> =>
  inLogs(spec, (log, { window = defaultWindow, workspaces = [customerId], targets }) =>
    log.read(window, workspaces.map(workspaceOf), targets),
  );

export const readChanges = (spec: LogSpec): Promise<ChangeReading & { readonly calls: number }> =>
  inLogs(spec, (log, { window = defaultWindow, workspaces = [customerId] }) => log.changes(window, workspaces.map(workspaceOf)));

export const readCallers = (tokens: readonly string[], spec: LogSpec): Promise<TokenCallers & { readonly calls: number }> =>
  inLogs(spec, (log, { window = defaultWindow, workspaces = [customerId] }) => log.callersOf(tokens, window, workspaces.map(workspaceOf)));

async function inLogs<Reading>(
  spec: LogSpec,
  read: (log: DenialLog, spec: LogSpec) => Promise<Reading>,
): Promise<Reading & { readonly calls: number }> {
  const { tables, settings = {}, workspaces = [customerId] } = spec;
  const files: Files = {
    'arg/resources': workspaces.map(workspaceRow),
    ...Object.fromEntries(
      Object.entries(tables).map(([name, rows]) => [`logs/${name.includes('/') ? name : `${customerId}/${name}`}`, rows]),
    ),
  };
  return inSandbox({ settings, files }, async (azure) => {
    const reading = await read(azureDenialLog(azure), spec);
    return { ...reading, calls: azure.calls().logs };
  });
}

export const countOf = (denial: Denial): number => denial.bins.reduce((sum, bin) => sum + bin.count, 0);
