/** KQL over rows in memory: Microsoft's parser, our evaluator. Unknown constructs are refused, never guessed. */
export { checkKql, type Diagnostic } from './analyse.ts';
export { KqlError, type KqlErrorKind } from './kql-error.ts';
export { toJson, toObjects, type JsonTable } from './output.ts';
export { runKql, type KqlOptions } from './run.ts';
export type { KqlColumn, KqlResult, KqlSchema, KqlTable, KqlType } from './types.ts';
