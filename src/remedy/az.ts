export * from '../rules/az.ts';
