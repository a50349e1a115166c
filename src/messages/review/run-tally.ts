import type { Coverage } from '../../estate/index.ts';
import type { Run, RunGap } from '../../findings/index.ts';
import { daysOf, dayOf } from './period.ts';
import type { GapOfMonth, JobRuns, Period, ReviewCoverage, RuleOfMonth } from './review.ts';

/** Runs of a month, taken in one by one: a watch that passes every five minutes leaves nine thousand of them. Newest first or oldest first. */
export interface RunTally {
  add(run: Run): void;
  coverage(rules: readonly { readonly id: string; readonly title: string }[]): ReviewCoverage;
}

export function runTally(period: Period): RunTally {
  const audits = jobTally();
  const watches = jobTally();
  const grantWatches = jobTally();
  const tallies = { audit: audits, watch: watches, 'watch-grants': grantWatches };
  const verdicts = new Map<string, Tallied>();
  let latest: Run | undefined;
  return {
    add(run) {
      tallies[run.job].add(run);
      if (run.job !== 'audit' || run.state !== 'finished') return;
      if (latest === undefined || run.finishedAt > latest.finishedAt) latest = run;
      for (const { id, verdict } of run.rules) {
        const line = verdicts.get(id) ?? { checked: 0, inconclusive: 0 };
        line[verdict] += 1;
        verdicts.set(id, line);
      }
    },
    coverage(rules) {
      const days = daysOf(period);
      return {
        days: days.length,
        audits: audits.runs(days),
        watches: watches.runs(days),
        grantWatches: grantWatches.runs(days),
        ...(latest !== undefined && { latest: { runId: latest.id, at: latest.finishedAt, complete: latest.complete } }),
        gaps: audits.gaps(),
        watchGaps: eachOnce([...watches.gaps(), ...grantWatches.gaps()]),
        rules: rules.map((rule) => ruleOfMonth(rule, verdicts.get(rule.id), latest)).toSorted(worstRuleFirst),
      };
    },
  };
}

interface Tallied {
  checked: number;
  inconclusive: number;
}

function ruleOfMonth(
  { id, title }: { readonly id: string; readonly title: string },
  line: Tallied | undefined,
  latest: Run | undefined,
): RuleOfMonth {
  const now = latest?.rules.find((rule) => rule.id === id);
  return {
    id,
    title,
    checked: line?.checked ?? 0,
    inconclusive: line?.inconclusive ?? 0,
    latest: now?.verdict ?? 'not-asked',
    because:
      now?.because ?? (latest === undefined ? 'no audit finished in this month' : 'switched off, or unknown to the audits of this month'),
  };
}

const states = ['not-asked', 'inconclusive', 'checked'] as const;
const worstRuleFirst = (a: RuleOfMonth, b: RuleOfMonth): number =>
  states.indexOf(a.latest) - states.indexOf(b.latest) || b.inconclusive - a.inconclusive || compare(a.id, b.id);

function jobTally() {
  let started = 0;
  let finished = 0;
  let complete = 0;
  const finishedOn = new Set<string>();
  const completeOn = new Set<string>();
  const gaps = new Map<string, Seen>();
  let newest: Run | undefined;
  return {
    add(run: Run): void {
      started += 1;
      if (run.state !== 'finished') return;
      const day = dayOf(run.startedAt);
      finished += 1;
      finishedOn.add(day);
      if (run.complete) {
        complete += 1;
        completeOn.add(day);
      }
      if (newest === undefined || run.startedAt > newest.startedAt) newest = run;
      for (const line of [...run.coverage, ...(run.logGaps ?? [])]) if (line.state !== 'whole') see(gaps, line, day, run);
    },
    runs: (days: readonly string[]): JobRuns => ({
      started,
      finished,
      complete,
      daysWithout: days.filter((day) => !finishedOn.has(day)),
      daysIncomplete: days.filter((day) => finishedOn.has(day) && !completeOn.has(day)),
    }),
    gaps: (): readonly GapOfMonth[] =>
      [...gaps.values()]
        .map(({ line, days, firstAt, lastAt, runId }) => ({
          ...line,
          state: line.state === 'missing' ? ('missing' as const) : ('partial' as const),
          days: days.size,
          firstAt,
          lastAt,
          stands: runId === newest?.id,
        }))
        .toSorted(
          (a, b) => Number(b.stands) - Number(a.stands) || b.days - a.days || compare(a.slice, b.slice) || compare(a.scope, b.scope),
        ),
  };
}

/** Both watches say what neither can see. */
const eachOnce = (gaps: readonly GapOfMonth[]): readonly GapOfMonth[] =>
  [...new Map(gaps.toReversed().map((gap) => [keyOf(gap), gap])).values()].toReversed();

interface Seen {
  readonly line: Coverage | RunGap;
  readonly days: Set<string>;
  firstAt: string;
  lastAt: string;
  runId: string;
}

function see(gaps: Map<string, Seen>, line: Coverage | RunGap, day: string, { id, startedAt }: Run): void {
  const key = keyOf(line);
  const seen = gaps.get(key);
  if (seen === undefined) {
    gaps.set(key, { line, days: new Set([day]), firstAt: startedAt, lastAt: startedAt, runId: id });
    return;
  }
  seen.days.add(day);
  if (startedAt < seen.firstAt) seen.firstAt = startedAt;
  if (startedAt > seen.lastAt) {
    seen.lastAt = startedAt;
    seen.runId = id;
  }
}

const keyOf = ({ slice, scope, state, permission, why }: Coverage | RunGap): string =>
  [slice, scope.toLowerCase(), state, permission, why].join('\n');
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
