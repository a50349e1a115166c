import type { WatchReport } from '../../src/jobs/watch-report.ts';
import type { Scenario } from '../../src/sandbox/generate/scenarios/index.ts';

export interface Verdict {
  readonly id: string;
  readonly expected: string;
  /** Best cause of the incident; several incidents are joined by a comma; `none` without an open one. */
  readonly got: string;
  readonly confidence: string;
  readonly ok: boolean;
  /** What is wrong; empty when all is as expected. */
  readonly why: string;
}

/** Holds what the watch said against what is known of the scenario. An incident that is over pages nobody. */
export function judge(scenario: Scenario, report: WatchReport): Verdict {
  const open = report.incidents.filter((incident) => incident.status !== 'resolved');
  const best = open.map((incident) => incident.causes[0]);
  const got = open.length === 0 ? 'none' : [...new Set(best.map((cause) => cause?.id ?? 'no cause'))].join(', ');
  const wanted = scenario.incidents ?? (scenario.cause === 'none' ? 0 : 1);
  const problems = [
    ...(got === scenario.cause ? [] : [`the best cause is ${got}: ${best.map((cause) => cause?.why ?? '').join(' | ')}`]),
    ...(open.length === wanted ? [] : [`${open.length} open incidents instead of ${wanted}`]),
    ...(scenario.kind === undefined || open.every((incident) => incident.kind === scenario.kind)
      ? []
      : [`it is a ${open.map((incident) => incident.kind).join(', ')}, not a ${scenario.kind}`]),
    ...(scenario.notCertain === true && best.some((cause) => cause?.confidence === 'certain')
      ? ['it claims to be certain, and nothing proves it']
      : []),
    ...(got !== scenario.cause && best.some((cause) => cause?.confidence === 'certain') ? ['and it claims to be certain'] : []),
    ...(scenario.unseen ?? [])
      .filter((slice) => !report.coverage.some((gap) => gap.slice.toLowerCase().startsWith(slice.toLowerCase())))
      .map((slice) => `coverage does not say that ${slice} could not be seen`),
    ...open.flatMap((incident) =>
      incident.causes
        .slice(0, 1)
        .flatMap((cause) => (cause.fix.length + cause.check.length > 0 ? [] : ['it says neither what to do nor what to look at'])),
    ),
  ];
  return {
    id: scenario.id,
    expected: scenario.cause,
    got,
    confidence: [...new Set(best.map((cause) => cause?.confidence ?? ''))].join(', '),
    ok: problems.length === 0,
    why: problems.join('; '),
  };
}
