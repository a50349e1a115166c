import { columns, table, type Cell, type Section } from '../document.ts';
import { capital, day, grouped, plural } from '../foreign.ts';
import type { ControlLine, Review } from '../review.ts';

export function exceptionsSection({ exceptions }: Review): Section {
  return {
    id: 'exceptions',
    title: 'Accepted risks that end within 60 days',
    tone: exceptions.length > 0 ? 'warning' : 'plain',
    lead:
      exceptions.length === 0
        ? 'None.'
        : `${plural(exceptions.length, 'acceptance')} end${exceptions.length === 1 ? 's' : ''}: fix the cause or decide again before the day.`,
    blocks:
      exceptions.length === 0
        ? []
        : [
            table(
              'Accepted risks that end soon',
              columns('Ends', 'Severity', 'Risk', 'Reason', 'Accepted by'),
              exceptions,
              (one): readonly Cell[] => [
                { kind: 'noted', text: day(one.until), note: one.days <= 0 ? 'today' : `in ${plural(one.days, 'day')}` },
                { kind: 'severity', severity: one.severity },
                {
                  kind: 'noted',
                  text: one.title || one.rule,
                  note: one.stands ? one.findingId : `${one.findingId}, nothing stands behind it any more`,
                },
                one.reason,
                one.author,
              ],
              'exceptions',
            ),
          ],
  };
}

export function sinceSection({ since }: Review): Section {
  return {
    id: 'since',
    title: 'Changes since the last review',
    tone: 'plain',
    lead:
      since.month === undefined
        ? 'This store holds no earlier review: the figures below are where the next one starts.'
        : `Against the review of ${since.month}, made on ${day(since.generatedAt ?? '')}.`,
    blocks: [
      table(
        'Key figures',
        since.month === undefined ? columns('Figure', '#Now') : columns('Figure', '#Then', '#Now', '#Change'),
        since.lines,
        ({ name, before, now }): readonly Cell[] => {
          if (since.month === undefined) return [capital(name), grouped(now)];
          const change = now - before;
          return [
            capital(name),
            before < 0 ? 'not known' : grouped(before),
            grouped(now),
            before < 0 ? '' : change === 0 ? 'as before' : `${change > 0 ? '+' : '−'}${grouped(Math.abs(change))}`,
          ];
        },
        'since',
      ),
    ],
  };
}

export function controlsSection({ controls }: Review): Section {
  const blind = controls.filter(({ state }) => state !== 'assessed').length;
  return {
    id: 'controls',
    title: 'Control mapping',
    tone: blind > 0 ? 'warning' : 'plain',
    lead: `${plural(controls.length, 'control')} that the rules speak to; ${blind === 0 ? 'all were assessed in the latest audit' : `${grouped(blind)} could not be assessed, or only in part`}. No open finding means that these rules found nothing against a control, not that the control as a whole is met.`,
    blocks: [
      table(
        'Open findings by control',
        columns('Control', 'Assessed', '#Open', 'By severity', '#Accepted', 'Rules'),
        controls,
        (one): readonly Cell[] => [
          one.control,
          stateCell(one),
          grouped(one.open),
          severitiesOf(one),
          grouped(one.accepted),
          one.rules.join(', '),
        ],
        'controls',
        false,
      ),
    ],
  };
}

function stateCell({ state, because }: ControlLine): Cell {
  switch (state) {
    case 'assessed':
      return 'yes';
    case 'partly-assessed':
      return { kind: 'noted', text: 'in part', note: because };
    case 'not-assessed':
      return { kind: 'noted', text: 'not assessed', note: because };
  }
}

const severitiesOf = ({ bySeverity }: ControlLine): string =>
  Object.entries(bySeverity)
    .map(([severity, count]) => `${grouped(count)} ${severity}`)
    .join(', ');
