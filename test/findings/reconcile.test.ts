import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingId, reconcile, type Exception, type StoredFinding } from '../../src/findings/index.ts';
import type { Verdict, Violation } from '../../src/rules/index.ts';
import { blindAt, checked, day, history, inconclusive, live, request, statuses, stored, violation } from './world.ts';

const a = violation('/a');
const b = violation('/b');
const idOf = ({ rule, subject, aspect }: Violation): string => findingId(rule, subject, aspect);
const exception = (of: Violation, more: Partial<Exception> = {}): Exception => ({
  id: `x-${of.subject}`,
  findingId: idOf(of),
  rule: of.rule,
  reason: 'known and wanted',
  author: 'ada',
  createdAt: day(1),
  until: day(20),
  ...more,
});

describe('findings that live in time', () => {
  it('are new, then open, then resolved, then reopened, then open', () => {
    const outcomes = live({ violations: [a] }, { violations: [a] }, {}, {}, { violations: [a] }, { violations: [a] });
    expect(outcomes.map(statuses)).toEqual([['/a new'], ['/a open'], ['/a resolved'], [], ['/a reopened'], ['/a open']]);
    expect(history(outcomes)).toEqual(['1 opened', '2 resolved', '3 reopened']);
  });

  it('report nothing new in a second run at the very same instant', () => {
    const [first, second] = live({ violations: [a, b], now: day(1) }, { violations: [a, b], now: day(1), runId: 'run-1-2' });
    expect(first?.summary.new).toBe(2);
    expect(second?.summary).toMatchObject({ new: 0, resolved: 0, reopened: 0, bySeverity: { high: 2 } });
    expect(second?.changes.history).toEqual([]);
  });

  it('say again what they said when a run that died comes back under its id', () => {
    const [first, again] = live({ violations: [a] }, { violations: [a], now: day(1), runId: 'run-1' });
    expect(again?.findings).toEqual(first?.findings);
    expect(again?.changes).toEqual({ findings: [], history: [] });
    const [, resolved, resolvedAgain] = live({ violations: [a] }, {}, { now: day(2), runId: 'run-2' });
    expect(resolvedAgain?.findings).toEqual(resolved?.findings);
    expect(resolvedAgain?.summary.resolved).toBe(1);
    expect(resolvedAgain?.changes).toEqual({ findings: [], history: [] });
  });

  it('keep an id that does not change with the case of an ARM id, and differs by rule, subject and aspect', () => {
    expect(findingId('orphaned-assignment', '/SUB/X')).toBe(findingId('orphaned-assignment', '/sub/x'));
    expect(findingId('orphaned-assignment', '/a')).toMatch(/^orphaned-assignment-[0-9a-f]{16}$/);
    expect(
      new Set([findingId('r', '/a'), findingId('q', '/a'), findingId('r', '/b'), findingId('r', '/a', 'x'), findingId('r', '/ax')]).size,
    ).toBe(5);
    const [, second] = live({ violations: [a] }, { violations: [violation('/A')] });
    expect(statuses(second!)).toEqual(['/A open']);
  });

  it('are not written again when nothing but the day changed, and are when the message did', () => {
    const [, same, other] = live({ violations: [a] }, { violations: [a] }, { violations: [a] });
    expect(same?.changes.findings.map(({ status }) => status)).toEqual(['open']);
    expect(other?.changes.findings).toEqual([]);
    expect(other?.findings[0]?.lastSeenAt).toBe(day(3));
    const [, changed] = live({ violations: [a] }, { violations: [violation('/a', { message: 'Still nobody.' })] });
    expect(changed?.changes).toMatchObject({ findings: [{ message: 'Still nobody.', revision: 1 }], history: [] });
  });

  it('note a change of severity, once', () => {
    const worse = violation('/a', { severity: 'critical' });
    const outcomes = live({ violations: [a] }, { violations: [worse] }, { violations: [worse] });
    expect(history(outcomes)).toEqual(['1 opened', '2 severity-changed']);
    expect(outcomes[1]?.changes.history[0]?.note).toBe('high → critical');
  });

  it('take the worse of two violations that are one, whichever came first', () => {
    const worse = violation('/A', { severity: 'critical' });
    for (const violations of [
      [a, worse],
      [worse, a],
    ])
      expect(live({ violations })[0]?.findings.map(({ severity }) => severity)).toEqual(['critical']);
  });
});

describe('blind is not clean', () => {
  const inS2 = violation('/subscriptions/s2/x', { scope: '/subscriptions/s2' });
  const blind: readonly [string, Violation, { readonly verdicts: readonly Verdict[]; readonly off?: readonly string[] }][] = [
    ['the rule is inconclusive', a, { verdicts: [inconclusive()] }],
    ['the rule was not asked', a, { verdicts: [] }],
    ['the rule is switched off', a, { verdicts: [], off: ['orphaned-assignment'] }],
    ['its scope lies under a gap', inS2, { verdicts: [blindAt(['/subscriptions/S2'])] }],
    ['its subject does', violation('/subscriptions/s2/x', { scope: '/' }), { verdicts: [blindAt(['/subscriptions/s2'])] }],
    [
      'its identity lives under a gap',
      violation('/m', {
        scope: '/providers/Microsoft.Management/managementGroups/m',
        principal: { id: 'p', kind: 'user-assigned', name: 'n', resourceId: '/subscriptions/s2/rg/i', clientId: '' },
      }),
      { verdicts: [blindAt(['/subscriptions/s2'])] },
    ],
    [
      'something it is about too does',
      violation('/subscriptions/s1/x', { related: ['/subscriptions/s2/y'] }),
      { verdicts: [blindAt(['/subscriptions/s2'])] },
    ],
    ['the gap is everywhere', a, { verdicts: [blindAt(['/'])] }],
  ];

  it.each(blind)('a finding stays as it was where %s', (_, given, step) => {
    const [first, second, third] = live({ violations: [given] }, step, { violations: [given] });
    expect(second?.findings).toMatchObject([{ status: 'open', firstSeenAt: day(1), lastSeenAt: day(1) }]);
    expect(second?.findings[0]?.unjudged).toBeTruthy();
    expect(second?.changes.history).toEqual([]);
    expect(second?.summary).toMatchObject({ resolved: 0, new: 0, unjudged: 1 });
    expect({ ...second?.findings[0], status: 'new', statusRunId: 'run-1', unjudged: undefined }).toEqual({
      ...first?.findings[0],
      unjudged: undefined,
    });
    expect(third?.findings[0]).toMatchObject({ status: 'open', lastSeenAt: day(3) });
    expect(third?.findings[0]).not.toHaveProperty('unjudged');
  });

  it.each([
    ['a gap elsewhere', a, { verdicts: [blindAt(['/subscriptions/s2'])] }],
    [
      'a gap in a scope whose name only begins alike',
      a,
      { verdicts: [blindAt(['/subscriptions/s', '/subscriptions/s1/resourceGroups/r'])] },
    ],
    [
      'a gap below it, for a rule that judges single items',
      violation('/m', { scope: '/' }),
      { verdicts: [blindAt(['/subscriptions/s2'])] },
    ],
    ['another rule being inconclusive', a, { verdicts: [checked(), inconclusive('shared-identity')] }],
  ])('a finding resolves in spite of %s', (_, given, step) => {
    const [, second] = live({ violations: [given] }, step);
    expect(second?.findings).toMatchObject([{ status: 'resolved', resolvedAt: day(2), resolvedBy: 'fixed' }]);
  });

  it('a gap below the scope hides it from a rule that infers from absence there', () => {
    const rules = [{ id: 'orphaned-assignment', needs: { hosts: 'local' as const }, controls: [] }];
    const [, second] = live(
      { violations: [violation('/m', { scope: '/' })], rules },
      { verdicts: [blindAt(['/subscriptions/s2'])], rules },
    );
    expect(second?.findings).toMatchObject([{ status: 'open' }]);
  });

  it('a run over part of the tenant resolves nothing outside it, but what is above it', () => {
    const above = violation('/top', { scope: '/' });
    const other = violation('/subscriptions/s2/x', { scope: '/subscriptions/s2' });
    const [, second] = live({ violations: [a, above, other] }, { area: { managementGroups: [], subscriptions: ['s1'] } });
    expect(statuses(second!).toSorted()).toEqual(['/a resolved', '/subscriptions/s2/x open', '/top resolved']);
  });
});

describe('accepted risks', () => {
  it('are accepted until their end, then open again, and the history says so', () => {
    const exceptions = [exception(a, { until: day(3) })];
    const outcomes = live(
      { violations: [a] },
      { violations: [a], exceptions },
      { violations: [a], exceptions },
      { violations: [a], exceptions },
    );
    expect(outcomes.map(statuses)).toEqual([['/a new'], ['/a accepted'], ['/a open'], ['/a open']]);
    expect(history(outcomes)).toEqual(['1 opened', '2 accepted', '3 acceptance-expired']);
    expect(outcomes[1]?.summary).toMatchObject({ accepted: 1, bySeverity: { high: 0 } });
    expect(outcomes[1]?.changes.history[0]).toMatchObject({ author: 'ada', note: `until ${day(3)}: known and wanted` });
  });

  it('end early when somebody ends them', () => {
    const outcomes = live(
      { violations: [a] },
      { violations: [a], exceptions: [exception(a)] },
      { violations: [a], exceptions: [exception(a, { endedAt: day(2) })] },
    );
    expect(history(outcomes)).toEqual(['1 opened', '2 accepted', '3 unaccepted']);
  });

  it('expire also while nobody can judge the finding', () => {
    const exceptions = [exception(a, { until: day(3) })];
    const outcomes = live({ violations: [a] }, { violations: [a], exceptions }, { verdicts: [inconclusive()], exceptions });
    expect(outcomes[2]?.findings).toMatchObject([{ status: 'open', unjudged: 'Graph is not readable' }]);
  });

  it('are reported when they match nothing any more', () => {
    const exceptions = [exception(a), exception(b), exception(violation('/never')), exception(violation('/over'), { until: day(1) })];
    const outcomes = live({ violations: [a, b] }, { violations: [a, b], exceptions }, { violations: [b], exceptions });
    expect(outcomes[1]?.idleExceptions.map(({ id }) => id)).toEqual(['x-/never']);
    expect(outcomes[2]?.idleExceptions.map(({ id }) => id)).toEqual(['x-/a', 'x-/never']);
    expect(statuses(outcomes[2]!)).toEqual(['/b accepted', '/a resolved']);
  });

  it('hold when the finding comes back', () => {
    const exceptions = [exception(a)];
    const outcomes = live({ violations: [a], exceptions }, { exceptions }, { violations: [a], exceptions });
    expect(outcomes.map(statuses)).toEqual([['/a accepted'], ['/a resolved'], ['/a accepted']]);
    expect(history(outcomes)).toEqual(['1 opened', '2 accepted', '3 resolved', '4 reopened', '5 accepted']);
  });
});

describe('exclusions', () => {
  const tagged = (id: string) => (id === '/a' ? [{ Environment: 'sandbox' }] : []);
  const settings: readonly [string, Partial<{ rules: string[]; scopes: string[]; tags: string[] }>, string][] = [
    ['rule', { rules: ['orphaned-assignment'] }, 'rule orphaned-assignment'],
    ['scope', { scopes: ['/subscriptions/S1'] }, 'scope /subscriptions/S1'],
    ['tag', { tags: ['environment=sandbox'] }, 'tag environment=sandbox'],
    ['tag of any value', { tags: ['ENVIRONMENT'] }, 'tag ENVIRONMENT'],
  ];
  it.each(settings)('by %s: counted and shown, no findings', (_, part, by) => {
    const exclusions = { rules: [], scopes: [], tags: [], ...part };
    const [only] = live({ violations: [a], exclusions, tagsOf: tagged });
    expect(only?.findings).toEqual([]);
    expect(only?.summary.excluded).toBe(1);
    expect(only?.excluded).toEqual([{ violation: a, by }]);
  });

  it.each([
    ['another rule', { rules: ['shared-identity'] }],
    ['a scope whose name begins alike', { scopes: ['/subscriptions/s', '/subscriptions/s1/resourceGroups/r'] }],
    ['another value of the tag', { tags: ['environment=Sandbox', 'environment=prod', 'env=sandbox'] }],
  ])('leave alone what they do not name: %s', (_, part) => {
    const [only] = live({ violations: [a], exclusions: { rules: [], scopes: [], tags: [], ...part }, tagsOf: tagged });
    expect(statuses(only!)).toEqual(['/a new']);
  });

  it('withdraw a finding without calling it fixed, and it re-opens when they go', () => {
    const exclusions = { rules: [], scopes: ['/subscriptions/s1'], tags: [] };
    const outcomes = live({ violations: [a] }, { violations: [a], exclusions }, { violations: [a], exclusions }, { violations: [a] });
    expect(outcomes[1]?.findings).toMatchObject([{ status: 'resolved', resolvedBy: 'excluded' }]);
    expect(outcomes[1]?.changes.history[0]?.note).toContain('not fixed');
    expect(outcomes[1]?.summary).toMatchObject({ resolved: 0, excluded: 1 });
    expect(outcomes.slice(2).map(statuses)).toEqual([[], ['/a reopened']]);
    expect(outcomes[3]?.findings[0]).not.toHaveProperty('resolvedBy');
  });

  it('withdraw the findings of an excluded rule that is not even asked', () => {
    const [, second] = live({ violations: [a] }, { verdicts: [], exclusions: { rules: ['orphaned-assignment'], scopes: [], tags: [] } });
    expect(second?.findings).toMatchObject([{ status: 'resolved', resolvedBy: 'excluded' }]);
  });
});

describe('hostile and oversized violations', () => {
  it('are carried within what a store can hold, and say what was left out', () => {
    const huge = violation('/a'.padEnd(50_000, '\u0001'), {
      title: '𝄞'.repeat(9_999),
      message: '"'.repeat(1_000_000),
      evidence: Array.from({ length: 5_000 }, (_, at) => ({ label: `line ${at}`, value: '\u0000'.repeat(200), source: 'arm' as const })),
      fix: [
        { text: 'Do it.', cli: `az ${'x'.repeat(100_000)}` },
        { text: 'Or that.', cli: 'az account show' },
      ],
      related: Array.from({ length: 50_000 }, (_, at) => `/subscriptions/s1/x${at}`),
    });
    const [first, second, third] = live({ violations: [huge] }, { violations: [huge] }, { violations: [huge] });
    const finding = first!.findings[0]!;
    expect(JSON.stringify(finding).length).toBeLessThan(300_000);
    expect(finding.id).toBe(findingId(huge.rule, huge.subject));
    expect(finding.title.isWellFormed()).toBe(true);
    expect(finding.evidence.filter(({ label }) => /^and \d+ more$/.test(label)).length).toBe(2);
    expect(finding.fix).toEqual([
      { text: 'Do it. (Left out because it is too long to keep: cli.)' },
      { text: 'Or that.', cli: 'az account show' },
    ]);
    expect(second?.findings.length).toBe(1);
    expect(third?.changes.findings).toEqual([]);
  });
});

describe('reconcile, whatever comes', () => {
  const rules = ['orphaned-assignment', 'shared-identity'];
  const anyViolation = fc
    .record({
      rule: fc.constantFrom(...rules),
      at: fc.integer({ min: 0, max: 3 }),
      severity: fc.constantFrom('high' as const, 'low' as const),
    })
    .map(({ rule, at, severity }) => violation(`/subscriptions/s${at}/x`, { rule, severity, scope: `/subscriptions/s${at}` }));
  const anyVerdict = (id: string) =>
    fc.constantFrom(checked(id), inconclusive(id), blindAt(['/subscriptions/s1', '/subscriptions/s2'], id));
  const anyException = anyViolation.chain((of) =>
    fc.integer({ min: 1, max: 6 }).map((until) => exception(of, { id: `x${until}${of.rule}${of.subject}`, until: day(until) })),
  );
  const anyRun = fc
    .record({
      violations: fc.array(anyViolation, { maxLength: 6 }),
      verdicts: fc.tuple(...rules.map(anyVerdict)),
      exceptions: fc.array(anyException, { maxLength: 2 }),
    })
    .map(({ violations, verdicts, exceptions }) => ({
      verdicts,
      exceptions,
      // A rule reports nothing where it judged nothing.
      violations: violations.filter(({ rule, scope }) => {
        const verdict = verdicts.find(({ id }) => id === rule);
        return verdict?.verdict === 'checked' && !(verdict.unjudged as readonly string[]).includes(scope);
      }),
    }));
  const anyLife = fc.array(anyRun, { minLength: 1, maxLength: 5 });

  it('is idempotent: the same run over its own outcome changes nothing and says the same', () => {
    fc.assert(
      fc.property(anyLife, (runs) => {
        const outcomes = live(...runs, { ...runs.at(-1)!, now: day(runs.length), runId: `run-${runs.length}` });
        expect(outcomes.at(-1)?.findings).toEqual(outcomes.at(-2)?.findings);
        expect(outcomes.at(-1)?.changes).toEqual({ findings: [], history: [] });
      }),
    );
  });

  it('does not depend on the order of anything', () => {
    fc.assert(
      fc.property(anyLife, (runs) => {
        const turned = runs.map(({ violations, verdicts, exceptions }) => ({
          violations: violations.toReversed(),
          verdicts: verdicts.toReversed(),
          exceptions: exceptions.toReversed(),
        }));
        const [one, other] = [live(...runs), live(...turned)];
        expect(other.map(({ findings, changes, summary }) => ({ findings, changes, summary }))).toEqual(
          one.map(({ findings, changes, summary }) => ({ findings, changes, summary })),
        );
      }),
    );
  });

  it('loses nothing, resolves nothing it did not judge, and numbers the history without holes', () => {
    fc.assert(
      fc.property(anyLife, (runs) => {
        let known: ReadonlyMap<string, StoredFinding> = new Map();
        const revisions = new Map<string, number>();
        runs.forEach(({ exceptions, ...run }, at) => {
          const outcome = reconcile(request({ ...run, now: day(at + 1), runId: `run-${at + 1}`, known: { findings: known, exceptions } }));
          const after = stored(known, outcome);
          const seen = new Set(run.violations.map(idOf));
          for (const id of seen)
            expect(['new', 'open', 'reopened', 'accepted']).toContain(outcome.findings.find((finding) => finding.id === id)?.status);
          for (const [id, before] of known) {
            const now = after.get(id)!;
            const verdict = run.verdicts.find((each) => each.id === before.rule)!;
            const judged = verdict.verdict === 'checked' && !(verdict.unjudged as readonly string[]).includes(before.scope);
            expect(now.status === 'resolved').toBe(seen.has(id) ? false : judged || before.status === 'resolved');
            expect(now.firstSeenAt).toBe(before.firstSeenAt);
          }
          for (const { findingId: id, revision } of outcome.changes.history) {
            expect(revision).toBe((revisions.get(id) ?? 0) + 1);
            revisions.set(id, revision);
          }
          for (const [id, finding] of after) expect(finding.revision).toBe(revisions.get(id));
          known = after;
        });
      }),
    );
  });
});
