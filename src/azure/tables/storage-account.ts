import { TableClient, type TableServiceClientOptions } from '@azure/data-tables';
import type { TokenCredential } from '@azure/core-auth';
import type { RecordTable } from '../../ports/index.ts';
import { openRecordTable } from './record-table.ts';

export type StorageAccount =
  | { readonly kind: 'connection-string'; readonly connectionString: string }
  /** `ca`: certificate of a private authority, as a loopback account has one. */
  | { readonly kind: 'account'; readonly url: string; readonly credential: TokenCredential; readonly ca?: string | undefined };

export const auditTable = 'miaudit';

/** The auditor's table in a storage account; made when it is not there. */
export function openStorageTable(account: StorageAccount, tableName: string = auditTable): Promise<RecordTable> {
  return openRecordTable(clientOf(account, tableName));
}

function clientOf(account: StorageAccount, tableName: string): TableClient {
  switch (account.kind) {
    case 'connection-string':
      return TableClient.fromConnectionString(account.connectionString, tableName, {
        allowInsecureConnection: isLoopback(account.connectionString),
      });
    case 'account': {
      const options: TableServiceClientOptions = account.ca === undefined ? {} : { tlsOptions: { ca: account.ca } };
      return new TableClient(account.url, tableName, account.credential, options);
    }
  }
}

/** Without TLS only on this machine. */
const isLoopback = (connectionString: string): boolean =>
  /UseDevelopmentStorage=true|TableEndpoint=http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/i.test(connectionString);
