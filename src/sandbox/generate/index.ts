export { contoso, defaultNow, writeContoso, type ContosoOptions } from './contoso.ts';
export type { Planted } from './planted.ts';
export { Tenant } from './tenant.ts';
