import { resourceKey, scopeTree } from '../../src/estate/index.ts';
import { reconcile, type Exception, type Reconciled, type ReconcileRequest, type StoredFinding } from '../../src/findings/index.ts';
import type { Verdict, Violation } from '../../src/rules/index.ts';

/** A reconciliation that starts valid: one rule, checked everywhere, nothing known. A test says only what it is about. */
export const violation = (subject: string, more: Partial<Violation> = {}): Violation => ({
  rule: 'orphaned-assignment',
  subject,
  severity: 'high',
  confidence: 'likely',
  scope: '/subscriptions/s1/resourceGroups/rg',
  title: `Orphan ${subject}`,
  message: 'Nobody is behind it.',
  evidence: [{ label: 'principal', value: subject, source: 'graph' }],
  fix: [{ text: 'Remove it.', cli: `az role assignment delete --ids '${subject}'` }],
  related: [],
  ...more,
});

export const checked = (id = 'orphaned-assignment', more: Partial<Verdict> = {}): Verdict => ({
  id,
  verdict: 'checked',
  because: '',
  unjudged: [],
  ...more,
});
export const inconclusive = (id = 'orphaned-assignment', because = 'Graph is not readable'): Verdict => ({
  id,
  verdict: 'inconclusive',
  because,
  unjudged: 'all',
});
export const blindAt = (scopes: readonly string[], id = 'orphaned-assignment'): Verdict =>
  checked(id, { because: 'not everything was seen', unjudged: scopes.map(resourceKey) });

export const day = (number: number): string => `2026-11-${String(number).padStart(2, '0')}T08:00:00Z`;

export function request(more: Partial<ReconcileRequest> = {}): ReconcileRequest {
  return {
    known: { findings: new Map(), exceptions: [] },
    verdicts: [checked()],
    violations: [],
    off: [],
    rules: [{ id: 'orphaned-assignment', needs: {}, controls: ['CIS 6.0.0 5.3.4'] }],
    exclusions: { rules: [], scopes: [], tags: [] },
    tagsOf: () => [],
    within: scopeTree([]).within,
    area: { managementGroups: [], subscriptions: [] },
    now: day(1),
    runId: 'run-1',
    ...more,
  };
}

/** What a store would hold afterwards. `lastSeenAt` of unchanged rows is derived on reading, as `src/store/sighting.ts` does. */
export function stored(before: ReadonlyMap<string, StoredFinding>, { changes }: Reconciled): ReadonlyMap<string, StoredFinding> {
  return new Map([...before, ...changes.findings.map((finding) => [finding.id, finding] as const)]);
}

export interface Step extends Partial<Omit<ReconcileRequest, 'known'>> {
  readonly exceptions?: readonly Exception[];
}

/** Runs one after the other, each over what the one before left; day 1, 2, 3 … and run ids to match, unless a step says otherwise. */
export function live(...steps: readonly Step[]): readonly Reconciled[] {
  let findings: ReadonlyMap<string, StoredFinding> = new Map();
  return steps.map(({ exceptions = [], ...step }, at) => {
    const outcome = reconcile(request({ now: day(at + 1), runId: `run-${at + 1}`, ...step, known: { findings, exceptions } }));
    findings = stored(findings, outcome);
    return outcome;
  });
}

export const statuses = (outcome: Reconciled): readonly string[] => outcome.findings.map(({ subject, status }) => `${subject} ${status}`);
export const history = (outcomes: readonly Reconciled[]): readonly string[] =>
  outcomes.flatMap(({ changes }) => changes.history.map(({ kind, revision }) => `${revision} ${kind}`));
