export type { Actor, Holding, IdentitySheet } from './identity-sheet.ts';
