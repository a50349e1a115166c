import betainc from '@stdlib/math-base-special-betainc';
import gammainc from '@stdlib/math-base-special-gammainc';

/**
 * Probability of at least `count` events where `mean` are expected. Poisson when the variance does not exceed the mean, negative binomial
 * when it does (denials come in clumps: retries). Both tails are regularised incomplete functions, exact down to 1e-300.
 */
export function tailProbability(count: number, mean: number, variance: number): number {
  if (count <= 0) return 1;
  if (mean <= 0) return 0;
  if (variance <= mean * 1.001) return gammainc(mean, count, true, false);
  const size = (mean * mean) / (variance - mean);
  return betainc(mean / (mean + size), count, size, true, false);
}
