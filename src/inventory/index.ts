export type { Actor, Holding, IdentitySheet } from './identity-sheet.ts';
export { inventoryOf } from './inventory-of.ts';
export { runbookOf, type RunbookContext, type RunbookFinding, type RunbookIncident } from './runbook.ts';
