import { tailProbability } from './probability.ts';

/**
 * What is normal for one series: exponentially decayed sums over its 5-minute bins, empty bins included.
 * A half-life of three days forgets a bad week and remembers a weekend.
 */
export interface Baseline {
  /** Decayed number of bins, sum and sum of squares of their counts. */
  readonly bins: number;
  readonly sum: number;
  readonly squares: number;
}

export const emptyBaseline: Baseline = { bins: 0, sum: 0, squares: 0 };

const halfLifeBins = (3 * 24 * 60) / 5;
const decay = 0.5 ** (1 / halfLifeBins);
/** Before anything was seen: about one denial in two days, worth three hours of observation. */
const prior = { bins: 36, perBin: 0.002 };

export function after(baseline: Baseline, count: number): Baseline {
  return { bins: baseline.bins * decay + 1, sum: baseline.sum * decay + count, squares: baseline.squares * decay + count * count };
}

/** `n` bins without a denial, in closed form. */
export function afterSilence(baseline: Baseline, n: number): Baseline {
  if (n <= 0) return baseline;
  const factor = decay ** n;
  return { bins: baseline.bins * factor + (1 - factor) / (1 - decay), sum: baseline.sum * factor, squares: baseline.squares * factor };
}

/** Expected count in `bins` bins, and how improbable `count` is there. */
export function surprise(baseline: Baseline, count: number, bins: number): { readonly expected: number; readonly probability: number } {
  const weight = baseline.bins + prior.bins;
  const mean = (baseline.sum + prior.bins * prior.perBin) / weight;
  const variance = Math.max(mean, baseline.squares / weight - mean * mean);
  const expected = mean * bins;
  // Nobody is surprised by what is usual; the tail there is not worth its price.
  if (count <= expected) return { expected, probability: 1 };
  return { expected, probability: tailProbability(count, expected, variance * bins) };
}
