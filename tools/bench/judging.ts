import { presets, type TenantSize } from '../../src/sandbox/generate/index.ts';
import type { AuditOutcome } from './audit-outcome.ts';
import { median } from './measure.ts';
import { measurement, round, type Measurement } from './result.ts';
import { inWorld } from './world.ts';

/** Judge and reconcile against the plainest thing one can do with the same bytes: `JSON.parse` over the pages, in the same process. */
export async function judging(progress: (line: string) => void): Promise<readonly Measurement[]> {
  const { runs: full, sources } = await measured(presets.bench, progress);
  const { runs: tenth } = await measured(presets.tenth, progress);
  const first = median(full.map(({ firstCpuMs, parseCpuMs }) => firstCpuMs / parseCpuMs));
  const later = median(full.map(({ laterCpuMs, parseCpuMs }) => laterCpuMs / parseCpuMs));
  const cost = (runs: readonly AuditOutcome[]): number => median(runs.map(({ firstCpuMs }) => firstCpuMs));
  return [
    measurement('judge and reconcile, first run, CPU over JSON.parse of the same pages', first, '×', told(full), 2),
    measurement('judge and reconcile, later run, CPU over JSON.parse of the same pages', later, '×', told(full), 2),
    measurement(
      'peak memory of a process that collects, judges and reconciles, as deployed',
      Math.max(...full.map(({ peakMemoryMB }) => peakMemoryMB)),
      'MB',
      { ...told(full), fromSourcesMB: round(sources.peakMemoryMB), fromSourcesBaselineMB: round(sources.baselineMemoryMB) },
      400,
    ),
    measurement('CPU at ten times the rows', cost(full) / cost(tenth), '×', { fullMs: round(cost(full)), tenthMs: round(cost(tenth)) }, 11),
  ];
}

interface Measured {
  /** As it is deployed, three times. */
  readonly runs: readonly AuditOutcome[];
  /** As a clone runs it, with Node's TypeScript compiler in the process. */
  readonly sources: AuditOutcome;
}

function measured(size: TenantSize, progress: (line: string) => void): Promise<Measured> {
  // What it takes to collect is measured elsewhere: no quota here.
  const { quota: _quota, ...unlimited } = size;
  return inWorld(unlimited, progress, async (audit) => ({
    runs: [await audit(), await audit(), await audit()],
    sources: await audit('sources'),
  }));
}

function told(runs: readonly AuditOutcome[]): Measurement['detail'] {
  const of = (pick: (run: AuditOutcome) => number): number => round(median(runs.map(pick)));
  return {
    assignments: of((run) => run.assignments),
    identities: of((run) => run.identities),
    findings: of((run) => run.findings),
    findingsByRule: Object.entries(runs[0]?.findingsByRule ?? {})
      .map(([rule, count]) => `${rule} ${count}`)
      .join(', '),
    gaps: of((run) => run.gaps),
    firstCpuMs: of((run) => run.firstCpuMs),
    laterCpuMs: of((run) => run.laterCpuMs),
    parseCpuMs: of((run) => run.parseCpuMs),
    pageMB: of((run) => run.pageMB),
    baselineMemoryMB: of((run) => run.baselineMemoryMB),
    collectedMemoryMB: of((run) => run.collectedMemoryMB),
    peakMemoryMB: of((run) => run.peakMemoryMB),
  };
}
