export { RowTooLargeError } from './entity.ts';
export { openRecordTable } from './record-table.ts';
