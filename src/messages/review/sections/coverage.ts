import { columns, rowsMax, table, text, type Block, type Cell, type Section } from '../document.ts';
import { minute, placeOf, plural } from '../foreign.ts';
import type { GapOfMonth, JobRuns, Review, RuleOfMonth } from '../review.ts';

/** First of all: what was and was not seen. Nothing below is worth more than this. */
export function coverageSection(review: Review): Section {
  const { coverage } = review;
  const blind = coverage.audits.daysWithout.length;
  const partly = coverage.audits.daysIncomplete.length;
  const inconclusive = coverage.rules.filter(({ latest }) => latest !== 'checked');
  const whole = blind + partly === 0 && inconclusive.every(({ latest }) => latest === 'not-asked') && coverage.latest?.complete === true;
  return {
    id: 'coverage',
    title: 'Coverage',
    tone: whole ? 'good' : coverage.latest === undefined ? 'bad' : 'warning',
    lead: whole
      ? `On each of ${plural(coverage.days, 'day')} an audit finished and saw everything that its rules rest on.`
      : `${sentenceOf(coverage.latest === undefined, blind, partly, coverage.days)} What was not seen is not reported as clean.`,
    blocks: [
      table(
        'Runs of the month',
        columns('Job', '#Started', '#Finished', '#Complete', 'Days blind', 'Days partly blind'),
        [
          ['Audit', coverage.audits] as const,
          ['Watch of refused calls', coverage.watches] as const,
          ['Watch of grants', coverage.grantWatches] as const,
        ],
        jobRow,
        'coverage',
      ),
      ...gapBlocks(review, 'What audits could not see', coverage.gaps, coverage.latest?.complete === true),
      ...gapBlocks(review, 'What the watch could not see', coverage.watchGaps, false),
      ...ruleBlocks(inconclusive, coverage.rules),
    ],
  };
}

function sentenceOf(none: boolean, blind: number, partly: number, days: number): string {
  if (none) return `No audit finished in this period of ${plural(days, 'day')}: nothing below says anything about it.`;
  const parts = [
    ...(blind > 0 ? [`${plural(blind, 'day')} without a finished audit`] : []),
    ...(partly > 0 ? [`${plural(partly, 'day')} on which audits saw only a part`] : []),
  ];
  return parts.length === 0
    ? 'Audits ran every day, but not all of what they need was seen.'
    : `Of ${plural(days, 'day')}: ${parts.join(', ')}.`;
}

const jobRow = ([job, runs]: readonly [string, JobRuns]): readonly Cell[] => [
  job,
  String(runs.started),
  String(runs.finished),
  String(runs.complete),
  spans(runs.daysWithout),
  spans(runs.daysIncomplete),
];

/** A run that is complete all the same rests on nothing that its gaps hide. */
function gapBlocks({ subscriptions }: Review, caption: string, gaps: readonly GapOfMonth[], harmless: boolean): readonly Block[] {
  if (gaps.length === 0) return [];
  return [
    table(
      caption,
      columns('Slice', 'Where', 'State', '#Days', 'Last', 'Why'),
      gaps,
      (gap) => [
        { kind: 'code', text: gap.slice },
        placeOf(gap.scope, subscriptions),
        gap.stands
          ? { kind: 'state', text: gap.state, tone: harmless ? 'plain' : gap.state === 'missing' ? 'bad' : 'warning' }
          : `${gap.state}, closed since`,
        String(gap.days),
        { kind: 'when', text: minute(gap.lastAt) },
        gap.permission === '' ? gap.why : { kind: 'noted', text: gap.why, note: `closes with ${gap.permission}` },
      ],
      'coverage',
    ),
  ];
}

function ruleBlocks(open: readonly RuleOfMonth[], all: readonly RuleOfMonth[]): readonly Block[] {
  if (all.length === 0) return [];
  if (open.length === 0) return [text(`All ${all.length} rules could be checked in the latest audit.`, 'good')];
  return [
    text(
      `${all.length - open.length} of ${all.length} rules were checked in the latest audit; the others say nothing about this tenant.`,
      'warning',
    ),
    table(
      'Rules without a verdict',
      columns('Rule', 'Latest audit', '#Checked in', '#Inconclusive in', 'Because'),
      open,
      (rule) => [
        { kind: 'noted', text: rule.title, note: rule.id },
        { kind: 'state', text: rule.latest === 'inconclusive' ? 'inconclusive' : 'not asked', tone: 'warning' },
        plural(rule.checked, 'audit'),
        plural(rule.inconclusive, 'audit'),
        rule.because,
      ],
      'rules',
    ),
  ];
}

/** `2026-10-03, 2026-10-07 to 2026-10-09` */
function spans(days: readonly string[]): string {
  const parts: { first: string; last: string }[] = [];
  for (const day of days.slice(0, rowsMax)) {
    const open = parts.at(-1);
    if (open !== undefined && Date.parse(day) - Date.parse(open.last) === 86_400_000) open.last = day;
    else parts.push({ first: day, last: day });
  }
  return parts.length === 0 ? 'none' : parts.map(({ first, last }) => (first === last ? first : `${first} to ${last}`)).join(', ');
}
