export type { Actor, Holding, IdentitySheet } from './identity-sheet.ts';
export { inventoryOf } from './inventory-of.ts';
