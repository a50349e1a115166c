import { describe, expect, it } from 'vitest';
import { audit, contributor, entry, exception, finding, holding, incident, now, review, sheet } from './samples.ts';

describe('coverage', () => {
  it('names the days on which no audit finished, and those on which one saw a part', () => {
    const { coverage } = review({
      runs: [audit(1), audit(2, { complete: false }), audit(3, { state: 'failed' }), audit(5, { state: 'started' })],
    });
    expect(coverage.days).toBe(31);
    expect(coverage.audits).toMatchObject({ started: 4, finished: 2, complete: 1, daysIncomplete: ['2026-10-02'] });
    expect(coverage.audits.daysWithout).toHaveLength(29);
    expect(coverage.audits.daysWithout).not.toContain('2026-10-01');
    expect(coverage.watches.daysWithout).toHaveLength(31);
  });

  it('counts a gap by its days, and tells one that stands from one that was closed', () => {
    const gap = { slice: 'roleAssignments', scope: '/subscriptions/S', state: 'missing', why: 'refused', permission: 'p' } as const;
    const other = { ...gap, slice: 'groupMembers' } as const;
    const { coverage } = review({
      runs: [
        audit(3, { coverage: [other] }),
        audit(2, { coverage: [gap] }),
        audit(1, { coverage: [{ ...gap, scope: '/subscriptions/s' }] }),
      ],
    });
    expect(coverage.gaps).toMatchObject([
      { slice: 'groupMembers', days: 1, stands: true },
      { slice: 'roleAssignments', days: 2, stands: false, firstAt: '2026-10-01T05:00:00.000Z', lastAt: '2026-10-02T05:00:00.000Z' },
    ]);
  });

  it('takes the verdict of a rule from the latest audit, and says so where none was asked', () => {
    const blind = { id: 'orphaned-assignment', verdict: 'inconclusive', because: 'groups unseen' } as const;
    expect(review({ runs: [audit(2, { rules: [blind] }), audit(1)] }).coverage.rules).toMatchObject([
      { latest: 'inconclusive', checked: 1, inconclusive: 1, because: 'groups unseen' },
    ]);
    expect(review({ runs: [] }).coverage.rules).toMatchObject([{ latest: 'not-asked', because: 'no audit finished in this month' }]);
  });
});

describe('what became of findings', () => {
  const id = finding().id;
  it('counts each turn within the month, and no turn outside of it', () => {
    const history = [
      entry('opened', '2026-09-30T23:59:59.000Z', 1),
      entry('resolved', '2026-10-01T00:00:00.000Z', 2),
      entry('reopened', '2026-10-31T23:59:59.999Z', 3),
      entry('resolved', '2026-11-01T00:00:00.000Z', 4),
    ];
    const { changes } = review({ findings: [finding()], history: new Map([[id, history]]) });
    expect([changes.new.length, changes.resolved.length, changes.reopened.length]).toEqual([0, 1, 1]);
  });

  it('takes the time to resolve from the latest opening, also when that was in another month', () => {
    const history = [
      entry('opened', '2026-09-01T00:00:00.000Z', 1),
      entry('resolved', '2026-10-01T00:00:00.000Z', 2),
      entry('reopened', '2026-10-05T00:00:00.000Z', 3),
      entry('resolved', '2026-10-05T12:00:00.000Z', 4),
    ];
    const { resolveTimes } = review({ findings: [finding()], history: new Map([[id, history]]) });
    expect(resolveTimes.find(({ severity }) => severity === 'medium')).toEqual({
      severity: 'medium',
      n: 2,
      meanHours: 366,
      medianHours: 366,
    });
    expect(resolveTimes.find(({ severity }) => severity === 'high')).toEqual({ severity: 'high', n: 0, meanHours: -1, medianHours: -1 });
  });

  it('does not count as resolved what a setting hides', () => {
    const hidden = entry('resolved', '2026-10-04T00:00:00.000Z', 2, 'hidden by the setting that excludes scope /x; not fixed');
    const { changes, resolveTimes } = review({
      findings: [finding()],
      history: new Map([[id, [entry('opened', '2026-10-01T00:00:00.000Z'), hidden]]]),
    });
    expect([changes.resolved.length, changes.excluded.length]).toEqual([0, 1]);
    expect(resolveTimes.every(({ n }) => n === 0)).toBe(true);
  });

  it('leaves out a line that its finding never reached: its run died there', () => {
    const { changes } = review({
      findings: [finding({ revision: 1 })],
      history: new Map([[id, [entry('opened', '2026-10-01T00:00:00.000Z', 1), entry('resolved', '2026-10-02T00:00:00.000Z', 2)]]]),
    });
    expect([changes.new.length, changes.resolved.length]).toEqual([1, 0]);
  });

  it('gives each acceptance its end, and warns of those that end within 60 days', () => {
    const history = new Map([[id, [entry('accepted', '2026-10-20T00:00:00.000Z', 1)]]]);
    const near = review({ findings: [finding()], history, exceptions: [exception('2026-12-31T00:00:00.000Z')] });
    expect(near.changes.accepted).toMatchObject([{ until: '2026-12-31T00:00:00.000Z', author: 'Ada' }]);
    expect(near.exceptions).toMatchObject([{ days: 60, stands: true }]);
    expect(review({ findings: [finding()], exceptions: [exception('2026-12-31T06:00:01.000Z')] }).exceptions).toEqual([]);
    expect(review({ exceptions: [exception('2026-10-30T00:00:00.000Z')] }).exceptions).toEqual([]);
    expect(review({ exceptions: [exception('2026-12-01T00:00:00.000Z', { endedAt: now })] }).exceptions).toEqual([]);
  });
});

describe('roles of identities', () => {
  const ofResource = 'resource' as const;
  it.each([
    ['a data role on one resource', holding(), false],
    ['a data role on a resource group', holding({ scopeLevel: 'resource-group' }), true],
    ['a reader of the control plane of one resource', holding({ plane: 'control', scopeLevel: ofResource }), true],
    ['a role of both planes', holding({ plane: 'both' }), true],
    ['a role that allows nothing', holding({ plane: 'none' }), true],
  ])('asks about %s only when it is broader than that', (_, one, asked) => {
    const { identities } = review({ sheets: [sheet('id-pay', [one])] });
    expect(identities.sheets[0]?.holdings[0]?.question !== '').toBe(asked);
    expect(identities).toMatchObject({ total: 1, holdings: 1, questioned: Number(asked), identitiesQuestioned: Number(asked) });
  });

  it('puts the worst first, and says who can act as it and what to type', () => {
    const cli = 'az role assignment create --role x';
    const about = finding({
      subject: contributor.id.toUpperCase(),
      fix: [{ text: 'Find out what it does.' }, { text: 'Grant less.', cli }, { text: 'Delete.', cli: 'az role assignment delete' }],
    });
    const made = review({
      sheets: [sheet('id-a', [holding({ scopeLevel: 'resource-group', severity: 'low' })]), sheet('id-b', [holding(), contributor])],
      findings: [about],
    });
    expect(made.identities.sheets.map(({ name }) => name)).toEqual(['id-b', 'id-a']);
    expect(made.grantsToNarrow).toMatchObject([
      {
        rank: 1,
        role: 'Contributor',
        reach: 111,
        actorsTotal: 1,
        fix: { text: 'Find out what it does. Grant less.', cli },
        findings: [about.id],
      },
      { rank: 2, severity: 'low' },
    ]);
  });

  it('counts a grant that many hold through a group once', () => {
    const through = { ...contributor, through: 'group-1' };
    const { grantsToNarrow } = review({ sheets: ['a', 'b', 'c'].map((name) => sheet(name, [through])) });
    expect(grantsToNarrow).toMatchObject([{ sharedWith: 2 }]);
  });

  it('says that it knows nothing where no inventory is stored', () => {
    expect(review().identities).toMatchObject({ known: false, total: 0 });
    expect(review().since.lines.map(({ name }) => name)).not.toContain('managed identities');
  });
});

describe('incidents', () => {
  it('are those that lived in the month, by cause, with the time they took', () => {
    const given = [
      incident({ id: 'i1', resolvedAt: '2026-10-10T09:00:00.000Z', status: 'resolved' }),
      incident({ id: 'i2' }),
      incident({ id: 'i3', openedAt: '2026-09-28T00:00:00.000Z', resolvedAt: '2026-10-01T00:00:00.000Z' }),
      incident({ id: 'before', openedAt: '2026-09-01T00:00:00.000Z', resolvedAt: '2026-09-30T00:00:00.000Z' }),
      incident({ id: 'after', openedAt: '2026-11-01T00:00:00.000Z' }),
      incident({ id: 'joined', resolvedAt: '2026-10-10T09:00:00.000Z', resolvedBy: 'joined with i1: rows that arrived late' }),
    ];
    const { incidents } = review({ incidents: given });
    expect(incidents.list.map(({ id }) => id).toSorted()).toEqual(['i1', 'i2', 'i3']);
    expect(incidents.byCause).toMatchObject([{ cause: 'missing-role', incidents: 3, alive: 1, meanHours: 38, medianHours: 38 }]);
  });
});

describe('controls', () => {
  it('are not assessed where their rules were not checked, whatever the count', () => {
    const blind = { id: 'orphaned-assignment', verdict: 'inconclusive', because: 'groups unseen' } as const;
    expect(review({ runs: [audit(1, { rules: [blind] })] }).controls).toMatchObject([
      { control: 'CIS 6.0.0 5.3.4', framework: 'CIS 6.0.0', state: 'not-assessed', open: 0, because: 'orphaned-assignment: groups unseen' },
      { control: 'MCSB PA-3', state: 'not-assessed' },
    ]);
  });

  it('count what stands, apart from what was accepted', () => {
    const { controls } = review({
      findings: [
        finding(),
        finding({ id: 'orphaned-assignment-2', status: 'accepted' }),
        finding({ id: 'orphaned-assignment-3', status: 'resolved' }),
      ],
    });
    expect(controls[0]).toMatchObject({ control: 'CIS 6.0.0 5.3.4', state: 'assessed', open: 1, accepted: 1, bySeverity: { medium: 1 } });
  });
});

describe('the period', () => {
  it('of a month that is not over ends now, and says so', () => {
    const made = review({ month: '2026-11' });
    expect(made.period).toEqual({ from: '2026-11-01T00:00:00.000Z', until: now, over: false });
    expect(made.notes[0]).toContain('The month is not over');
    expect(review({ now: '2026-12-20T00:00:00.000Z' }).notes[0]).toMatch(/made 49 days after the month ended/);
  });

  it('is compared with the review before it, as far as that knew', () => {
    const { since } = review({
      findings: [finding()],
      previous: { month: '2026-09', generatedAt: now, tenantId: 't', values: { 'open findings': 7 } },
    });
    expect(since.month).toBe('2026-09');
    expect(since.lines.slice(0, 2)).toEqual([
      { name: 'open findings', before: 7, now: 1 },
      { name: 'critical', before: -1, now: 0 },
    ]);
  });
});
