import type { ActionTable } from './action-table.ts';

/**
 * Cosmos DB's native data actions (its own role system: https://learn.microsoft.com/azure/cosmos-db/how-to-setup-rbac). The log's operation
 * names are not confirmed against a real tenant.
 */
export const cosmosDb: ActionTable = [
  { action: 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/read', plane: 'data', operations: ['Read'] },
  { action: 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/executeQuery', plane: 'data', operations: ['Query'] },
  { action: 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/readChangeFeed', plane: 'data', operations: ['ReadFeed'] },
  { action: 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/create', plane: 'data', operations: ['Create'] },
  { action: 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/upsert', plane: 'data', operations: ['Upsert'] },
  { action: 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/replace', plane: 'data', operations: ['Replace'] },
  { action: 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/delete', plane: 'data', operations: ['Delete'] },
  {
    action: 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/executeStoredProcedure',
    plane: 'data',
    operations: ['Execute'],
  },
];
