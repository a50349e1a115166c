export { contoso, defaultNow, writeContoso, type ContosoOptions } from './contoso.ts';
export { contosoPage } from './contoso-page.ts';
export type { Planted } from './planted.ts';
export { presets, type PresetName, type TenantSize } from './size/tenant-size.ts';
export { identityIds, writeTenant } from './size/write-tenant.ts';
export { Tenant } from './tenant.ts';
