import type { Change } from '../incidents/index.ts';
import type { ActivityLog, CollectScope, LogGap, WorkspaceList } from '../ports/index.ts';

export interface AboveRequest {
  readonly workspaces: WorkspaceList;
  readonly activity: ActivityLog;
  readonly settings: { readonly scope: CollectScope };
}

export interface Above {
  readonly changes: readonly Change[];
  readonly gaps: readonly LogGap[];
  /** Up to when these logs have been read. */
  readonly until: string | undefined;
}

/** A call per management group: grants above subscriptions are told within this time, not within one pass. */
const everyMinutes = 15;
const groupsMax = 200;
const firstLookHours = 48;
const longestLookHours = 30 * 24;
const hourMs = 3_600_000;

/**
 * Activity Logs of management groups: a grant that is made there stands in no subscription's log. A group in which nothing was done for 90 days looks
 * like one whose log may not be read; that is said, once for all of them, and does not make the pass incomplete.
 */
export async function readAbove({ workspaces, activity, settings }: AboveRequest, before: string | undefined, now: string): Promise<Above> {
  const nowMs = Date.parse(now);
  const sinceMs = before === undefined ? nowMs - firstLookHours * hourMs : Math.max(Date.parse(before), nowMs - longestLookHours * hourMs);
  if (workspaces.managementGroups === undefined || (before !== undefined && nowMs - sinceMs < everyMinutes * 60_000))
    return { changes: [], gaps: [], until: before };
  const listed = await workspaces.managementGroups(settings.scope);
  const asked = listed.ids.slice(0, groupsMax);
  const read = await activity.read({ scopes: asked, from: new Date(sinceMs).toISOString(), until: now });
  const { true: unproven = [], false: troubled = [] } = Object.groupBy(read.coverage, (gap) =>
    gap.state === 'missing' && gap.permission !== '' ? 'true' : 'false',
  );
  return {
    changes: read.changes,
    gaps: [...listed.coverage, ...troubled, ...together(unproven), ...left(listed.ids.length - asked.length)],
    // What could not be read is read again.
    until: [...listed.coverage, ...troubled].some(({ failed }) => failed) ? before : now,
  };
}

function together(gaps: readonly LogGap[]): readonly LogGap[] {
  const [first] = gaps;
  if (first === undefined) return [];
  const why =
    gaps.length === 1
      ? first.why
      : `The Activity Logs of ${gaps.length} management groups, the first is ${first.scope}, show nothing, which is also what they show to somebody without the right to read them: visibility unproven.`;
  return [{ ...first, why, failed: false }];
}

const left = (count: number): readonly LogGap[] =>
  count <= 0
    ? []
    : [
        {
          slice: 'activityLog',
          scope: '/',
          state: 'partial',
          why: `The Activity Logs of ${count} management groups were not read: more than ${groupsMax}.`,
          permission: '',
          command: '',
          failed: true,
        },
      ];
