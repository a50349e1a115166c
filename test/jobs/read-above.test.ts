import { describe, expect, it } from 'vitest';
import { readAbove } from '../../src/jobs/read-above.ts';
import type { LogGap } from '../../src/ports/index.ts';
import { mg } from '../build/estate.ts';

const now = '2026-11-20T08:00:00.000Z';
const gap = (scope: string, more: Partial<LogGap> = {}): LogGap => ({
  slice: 'activityLog',
  scope,
  state: 'missing',
  why: 'not one record of 90 days: visibility unproven.',
  permission: 'Microsoft.Insights/eventtypes/values/read',
  command: '',
  failed: true,
  ...more,
});

function above(groups: readonly string[], coverage: readonly LogGap[] = []) {
  const asked: { readonly scopes: readonly string[]; readonly from: string }[] = [];
  return {
    asked,
    workspaces: {
      list: async () => ({ workspaces: [], subscriptions: [], coverage: [] }),
      managementGroups: async () => ({ ids: groups, coverage: [] }),
    },
    activity: {
      read: async ({ scopes, from }: { readonly scopes: readonly string[]; readonly from: string }) => {
        asked.push({ scopes, from });
        return { changes: [], denials: [], touched: [], rows: 0, coverage };
      },
    },
    settings: { scope: { managementGroups: [], subscriptions: [] } },
  };
}

describe('the Activity Logs of management groups', () => {
  it('are read from two days back at first, then from where the last reading ended, a quarter of an hour later at the earliest', async () => {
    const first = above([mg('corp'), mg('online')]);
    expect(await readAbove(first, undefined, now)).toMatchObject({ until: now, gaps: [] });
    expect(first.asked).toEqual([{ scopes: [mg('corp'), mg('online')], from: '2026-11-18T08:00:00.000Z' }]);
    const soon = above([mg('corp')]);
    expect(await readAbove(soon, '2026-11-20T07:46:00.000Z', now)).toEqual({ changes: [], gaps: [], until: '2026-11-20T07:46:00.000Z' });
    expect(soon.asked).toEqual([]);
    const later = above([mg('corp')]);
    await readAbove(later, '2026-11-20T07:45:00.000Z', now);
    expect(later.asked).toEqual([{ scopes: [mg('corp')], from: '2026-11-20T07:45:00.000Z' }]);
  });

  it('that show nothing are told once for all; trouble is told as it is and makes the pass incomplete', async () => {
    const trouble = gap(mg('corp'), { permission: '', why: 'The Activity Log could not be read: 503' });
    const { gaps, until } = await readAbove(above([mg('corp'), mg('a'), mg('b')], [gap(mg('a')), trouble, gap(mg('b'))]), undefined, now);
    expect(until).toBeUndefined();
    expect(gaps).toMatchObject(
      [
        { scope: mg('corp'), failed: true, why: /503/ },
        { scope: mg('a'), failed: false, why: /2 management groups/ },
      ].map((each) => ({ ...each, why: expect.stringMatching(each.why) as string })),
    );
  });

  it('beyond two hundred are said to be unread', async () => {
    const many = above(Array.from({ length: 203 }, (_, n) => mg(`g${n}`)));
    expect((await readAbove(many, undefined, now)).gaps).toMatchObject([
      { why: expect.stringContaining('3 management groups were not read') as string, failed: true },
    ]);
    expect(many.asked[0]?.scopes).toHaveLength(200);
  });
});
