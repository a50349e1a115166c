import type { Check, HostReport, TargetReport } from '../../jobs/examine-host.ts';
import { paintWith, type Paint } from './paint.ts';
import { oneLine } from './plain-text.ts';

/** What the doctor saw, link by link; why and what to do only where something is not as it should be. */
export function doctorText(report: HostReport, terminal: { readonly colours: boolean }): string {
  const paint = paintWith(terminal.colours);
  return [
    paint.strong('This host'),
    ...checkList(report.checks, paint),
    ...report.targets.flatMap((target) => targetLines(target, paint)),
    ...(report.auditor.length === 0 ? [] : ['', paint.strong('What the auditor may read'), ...checkList(report.auditor, paint)]),
    '',
    summaryLine(report, paint),
  ].join('\n');
}

const targetLines = ({ url, service, audience, hops }: TargetReport, paint: Paint): readonly string[] => [
  '',
  `${paint.strong(oneLine(url))} ${paint.faint(oneLine(`${service}${audience === '' ? '' : `, audience ${audience}`}`))}`,
  ...checkList(hops, paint),
];

function checkList(checks: readonly Check[], paint: Paint): readonly string[] {
  const widest = Math.max(...checks.map(({ id }) => id.length));
  return checks.flatMap((check) => checkLines(check, widest, paint));
}

function checkLines({ id, verdict, saw, why, fix, cause }: Check, width: number, paint: Paint): readonly string[] {
  const head = `  ${painted(verdict, paint)} ${oneLine(id).padEnd(width)} ${oneLine(saw)}`;
  // What is in order, and what was not reached, needs no explanation.
  if (verdict === 'ok' || fix === '') return [head];
  const more = [
    ['why', why],
    ['fix', fix],
    ['more', cause === undefined ? '' : `mi-audit explain ${cause}`],
  ] as const;
  return [
    head,
    ...more.filter(([, text]) => text !== '').map(([label, text]) => `${' '.repeat(11)}${paint.faint(label.padEnd(4))} ${oneLine(text)}`),
  ];
}

/** As wide as the longest of them. */
function painted(verdict: Check['verdict'], paint: Paint): string {
  const word = verdict.padEnd(7);
  switch (verdict) {
    case 'ok':
      return paint.good(word);
    case 'warning':
      return paint.warning(word);
    case 'failed':
      return paint.bad(word);
    case 'skipped':
      return paint.faint(word);
  }
}

function summaryLine({ summary, verdict }: HostReport, paint: Paint): string {
  const counts = `${summary.ok} ok, ${summary.warning} to look at, ${summary.failed} failed, ${summary.skipped} could not be checked.`;
  switch (verdict) {
    case 'ok':
    case 'warning':
      return paint.good(counts);
    case 'skipped':
      return paint.warning(counts);
    case 'failed':
      return paint.bad(counts);
  }
}
