import { describe, expect, it } from 'vitest';
import { openAccess } from '../../src/access/index.ts';
import { resourceKey, type Estate, type Gap, type Slice } from '../../src/estate/index.ts';
import { defaultRuleSettings, judge, type Need, type Rule, type Verdict, type Violation } from '../../src/rules/index.ts';
import { estate, managementGroup, mg, resourceGroup, sub, subscription } from '../build/estate.ts';

const violation = (subject: string, more: Partial<Violation> = {}): Violation => ({
  rule: 'made-up',
  subject,
  severity: 'low',
  confidence: 'certain',
  scope: subject,
  title: 'title',
  message: 'message',
  evidence: [],
  fix: [],
  related: [],
  ...more,
});

const rule = (needs: Readonly<Partial<Record<Slice, Need>>>, violations: readonly Violation[] = [], more: Partial<Rule> = {}): Rule => ({
  id: 'made-up',
  title: 'made up',
  why: '',
  fix: '',
  severity: 'low',
  confidence: 'certain',
  needs,
  controls: [],
  references: [],
  judge: () => violations,
  ...more,
});

const gap = (scope: string, more: Partial<Gap> = {}): Gap => ({ slice: 'hosts', scope, state: 'missing', why: 'no access', ...more });
const judgeOver = (of: Estate, rules: readonly Rule[]) =>
  judge({
    estate: of,
    access: openAccess(of),
    settings: defaultRuleSettings,
    memory: { missingSince: new Map(), lastSeen: new Map() },
    now: '2026-11-20T08:00:00Z',
    rules,
  });
const verdictOf = (needs: Need, ...gaps: readonly Gap[]): Verdict => judgeOver(estate({ gaps }), [rule({ hosts: needs })]).verdicts[0]!;
const group = `${sub('prod')}/resourceGroups/rg-app`;
const tree = [
  managementGroup('corp'),
  managementGroup('platform', mg('corp')),
  subscription('prod', mg('platform')),
  subscription('test', mg('corp')),
  resourceGroup('prod', 'rg-app'),
];

describe('judge', () => {
  it.each<{ need: Need; gap: Gap; verdict: Verdict['verdict']; unjudged: Verdict['unjudged'] }>([
    { need: 'each', gap: gap(sub('prod')), verdict: 'checked', unjudged: [resourceKey(sub('prod'))] },
    { need: 'each', gap: gap('/', { state: 'partial' }), verdict: 'checked', unjudged: [resourceKey('/')] },
    { need: 'each', gap: gap('/'), verdict: 'inconclusive', unjudged: 'all' },
    { need: 'anywhere', gap: gap(sub('prod')), verdict: 'checked', unjudged: [resourceKey('/')] },
    { need: 'anywhere', gap: gap('/'), verdict: 'inconclusive', unjudged: 'all' },
    { need: 'local', gap: gap(sub('prod')), verdict: 'checked', unjudged: [resourceKey(sub('prod'))] },
    { need: 'local', gap: gap('/', { state: 'partial' }), verdict: 'inconclusive', unjudged: 'all' },
    { need: 'whole', gap: gap(group, { state: 'partial' }), verdict: 'inconclusive', unjudged: 'all' },
    { need: 'hint', gap: gap('/'), verdict: 'checked', unjudged: [] },
    { need: 'kept', gap: gap('/'), verdict: 'checked', unjudged: [resourceKey('/')] },
    { need: 'whole', gap: gap('/', { harmless: true }), verdict: 'checked', unjudged: [] },
    { need: 'whole', gap: gap('/', { slice: 'vaults' }), verdict: 'checked', unjudged: [] },
  ])('a need of $need with $gap.state $gap.slice at $gap.scope is $verdict', ({ need, gap, verdict, unjudged }) => {
    expect(verdictOf(need, gap)).toMatchObject({ verdict, unjudged });
  });

  it('says what it did not see, a few by name and the rest by number', () => {
    const gaps = ['a', 'b', 'c', 'd', 'e'].map((name) => gap(sub(name)));
    const { because } = verdictOf('each', ...gaps);
    expect(because).toContain(`hosts missing at ${sub('a')} (no access)`);
    expect(because).toContain('and 2 more gaps');
    expect(verdictOf('each')).toEqual({ id: 'made-up', verdict: 'checked', because: '', unjudged: [] });
  });

  it('takes a gap at a management group as one at every subscription below it', () => {
    const judged = judgeOver(estate({ containers: tree, gaps: [gap(mg('platform'))] }), [rule({ hosts: 'each' })]);
    expect(judged.verdicts[0]?.unjudged).toEqual([resourceKey(mg('platform')), resourceKey(sub('prod'))]);
  });

  it('drops a local inference that a gap covers, or that a gap lies in, and keeps the rest', () => {
    const violations = [violation(`${group}/providers/A/b/c`), violation(group), violation(sub('test')), violation(sub('prod'))];
    const under = (scope: string) =>
      judgeOver(estate({ containers: tree, gaps: [gap(scope)] }), [rule({ hosts: 'local' }, violations)]).violations.map(
        (each) => each.subject,
      );
    expect(under(group.toUpperCase())).toEqual([sub('test')]);
    expect(under(`${group}/providers/A/b/c`)).toEqual([sub('test')]);
    expect(under(mg('platform'))).toEqual([sub('test')]);
    expect(under(mg('corp'))).toEqual([]);
    expect(under(`${group}-2`)).toEqual([group, `${group}/providers/A/b/c`, sub('test')]);
  });

  it('keeps what a rule of single items saw beside a gap', () => {
    const judged = judgeOver(estate({ gaps: [gap(sub('prod'))] }), [rule({ hosts: 'each' }, [violation(group)])]);
    expect(judged.violations).toHaveLength(1);
  });

  it('reports nothing of an inconclusive rule', () => {
    const judged = judgeOver(estate({ gaps: [gap(sub('prod'))] }), [rule({ hosts: 'whole' }, [violation(sub('test'))])]);
    expect(judged.violations).toEqual([]);
    expect(judged.verdicts[0]?.because).toContain('no access');
  });

  it('makes a rule that throws half-way inconclusive, and lets the others speak', () => {
    const broken = rule({}, [], {
      id: 'broken',
      *judge() {
        yield violation('/a');
        throw new Error('a row without a name');
      },
    });
    const judged = judgeOver(estate(), [broken, rule({}, [violation('/b')])]);
    expect(judged.verdicts).toMatchObject([
      { id: 'broken', verdict: 'inconclusive', because: 'the rule itself failed: a row without a name', unjudged: 'all' },
      { verdict: 'checked' },
    ]);
    expect(judged.violations.map((each) => each.subject)).toEqual(['/b']);
  });

  it('is inconclusive where something else has to run first, and says that nothing was hidden', () => {
    const judged = judgeOver(estate(), [rule({}, [violation('/a')], { awaits: () => 'no watch has run' })]);
    expect(judged.verdicts).toEqual([
      { id: 'made-up', verdict: 'inconclusive', because: 'no watch has run', unjudged: 'all', awaiting: true },
    ]);
    expect(judged.violations).toEqual([]);
    const blind = judgeOver(estate({ gaps: [gap(sub('prod'))] }), [rule({ hosts: 'whole' }, [], { awaits: () => 'no watch has run' })]);
    expect(blind.verdicts[0]?.awaiting).toBeUndefined();
  });

  it('neither checks nor doubts a rule that is turned off', () => {
    expect(judgeOver(estate(), [rule({}, [violation('/a')], { enabled: () => false })])).toEqual({
      verdicts: [],
      violations: [],
      off: ['made-up'],
    });
  });
});
