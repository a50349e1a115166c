/** CPU of this process, user and system, all threads, while `work` runs: waiting costs nothing, garbage collection does. */
export function cpuMs<Answer>(work: () => Answer): { readonly ms: number; readonly answer: Answer } {
  const before = process.cpuUsage();
  const answer = work();
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1000, answer };
}

/** Most memory this process ever had, as the kernel counts it. */
export const peakMemoryMB = (): number => process.resourceUsage().maxRSS / 1024;

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
