export type { CollectMemory, CollectRequest, CollectScope, EstateSource, RememberedCredentials } from './estate-source.ts';
export type { Range, RecordTable, Row, Write } from './record-table.ts';
export type { Changes, FindingFilter, Known, Lease, LeaseHolder, MemoryChanges, Store } from './store.ts';
