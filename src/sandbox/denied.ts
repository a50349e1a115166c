import { armKey, isAtOrBelow } from './arm-id.ts';

/** One thing that the world keeps from its auditor. */
type Denial =
  | { readonly kind: 'graph'; readonly set: string | undefined }
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

/** `graph` · `graph:<set>` · `arm:<scope>` · `read:<action>` · `logs` · `logs:<customerId>` · `activity:<subscriptionId>`; undefined for anything else. */
export function parseDenied(text: string): Denial | undefined {
  const [, area = '', , rest = ''] = /^([a-z]+)(:(.+))?$/i.exec(text.trim()) ?? [];
  const value = rest.toLowerCase();
  switch (area.toLowerCase()) {
    case 'graph':
      return { kind: 'graph', set: value === '' ? undefined : value };
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
  const types = new Set(denials.flatMap((one) => (one.kind === 'read' ? [one.type] : [])));
  return {
    arm: scopes.length > 0 || types.size > 0,
    readOf: (type) => types.has(type.toLowerCase()),
    armAt(key, ancestors) {
      if (scopes.length === 0) return false;
      const above = [...ancestors];
      return scopes.some((scope) => isAtOrBelow(key, scope) || above.includes(scope));
    },
    graph: (set) => denials.some((one) => one.kind === 'graph' && (one.set === undefined || one.set === set?.toLowerCase())),
    logs: (customerId) =>
      denials.some((one) => one.kind === 'logs' && (one.customerId === undefined || one.customerId === customerId.toLowerCase())),
    activity: (subscriptionId) => denials.some((one) => one.kind === 'activity' && one.subscriptionId === subscriptionId.toLowerCase()),
  };
}
