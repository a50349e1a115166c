/** The grammar of ARM ids and paths: `{scope}/providers/{namespace}/{type}/{name}/…`. */
export interface ArmPath {
  /** What stands before the last `/providers/`; empty at the tenant. */
  readonly scope: string;
  readonly namespace: string;
  readonly types: readonly string[];
  readonly names: readonly string[];
  /** A list is asked for: the last type has no name. */
  readonly collection: boolean;
}

/** Comparison form: lower case, one leading slash, none doubled (Azure's own SDK sends `//subscriptions/…`), none trailing. */
export function armKey(id: string): string {
  // Nearly every id is well formed, and a world may hold a million.
  if (id.length > 1 && id.startsWith('/') && !id.includes('//') && !id.endsWith('/')) return id.toLowerCase();
  const key = `/${id}`.toLowerCase().replace(/\/{2,}/g, '/');
  return key.length > 1 && key.endsWith('/') ? key.slice(0, -1) : key;
}

/** Undefined where the path names no provider type: `/subscriptions/x`, `/subscriptions/x/resourceGroups/y`. */
export function parseArmPath(path: string): ArmPath | undefined {
  const at = path.toLowerCase().lastIndexOf('/providers/');
  if (at === -1) return undefined;
  const [namespace, ...rest] = path
    .slice(at + '/providers/'.length)
    .split('/')
    .filter((part) => part !== '');
  if (namespace === undefined || rest.length === 0) return undefined;
  return {
    scope: path.slice(0, at),
    namespace,
    types: rest.filter((_, index) => index % 2 === 0),
    names: rest.filter((_, index) => index % 2 === 1),
    collection: rest.length % 2 === 1,
  };
}

/** `Microsoft.KeyVault/vaults` from an id, in the id's own casing. */
export function typeOfId(id: string): string {
  const path = parseArmPath(id);
  if (path !== undefined) return [path.namespace, ...path.types].join('/');
  return /\/resourcegroups\//i.test(id) ? 'Microsoft.Resources/resourceGroups' : 'Microsoft.Resources/subscriptions';
}

/** Is `key` the scope itself or something below it? Both in comparison form; `/` is above everything. */
export const isAtOrBelow = (key: string, scope: string): boolean => scope === '/' || key === scope || key.startsWith(`${scope}/`);

export const managementGroupPrefix = '/providers/microsoft.management/managementgroups/';

export function subscriptionOf(key: string): string | undefined {
  return /^\/subscriptions\/([^/]+)/.exec(key)?.[1];
}

/** The management group that an id in comparison form lies at (not one above a subscription: that takes the tree). */
export function managementGroupOf(key: string): string | undefined {
  return key.startsWith(managementGroupPrefix) ? key.slice(managementGroupPrefix.length).split('/', 1)[0] : undefined;
}
