import { armKey, isAtOrBelow } from './arm-id.ts';

/** One thing that the world keeps from its auditor. */
type Denial =
  | { readonly kind: 'graph'; readonly set: string | undefined }
  | { readonly kind: 'permission'; readonly name: string }
  | { readonly kind: 'arm'; readonly scope: string }
  | { readonly kind: 'read'; readonly type: string }
  | { readonly kind: 'logs'; readonly customerId: string | undefined }
  | { readonly kind: 'activity'; readonly subscriptionId: string };

export interface Denied {
  /** Any ARM scope or kind of resource at all? Most worlds deny none, and then nobody needs to look at each row. */
  readonly arm: boolean;
  /** Is reading this type of resource kept back everywhere, as from a role that does not name the action? */
  readOf(type: string): boolean;
  /** Is this scope, or one above it in its own id or among `ancestors` (management groups, in comparison form), kept back? */
  armAt(key: string, ancestors: Iterable<string>): boolean;
  graph(set?: string): boolean;
  logs(customerId: string): boolean;
  activity(subscriptionId: string): boolean;
}

/** `graph` · `graph:<set>` · `permission:<Graph permission>` · `arm:<scope>` · `read:<action>` · `logs` · `logs:<customerId>` · `activity:<subscriptionId>`; undefined for anything else. */
export function parseDenied(text: string): Denial | undefined {
  const [, area = '', , rest = ''] = /^([a-z]+)(:(.+))?$/i.exec(text.trim()) ?? [];
  const value = rest.toLowerCase();
  switch (area.toLowerCase()) {
    case 'graph':
      return { kind: 'graph', set: value === '' ? undefined : value };
    case 'permission':
      return graphReaders.has(value) ? { kind: 'permission', name: value } : undefined;
    case 'logs':
      return { kind: 'logs', customerId: value === '' ? undefined : value };
    case 'arm':
      return value.startsWith('/') ? { kind: 'arm', scope: armKey(value) } : undefined;
    case 'read':
      return /^[\w.]+(\/[\w.]+)+\/read$/.test(value) ? { kind: 'read', type: value.slice(0, -'/read'.length) } : undefined;
    case 'activity':
      return value === '' ? undefined : { kind: 'activity', subscriptionId: value.replace(/^\/subscriptions\//, '') };
    default:
      return undefined;
  }
}

export function deniedOf(texts: readonly string[]): Denied {
  const denials = texts.map(parseDenied).filter((one) => one !== undefined);
  const scopes = denials.flatMap((one) => (one.kind === 'arm' ? [one.scope] : []));
  const permissions = new Set(denials.flatMap((one) => (one.kind === 'permission' ? [one.name] : [])));
  const types = new Set(denials.flatMap((one) => (one.kind === 'read' ? [one.type] : [])));
  return {
    arm: scopes.length > 0 || types.size > 0,
    readOf: (type) => types.has(type.toLowerCase()),
    armAt(key, ancestors) {
      if (scopes.length === 0) return false;
      const above = [...ancestors];
      return scopes.some((scope) => isAtOrBelow(key, scope) || above.includes(scope));
    },
    graph: (set) =>
      denials.some((one) => one.kind === 'graph' && (one.set === undefined || one.set === set?.toLowerCase())) ||
      (permissions.size > 0 && (set === undefined ? permissions.size === graphReaders.size : withoutReader(set, permissions))),
    logs: (customerId) =>
      denials.some((one) => one.kind === 'logs' && (one.customerId === undefined || one.customerId === customerId.toLowerCase())),
    activity: (subscriptionId) => denials.some((one) => one.kind === 'activity' && one.subscriptionId === subscriptionId.toLowerCase()),
  };
}

/**
 * Which application permissions of Microsoft Graph read what, as far as an auditor would be given them. One of them is enough: a group's members come with `Group.Read.All` too.
 * Sets by their name in a world; `deletedItems/<type>` is one list of the recycle bin. Sources: the permission tables of directory-deleteditems-list, group-list-transitivemembers,
 * serviceprincipal-list-approleassignedto and rbacapplication-list-roleassignments in microsoftgraph/microsoft-graph-docs-contrib.
 */
const readers: Readonly<Record<string, readonly string[]>> = {
  serviceprincipals: ['application.read.all'],
  applications: ['application.read.all'],
  approleassignments: ['application.read.all'],
  'deleteditems/serviceprincipal': ['application.read.all'],
  'deleteditems/application': ['application.read.all'],
  users: ['user.read.all'],
  'deleteditems/user': ['user.read.all'],
  groups: ['group.read.all', 'groupmember.read.all'],
  groupmembers: ['group.read.all', 'groupmember.read.all'],
  'deleteditems/group': ['group.read.all'],
  directoryroleassignments: ['rolemanagement.read.directory'],
};
const graphReaders: ReadonlySet<string> = new Set(Object.values(readers).flat());

function withoutReader(set: string, taken: ReadonlySet<string>): boolean {
  const key = set.toLowerCase();
  const names = Object.hasOwn(readers, key) ? readers[key] : undefined;
  return names !== undefined && names.every((name) => taken.has(name));
}
