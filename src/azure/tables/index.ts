export { RowTooLargeError } from './entity.ts';
export { openRecordTable } from './record-table.ts';
export { auditTable, openStorageTable, type StorageAccount } from './storage-account.ts';
