export { openRecordTable } from './record-table.ts';
