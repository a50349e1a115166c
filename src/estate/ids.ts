/** Ids that get mixed up, told apart by the type system. All of them are in comparison form: lower case. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Object id of a principal in Microsoft Entra ID (a GUID). */
export type PrincipalId = Branded<'PrincipalId'>;
/** Application (client) id (a GUID); never the object id. */
export type ClientId = Branded<'ClientId'>;
/** ARM id in comparison form: lower case, leading slash, no trailing slash. */
export type ResourceKey = Branded<'ResourceKey'>;
/** Trailing GUID of a role definition id: built-in ids come with and without a subscription prefix (Azure/azure-cli#27509). */
export type RoleId = Branded<'RoleId'>;

export const principalId = (given: string): PrincipalId => given.trim().toLowerCase() as PrincipalId;
export const clientId = (given: string): ClientId => given.trim().toLowerCase() as ClientId;
export const roleId = (given: string): RoleId => given.slice(given.lastIndexOf('/') + 1).toLowerCase() as RoleId;

/** `//Subscriptions/X/` → `/subscriptions/x`; the empty string and `/` are the root. */
export function resourceKey(given: string): ResourceKey {
  const trimmed = given.trim().toLowerCase();
  if (trimmed.length > 1 && trimmed[0] === '/' && trimmed[1] !== '/' && trimmed.at(-1) !== '/') return trimmed as ResourceKey;
  return `/${trimmed.replace(/^\/+|\/+$/g, '')}` as ResourceKey;
}
