import type { Denial, Touched } from '../denials/index.ts';
import type { Workspace } from '../estate/index.ts';
import type { Change } from '../incidents/index.ts';
import type { CollectScope } from './estate-source.ts';
import type { LogGap, LogTarget } from './denial-log.ts';

/** The Activity Log API: changes, and refused ARM calls of subscriptions that send no workspace their log. */
export interface ActivityLog {
  read(request: {
    /** Subscription ids (lower-case GUIDs), and `/` for the tenant level. */
    readonly scopes: readonly string[];
    readonly from: string;
    readonly until: string;
    /** Scopes that are to be read from further back. */
    readonly earlier?: ReadonlyMap<string, string>;
  }): Promise<{
    readonly changes: readonly Change[];
    readonly denials: readonly Denial[];
    readonly touched: readonly Touched[];
    readonly rows: number;
    readonly coverage: readonly LogGap[];
  }>;
}

/** Where the logs are: workspaces by Resource Graph or by setting, and the subscriptions whose own Activity Log may have to be asked. */
export interface WorkspaceList {
  list(scope: CollectScope): Promise<{
    readonly workspaces: readonly Workspace[];
    /** Lower-case GUIDs. */
    readonly subscriptions: readonly string[];
    /** What could be logged, for `DenialLog.read`. */
    readonly targets?: readonly LogTarget[] | undefined;
    readonly coverage: readonly LogGap[];
  }>;
  /** ARM ids of the management groups in sight, which keep Activity Logs of their own. */
  managementGroups?(scope: CollectScope): Promise<{ readonly ids: readonly string[]; readonly coverage: readonly LogGap[] }>;
}
