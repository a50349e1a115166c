import type { WatchSettings } from '../denials/index.ts';
import type { Calls, Exclusions } from '../findings/index.ts';
import type { ActivityLog, DenialLog, EstateSource, Store, WatchStore, WorkspaceList } from '../ports/index.ts';
import type { RuleSettings } from '../rules/index.ts';

/** What one pass of the watch works with. */
export interface WatchRequest {
  readonly workspaces: WorkspaceList;
  readonly log: DenialLog;
  readonly activity: ActivityLog;
  readonly source: EstateSource;
  readonly store: Store & WatchStore;
  readonly settings: {
    readonly scope: { readonly managementGroups: readonly string[]; readonly subscriptions: readonly string[] };
    readonly watch: WatchSettings;
    /** Customer ids; empty: every workspace that can be found. */
    readonly workspaces: readonly string[];
    readonly rules: RuleSettings;
    readonly exclusions: Exclusions;
  };
  readonly now: () => string;
  readonly holder: string;
  readonly dryRun: boolean;
  /** Calls to Azure so far. */
  readonly calls: () => Calls;
  readonly progress: (line: string) => void;
}
