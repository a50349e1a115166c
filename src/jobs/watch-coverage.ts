import type { RunGap } from '../findings/index.ts';
import type { LogGap } from '../ports/index.ts';
import type { WatchCoverage } from './watch-report.ts';

/** Each line once, in the words of the contract. */
export function coverageOf(gaps: readonly LogGap[]): readonly WatchCoverage[] {
  const lines = gaps.map(({ slice, scope, state, why, permission, command }): WatchCoverage => ({
    slice,
    scope,
    state,
    why,
    permission,
    command,
  }));
  return [...new Map(lines.map((line) => [JSON.stringify(line), line])).values()];
}

export const isComplete = (gaps: readonly LogGap[]): boolean => gaps.every(({ failed }) => !failed);

const logGapsMax = 100;
const charsMax = 400;

/** What stands beside every message that a pass gives rise to. The longest of lists has an end, and says so. */
export function logGapsOf(all: readonly LogGap[]): readonly RunGap[] {
  const gaps = coverageOf(all).flatMap(({ slice, scope, state, why, permission }): readonly RunGap[] =>
    state === 'whole' ? [] : [{ slice, scope: clip(scope), state, why: clip(why), permission: clip(permission) }],
  );
  if (gaps.length <= logGapsMax) return gaps;
  const why = `and ${gaps.length - logGapsMax + 1} more lines of coverage, too many to keep`;
  return [...gaps.slice(0, logGapsMax - 1), { slice: 'logs', scope: '/', state: 'partial', why, permission: '' }];
}

const clip = (text: string): string => text.slice(0, charsMax).toWellFormed();
