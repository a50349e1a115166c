export { OtherTenantError } from './apply-changes.ts';
export type { LeaseClock } from './lease.ts';
export { LeaseLostError } from './lease.ts';
export { NewerStoreError } from './row-kind.ts';
export { openStore } from './open-store.ts';
export { openSqliteTable, sqliteFile, StoreFileError } from './sqlite-table.ts';
