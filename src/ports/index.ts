export type { CollectMemory, CollectScope, EstateSource, RememberedCredentials } from './estate-source.ts';
export type { RecordTable, Row, Write } from './record-table.ts';
export type { Changes, FindingFilter, Known, Lease, MemoryChanges, Store } from './store.ts';
