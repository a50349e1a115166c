import type { Subscription } from '../rows/container.ts';
import type { Tenant } from '../tenant.ts';
import type { Row } from '../world-folder.ts';
import { activityEvents, azureActivityRows, type Person, type Write } from './activity.ts';

/** A tenant's memory of what happened: rows of its workspace, and the Activity Logs of its subscriptions. */
export interface Recorder {
  readonly t: Tenant;
  /** Into the workspace; nowhere if the tenant has none. */
  readonly log: (row: Row) => void;
  /** Something done over ARM, by the operator unless `by` says otherwise. */
  readonly did: (write: Omit<Write, 'tenantId' | 'correlationId' | 'by'> & Partial<Pick<Write, 'by'>>) => void;
  readonly operator: Person;
  /** From here on, `did` reaches the workspace's AzureActivity too. */
  readonly sendsActivityToWorkspace: () => void;
  /** Instants from `from` to `until` minutes ago, one every `every` minutes, a little off the beat. */
  readonly instants: (span: Span) => readonly string[];
}

/** Minutes before the world's now, and between two calls. */
export interface Span {
  readonly from: number;
  readonly until: number;
  readonly every: number;
}

export function recorder(
  t: Tenant,
  given: {
    readonly name: string;
    readonly workspace: { readonly customerId: string } | undefined;
    readonly subscriptions: readonly Subscription[];
    readonly operator: Person;
  },
): Recorder {
  const { name, workspace, subscriptions, operator } = given;
  let toWorkspace = false;
  let writes = 0;
  const log = (row: Row): void => {
    if (workspace) t.log(workspace, String(row['Type']), row);
  };
  return {
    t,
    log,
    operator,
    sendsActivityToWorkspace: () => void (toWorkspace = true),
    did(write) {
      const full: Write = { by: operator, ...write, tenantId: t.tenantId, correlationId: t.seeded.guid('write', name, writes++, write.at) };
      const subscription = subscriptions.find((one) => write.resourceId.toLowerCase().startsWith(one.id.toLowerCase()));
      if (!subscription && write.resourceId.startsWith('/subscriptions/'))
        throw new Error(`No subscription of this tenant holds ${write.resourceId}`);
      // Above subscriptions, each management group and the tenant keep a log of their own, and no workspace gets it here.
      const group = /^\/providers\/Microsoft\.Management\/managementGroups\/([^/]+)/i.exec(write.resourceId)?.[1];
      for (const event of activityEvents(full)) t.activity(subscription ?? { subscriptionId: group ?? 'tenant' }, event);
      if (toWorkspace && subscription) for (const row of azureActivityRows(full)) log(row);
    },
    instants: ({ from, until, every }) =>
      Array.from({ length: Math.floor((from - until) / every) + 1 }, (_, index) => {
        const jitterMs = t.seeded.below(Math.max(1, Math.floor(every * 20_000)), 'instant', name, index, from);
        return new Date(Date.parse(t.now) - (from - index * every) * 60_000 + jitterMs).toISOString();
      }),
  };
}

/** The usual burst: from 55 minutes ago until now, one refusal a minute. */
export const usual: Span = { from: 55, until: 3, every: 1 };
