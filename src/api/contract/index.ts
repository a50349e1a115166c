/** What the API takes and answers. The page imports its types from here; the OpenAPI document is made of these schemas. */
export * from './access.ts';
export * from './caller.ts';
export * from './coverage.ts';
export * from './documentation.ts';
export * from './exception.ts';
export * from './finding.ts';
export * from './identity.ts';
export * from './incident.ts';
export * from './review.ts';
export * from './run.ts';
export * from './problem.ts';
export * from './subscription.ts';
export * from './summary.ts';
