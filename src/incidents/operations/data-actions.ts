import type { ActionTable } from './action-table.ts';
import { containerRegistry } from './container-registry.ts';
import { cosmosDb } from './cosmos-db.ts';
import { keyVault } from './key-vault.ts';
import { eventHubs, serviceBus } from './messaging.ts';
import { blob, file, queue, table } from './storage.ts';

/** Is it an action on what is inside of a resource? By the tables, and for what they do not list by the providers' habits. */
export function isDataAction(action: string): boolean {
  const lower = action.toLowerCase();
  return dataActions.has(lower) || providersOfData.test(lower);
}

const all: readonly ActionTable[] = [blob, queue, table, file, keyVault, serviceBus, eventHubs, cosmosDb, containerRegistry];
const dataActions = new Set(
  all
    .flat()
    .filter((row) => row.plane === 'data')
    .map((row) => row.action.toLowerCase()),
);
const providersOfData =
  /^microsoft\.(keyvault\/vaults\/(secrets|keys|certificates)\/|(servicebus|eventhub)\/.*\/(send|receive)\/action$|documentdb\/databaseaccounts\/(readmetadata|sqldatabases)|storage\/storageaccounts\/.*\/(blobs|messages|entities|files)\/)/;
