import type { WatchReport } from '../../jobs/watch-report.ts';
import { whoOf } from './incident-sheet.ts';
import { markdown } from './plain-text.ts';

/** The pass as Markdown, for a ticket. */
export function watchMarkdown({ incidents, coverage, denials, run }: WatchReport): string {
  return [
    `# Refused calls, ${run.from} to ${run.to}`,
    '',
    ...(incidents.length === 0 ? [run.complete ? 'No incidents.' : 'No incidents in what could be seen.', ''] : []),
    ...incidents.flatMap((incident) => {
      const [best] = incident.causes;
      return [
        `## ${markdown(whoOf(incident))}: ${incident.denials} × ${incident.statusCodes.join('/')} (${incident.severity}, ${incident.status})`,
        '',
        `On ${markdown(incident.targets.join(', '))} since ${incident.firstDenialAt}, last ${incident.lastDenialAt}. Operations: ${markdown(incident.operations.join(', '))}.`,
        '',
        ...(best === undefined
          ? []
          : [
              `**${best.id}** (${best.confidence}): ${markdown(best.why)}`,
              '',
              ...best.fix.flatMap((step) => [`- ${markdown(step.text)}`, ...(step.cli === undefined ? [] : ['', ...fenced(step.cli), ''])]),
              '',
            ]),
        ...(incident.ruledOut.length === 0
          ? []
          : ['Ruled out:', '', ...incident.ruledOut.map(({ id, why }) => `- ${id}: ${markdown(why)}`), '']),
      ];
    }),
    `${denials.count} refused calls; benign: ${denials.benign.map(({ id, count }) => `${id} ${count}`).join(', ') || 'none'}.`,
    '',
    ...(coverage.some(({ state }) => state !== 'whole')
      ? [
          '## Not watched',
          '',
          ...coverage
            .filter(({ state }) => state !== 'whole')
            .map(({ slice, scope, why }) => `- ${slice} at ${markdown(scope)}: ${markdown(why)}`),
          '',
        ]
      : []),
  ].join('\n');
}

/** A fence longer than any run of back-ticks inside it. */
function fenced(text: string): readonly string[] {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return [`${fence}sh`, text, fence];
}
