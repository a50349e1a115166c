import type { Denial } from '../../denials/index.ts';
import { refusedBy } from '../refused-by.ts';
import { refusedInText } from '../target.ts';
import type { ActionTable } from './action-table.ts';
import { containerRegistry } from './container-registry.ts';
import { cosmosDb } from './cosmos-db.ts';
import { isDataAction } from './data-actions.ts';
import { keyVault } from './key-vault.ts';
import { eventHubs, serviceBus } from './messaging.ts';
import { blob, file, queue, table } from './storage.ts';
import { actionOfPermission } from './vault-permissions.ts';

export interface RequiredAction {
  readonly action: string;
  readonly data: boolean;
}

/** What one refused operation needs: what the log itself names, else the tables; empty when neither knows. */
export function requiredActions(denial: Denial): readonly RequiredAction[] {
  // A managed HSM decides by roles of its own, which no list of Azure's roles knows.
  if (/\/managedhsms\//i.test(denial.target)) return [];
  const told = denial.service === 'arm' || denial.service === 'app' ? refusedInText(denial)?.action : undefined;
  if (told !== undefined) return [{ action: told, data: isDataAction(told) }];
  if (denial.action) return [{ action: denial.action, data: isDataAction(denial.action) }];
  if (denial.service === 'arm') return /^[\w.]+\/.+/.test(denial.operation) ? [{ action: denial.operation, data: false }] : [];
  return byOperation.get(tableKey(denial))?.get(denial.operation.toLowerCase()) ?? permitted(denial) ?? claimed(denial);
}

/** "… does not have secrets get permission on key vault …", printed by an application. */
function permitted({ sample }: Denial): readonly RequiredAction[] | undefined {
  const [, kind = '', permission = ''] = /does not have (secrets|keys|certificates) (\w+) permission/i.exec(sample) ?? [];
  const action = actionOfPermission(kind.toLowerCase(), permission.toLowerCase());
  return action === undefined ? undefined : [{ action, data: true }];
}

/** Messaging opens a connection before it says what for; its refusals then name the claim: "'Listen' claim(s) are required". */
function claimed(denial: Denial): readonly RequiredAction[] {
  const { sample, operation } = denial;
  const service = refusedBy(denial);
  const provider = service === 'service-bus' ? 'Microsoft.ServiceBus' : service === 'event-hubs' ? 'Microsoft.EventHub' : undefined;
  if (provider === undefined) return [];
  const claims = `${operation} ${sample}`;
  return [
    ...(/\b(?:listen|receive)\b/i.test(claims) ? [{ action: `${provider}/namespaces/messages/receive/action`, data: true }] : []),
    ...(/\bsend\b/i.test(claims) ? [{ action: `${provider}/namespaces/messages/send/action`, data: true }] : []),
  ];
}

function index(rows: ActionTable): ReadonlyMap<string, readonly RequiredAction[]> {
  const found = new Map<string, RequiredAction[]>();
  for (const { action, plane, operations } of rows) {
    for (const operation of operations) {
      const key = operation.toLowerCase();
      const needs = { action, data: plane === 'data' };
      const list = found.get(key);
      if (list) list.push(needs);
      else found.set(key, [needs]);
    }
  }
  return found;
}

const byOperation: ReadonlyMap<string, ReadonlyMap<string, readonly RequiredAction[]>> = new Map([
  ['StorageBlobLogs', index(blob)],
  ['StorageQueueLogs', index(queue)],
  ['StorageTableLogs', index(table)],
  ['StorageFileLogs', index(file)],
  ['key-vault', index(keyVault)],
  ['service-bus', index(serviceBus)],
  ['event-hubs', index(eventHubs)],
  ['cosmos-db', index(cosmosDb)],
  ['container-registry', index(containerRegistry)],
]);

const tableKey = (denial: Denial): string => (denial.service === 'storage' ? denial.table : denial.service);
