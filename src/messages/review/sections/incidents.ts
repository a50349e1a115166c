import { columns, table, type Cell, type Section } from '../document.ts';
import { duration, grouped, minute, placeOf, plural } from '../foreign.ts';
import type { Review } from '../review.ts';

export function incidentsSection(review: Review): Section {
  const { incidents, coverage, subscriptions } = review;
  const { list, byCause } = incidents;
  const alive = list.filter(({ resolvedAt }) => resolvedAt === '').length;
  const unwatched = coverage.watches.daysWithout.length;
  const blind =
    unwatched === 0
      ? ''
      : ` On ${unwatched === coverage.days ? 'none of its days' : `${plural(unwatched, 'day')} of ${coverage.days}`} ${unwatched === coverage.days ? 'a watch finished' : 'no watch finished'}: what was refused then is not in here.`;
  return {
    id: 'incidents',
    title: 'Incidents of the month',
    tone: alive > 0 || unwatched > 0 ? 'warning' : 'plain',
    lead: `${list.length === 0 ? 'No incident of refused calls.' : `${plural(list.length, 'incident')} of refused calls, ${alive === 0 ? 'all of them over' : `${grouped(alive)} still going on`}.`}${blind}`,
    blocks:
      list.length === 0
        ? []
        : [
            {
              kind: 'chart',
              chart: {
                kind: 'bars',
                bars: byCause.slice(0, 12).map(({ cause, incidents: value }) => ({ label: cause, value, colour: 'accent' })),
              },
              alternative: `Bars: incidents by cause. ${byCause
                .slice(0, 12)
                .map(({ cause, incidents: value }) => `${cause} ${value}`)
                .join(', ')}.`,
            },
            table(
              'By cause',
              columns('Cause', '#Incidents', '#Alive', '#Refused calls', '#Mean time to resolve', '#Median'),
              byCause,
              (one): readonly Cell[] => [
                one.title === one.cause ? one.cause : { kind: 'noted', text: one.title, note: one.cause },
                grouped(one.incidents),
                grouped(one.alive),
                grouped(one.denials),
                duration(one.meanHours) || 'none resolved',
                duration(one.medianHours),
              ],
              'incidents',
            ),
            table(
              'Each incident',
              columns('Severity', 'Who', 'Refused by', 'Cause', 'Opened', 'Took', '#Refused calls'),
              list,
              (one): readonly Cell[] => [
                { kind: 'severity', severity: one.severity },
                { kind: 'noted', text: one.inferred ? `probably ${one.who}` : one.who, note: one.id },
                {
                  kind: 'noted',
                  text: one.target === '' ? one.service : placeOf(one.target, subscriptions),
                  note: one.targets > 1 ? `${one.service}, and ${one.targets - 1} more targets` : one.service,
                },
                { kind: 'noted', text: one.cause, note: one.confidence },
                { kind: 'when', text: minute(one.openedAt) },
                one.hours < 0
                  ? { kind: 'state', text: one.status === 'quiet' ? 'quiet, not over' : 'going on', tone: 'warning' }
                  : { kind: 'noted', text: duration(one.hours), note: one.resolvedBy },
                grouped(one.denials),
              ],
              'incidents',
            ),
          ],
  };
}
