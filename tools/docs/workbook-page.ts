import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from './page.ts';

type Visual = 'table' | 'tiles' | 'timechart';

interface Panel {
  readonly query: string;
  readonly title: string;
  readonly visual?: Visual;
}

/** The operator's workbook: what is asked first stands first. Each query is a file of infra/workbook. */
const sections: readonly { readonly title: string; readonly text: string; readonly panels: readonly Panel[] }[] = [
  {
    title: 'Is somebody looking?',
    text: 'More than 36 hours since the last complete audit is an alert. What each figure means: docs/telemetry.md; what to do about it: docs/operations.md.',
    panels: [
      { query: 'audit-age', title: 'Last complete audit', visual: 'tiles' },
      { query: 'last-runs', title: 'Last run of each job' },
      { query: 'gaps', title: 'What the last runs could not see' },
    ],
  },
  {
    title: 'Does it work?',
    text: 'Every job holds a lease: a run that is skipped found another instance at work, and is no failure.',
    panels: [
      { query: 'runs', title: 'Runs and durations' },
      { query: 'failed-runs', title: 'Jobs that failed' },
      { query: 'functions', title: 'Invocations of functions' },
      { query: 'poison', title: 'Poison messages' },
    ],
  },
  {
    title: 'What does it ask of Azure?',
    text: 'Throttled calls are waited for and tried again; many of them make an audit slow, not wrong.',
    panels: [
      { query: 'calls', title: 'Calls by service', visual: 'timechart' },
      { query: 'throttles', title: 'Throttled calls', visual: 'timechart' },
      { query: 'failed-calls', title: 'Calls that failed' },
    ],
  },
  {
    title: 'What does it find?',
    text: 'Figures only: the findings and incidents themselves are on the page and in `mi-audit findings`.',
    panels: [
      { query: 'open-findings', title: 'Open findings by severity', visual: 'timechart' },
      { query: 'incidents', title: 'Incidents and refused calls', visual: 'timechart' },
      { query: 'benign', title: 'Everyday refusals' },
    ],
  },
  {
    title: 'Are people told?',
    text: 'The outbox tries again what failed. `mi-audit notify --dry-run` lists what waits, `--again` tries once more what was given up.',
    panels: [
      { query: 'deliveries', title: 'Deliveries by channel' },
      { query: 'given-up', title: 'Given up' },
    ],
  },
];

export const panels = sections.flatMap(({ panels: list }) => list);

const folder = join(import.meta.dirname, '../../infra/workbook');

/** The workbook as infra/modules/workbook.bicep loads it. */
export function workbookPages(): readonly Page[] {
  const workbook = {
    version: 'Notebook/1.0',
    items: [timeRange, ...sections.flatMap(({ title, text, panels: list }) => [heading(title, text), ...list.map(panelItem)])],
    fallbackResourceIds: ['{applicationInsightsId}'],
    $schema: 'https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json',
  };
  // As the formatter lays it out.
  const text = JSON.stringify(workbook, undefined, 2).replace(/\[\n\s+("[^"\n]*")\n\s+\]/g, '[$1]');
  return [{ path: 'infra/workbook.json', text: `${text}\n` }];
}

/** Numbers of kinds are the format's own. */
const kinds = { text: 1, query: 3, parameters: 9 } as const;
const component = 'microsoft.insights/components';

const timeRange = {
  type: kinds.parameters,
  name: 'parameters',
  content: {
    version: 'KqlParameterItem/1.0',
    style: 'pills',
    queryType: 0,
    resourceType: component,
    parameters: [
      {
        id: '6d1f3a52-0a4e-4f3b-9d63-6f6f5b1d7c11',
        version: 'KqlParameterItem/1.0',
        name: 'TimeRange',
        label: 'Time',
        type: 4,
        isRequired: true,
        value: { durationMs: 7 * 86_400_000 },
        typeSettings: {
          selectableValues: [1, 2, 7, 14, 30, 90].map((days) => ({ durationMs: days * 86_400_000 })),
          allowCustom: true,
        },
      },
    ],
  },
};

const heading = (title: string, text: string) => ({ type: kinds.text, name: `text: ${title}`, content: { json: `## ${title}\n${text}` } });

function panelItem({ query, title, visual = 'table' }: Panel) {
  return {
    type: kinds.query,
    name: query,
    content: {
      version: 'KqlItem/1.0',
      title,
      query: readFileSync(join(folder, `${query}.kql`), 'utf8').trimEnd(),
      size: visual === 'tiles' ? 4 : visual === 'timechart' ? 0 : 1,
      noDataMessage: 'Nothing in this time.',
      timeContextFromParameter: 'TimeRange',
      queryType: 0,
      resourceType: component,
      visualization: visual,
      showExportToExcel: visual === 'table',
    },
  };
}
