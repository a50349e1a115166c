import { severities } from '../../../rules/index.ts';
import { columns, table, text, type Block, type Section, type TableBlock } from '../document.ts';
import { day, duration, grouped, minute, placeOf, plural } from '../foreign.ts';
import type { FindingLine, Review, TrendDay } from '../review.ts';

export function trendSection({ trend, coverage, since }: Review): Section {
  const last = trend.at(-1);
  const first = trend[0];
  const open = since.lines.find(({ name }) => name === 'open findings')?.now ?? 0;
  const now = `${plural(open, 'finding')} ${open === 1 ? 'is' : 'are'} open now`;
  const lead =
    last === undefined || first === undefined
      ? `No day of this period has a trend point; ${now}.`
      : `${plural(sum(last), 'finding')} open at the end of ${last.day}${first === last ? '' : `, ${grouped(sum(first))} at that of ${first.day}`}.${open === sum(last) ? '' : ` ${now}, with what came later.`}`;
  return {
    id: 'trend',
    title: 'Open findings by severity',
    tone: (last?.open.critical ?? 0) > 0 ? 'bad' : 'plain',
    lead,
    blocks: trend.length === 0 ? [] : [chartOf(trend, coverage.days), trendTable(trend)],
  };
}

const sum = ({ open }: TrendDay): number => severities.reduce((total, severity) => total + open[severity], 0);

/** A day without an audit is a hole in the line, not a zero and not a guess. */
function chartOf(trend: readonly TrendDay[], daysOfPeriod: number): Block {
  const byDay = new Map(trend.map((point) => [point.day, point]));
  const start = Date.parse(`${trend[0]!.day.slice(0, 8)}01T00:00:00Z`);
  const days = Array.from({ length: Math.max(daysOfPeriod, 1) }, (_, at) => new Date(start + at * 86_400_000).toISOString().slice(0, 10));
  return {
    kind: 'chart',
    chart: {
      kind: 'open-by-severity',
      days,
      series: severities.map((severity) => ({ severity, values: days.map((one) => byDay.get(one)?.open[severity] ?? null) })),
    },
    alternative: `Stacked columns: open findings per day by severity, from ${trend[0]!.day} to ${trend.at(-1)!.day}. ${plural(daysOfPeriod - trend.length, 'day')} without an audit ${daysOfPeriod - trend.length === 1 ? 'has' : 'have'} no column. The table below holds the numbers.`,
  };
}

const trendTable = (trend: readonly TrendDay[]): TableBlock =>
  table(
    'Open findings at the end of each day, and what its audits saw change',
    columns('Day', '#Critical', '#High', '#Medium', '#Low', '#Info', '#New', '#Resolved', '#Reopened', '#Accepted'),
    trend,
    (point) => [
      point.day,
      ...severities.map((severity) => grouped(point.open[severity])),
      ...[point.new, point.resolved, point.reopened, point.accepted].map(grouped),
    ],
    'trend',
    trend.length > 7,
  );

export function changesSection(review: Review): Section {
  const { changes } = review;
  const lines = (caption: string, items: readonly FindingLine[]): readonly Block[] =>
    items.length === 0
      ? []
      : [
          table(
            caption,
            columns('Severity', 'Finding', 'Where', 'When'),
            items,
            (line) => [
              { kind: 'severity', severity: line.severity },
              { kind: 'noted', text: line.title, note: line.id },
              placeOf(line.scope, review.subscriptions),
              { kind: 'when', text: minute(line.at) },
            ],
            'changes',
          ),
        ];
  const excluded = changes.excluded.length;
  return {
    id: 'changes',
    title: 'New, resolved, reopened, accepted',
    tone: 'plain',
    lead: `${grouped(changes.new.length)} new, ${grouped(changes.resolved.length)} resolved, ${grouped(changes.reopened.length)} reopened, ${plural(changes.accepted.length, 'risk')} accepted.${excluded === 0 ? '' : ` A setting hides ${plural(excluded, 'finding')} since this month: hidden is not fixed.`}`,
    blocks: [
      ...lines('New findings', changes.new),
      ...lines('Reopened findings', changes.reopened),
      ...(changes.accepted.length === 0
        ? []
        : [
            table(
              'Accepted risks, each with its end',
              columns('Severity', 'Finding', 'Accepted until', 'Reason', 'By'),
              changes.accepted,
              (line) => [
                { kind: 'severity', severity: line.severity },
                { kind: 'noted', text: line.title, note: line.id },
                line.until === '' ? 'its end is not on record' : day(line.until),
                line.reason,
                line.author,
              ],
              'changes',
            ),
          ]),
      ...lines('Resolved findings', changes.resolved),
      ...lines('Hidden by a setting', changes.excluded),
    ],
  };
}

export function resolveTimeSection({ resolveTimes }: Review): Section {
  const known = resolveTimes.filter(({ n }) => n > 0);
  const n = known.reduce((total, one) => total + one.n, 0);
  return {
    id: 'resolve-times',
    title: 'Time to resolve',
    tone: 'plain',
    lead:
      n === 0
        ? 'No finding was resolved in this period, so there is nothing to take a mean of.'
        : `From opening (or reopening) to resolution, over ${plural(n, 'finding')}.`,
    blocks:
      n === 0
        ? []
        : [
            table(
              'Time to resolve by severity',
              columns('Severity', '#Resolved', '#Mean', '#Median'),
              resolveTimes,
              ({ severity, n: count, meanHours, medianHours }) => [
                { kind: 'severity', severity },
                String(count),
                count === 0 ? 'none' : duration(meanHours),
                count === 0 ? 'none' : duration(medianHours),
              ],
              'resolve-times',
            ),
            ...(known.some(({ n: count }) => count < 5)
              ? [text('A mean over fewer than five is an anecdote: read it next to its count.')]
              : []),
          ],
  };
}
