import type { Run } from '../findings/index.ts';
import type { ApiStore } from './dependencies.ts';
import type { Coverage, CoverageGap } from './contract/index.ts';
import { sees, type Sight } from './auth/sight.ts';

/** How whole the latest finished run was: what stands beside every list. */
export async function coverageOf(store: Pick<ApiStore, 'runs'>, job: Run['job'], sight: Sight): Promise<Coverage> {
  const run = await latestRun(store, job);
  // Whoever asks what the watch saw means both; what neither could see is said once.
  const beside = job === 'watch' ? await latestRun(store, 'watch-grants') : undefined;
  const gaps =
    run === undefined ? [never(job)] : distinct([run, beside].flatMap((each) => (each === undefined ? [] : gapsOf(each, sight))));
  return {
    runId: run?.id ?? null,
    at: run?.finishedAt ?? null,
    complete: run?.complete === true && beside?.complete !== false,
    gaps,
    ...(sight.kind === 'subscriptions' && { restrictedTo: sight.ids }),
  };
}

/** Of those that finished; a run or two may have died since. */
export async function latestRun(
  store: Pick<ApiStore, 'runs'>,
  job: Run['job'],
  wanted: (run: Run) => boolean = () => true,
): Promise<Run | undefined> {
  for (const limit of [5, 100]) {
    const runs = await store.runs(limit, job);
    const found = runs.find((run) => run.state === 'finished' && wanted(run));
    if (found !== undefined || runs.length < limit) return found;
  }
  return undefined;
}

/** Whoever sees a part of the tenant is told what is missing there and above; other subscriptions' names are none of theirs. */
function gapsOf({ coverage, logGaps = [] }: Run, sight: Sight): readonly CoverageGap[] {
  const unseen = coverage.flatMap(({ slice, scope, state, why, permission, harmless }): readonly CoverageGap[] =>
    state === 'whole' ? [] : [{ slice, scope, state, why, permission, ...(harmless === true && { harmless }) }],
  );
  return [...unseen, ...logGaps].filter(({ scope }) => !/^\/subscriptions\//i.test(scope) || sees(sight, scope));
}

function never(job: Run['job']): CoverageGap {
  return { slice: job, scope: '/', state: 'missing', why: neverRan[job], permission: '' };
}

const neverRan: Readonly<Record<Run['job'], string>> = {
  audit: 'No audit has been stored yet: what stands here says nothing about the tenant.',
  watch: 'No pass of the watch has been stored yet: nobody has looked for refused calls.',
  'watch-grants': 'No pass of the watch over grants has been stored yet: nobody has looked for grants just made.',
};

const distinct = (gaps: readonly CoverageGap[]): readonly CoverageGap[] => [
  ...new Map(gaps.map((gap) => [JSON.stringify(gap), gap])).values(),
];
