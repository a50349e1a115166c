import { resourceKey, type Workspace } from '../estate/index.ts';
import type { LogGap, LogTarget } from '../ports/index.ts';
import type { AskedPlace } from './unread-places.ts';
import type { WatchRequest } from './watch-request.ts';

export interface Listed {
  readonly workspaces: readonly Workspace[];
  /** Lower-case GUIDs. */
  readonly subscriptions: readonly string[];
  readonly targets: readonly LogTarget[] | undefined;
  readonly places: readonly AskedPlace[];
  readonly gaps: readonly LogGap[];
}

/** Where the logs lie that a pass reads: workspaces, and the Activity Logs of the tenant and of each subscription. */
export async function listPlaces({ workspaces, settings }: Pick<WatchRequest, 'workspaces' | 'settings'>): Promise<Listed> {
  const listed = await workspaces.list(settings.scope);
  const chosen = named(listed.workspaces, settings.workspaces);
  return {
    workspaces: chosen,
    subscriptions: listed.subscriptions,
    targets: listed.targets,
    places: [...chosen.map(ofWorkspace), ...['/', ...listed.subscriptions].map(ofActivityLog)],
    gaps: listed.coverage,
  };
}

/** A workspace that settings name is watched even where Resource Graph does not show it. */
function named(found: readonly Workspace[], wanted: readonly string[]): readonly Workspace[] {
  if (wanted.length === 0) return found;
  return wanted.map((customerId) => {
    const known = found.find((one) => one.customerId.toLowerCase() === customerId.toLowerCase());
    return known ?? { id: customerId, key: resourceKey(customerId), name: customerId, customerId };
  });
}

const ofWorkspace = ({ id, name, customerId }: Workspace): AskedPlace => ({
  name: customerId.toLowerCase(),
  scope: id,
  label: `The workspace ${name}`,
  isWorkspace: true,
});

/** `/` is the tenant's own log. */
const ofActivityLog = (scope: string): AskedPlace => ({
  name: `${activity}${scope}`,
  scope: scope === '/' ? '/' : `/subscriptions/${scope}`,
  label: scope === '/' ? 'The Activity Log of the tenant' : `The Activity Log of subscription ${scope}`,
  isWorkspace: false,
});

const activity = 'activity:';

/** By the names that the ports use: customer ids of workspaces, scopes of Activity Logs. */
export function byPort(starts: ReadonlyMap<string, string>): {
  readonly workspaces: ReadonlyMap<string, string>;
  readonly scopes: ReadonlyMap<string, string>;
} {
  const own = [...starts].filter(([name]) => name.startsWith(activity)).map(([name, from]) => [name.slice(activity.length), from] as const);
  return { workspaces: new Map([...starts].filter(([name]) => !name.startsWith(activity))), scopes: new Map(own) };
}
