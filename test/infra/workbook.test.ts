import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkKql } from '../../src/sandbox/kql/index.ts';
import { eventList, metricList } from '../../src/telemetry/index.ts';
import { panels } from '../../tools/docs/workbook-page.ts';
import { applicationInsights, asked, type Rows } from './application-insights.ts';
import { infra } from './syntax-tree.ts';

interface Workbook {
  readonly version: string;
  readonly items: readonly { readonly type: number; readonly name: string; readonly content: { readonly query?: string } }[];
  readonly fallbackResourceIds: readonly string[];
}
const workbook = JSON.parse(readFileSync(join(infra, 'workbook.json'), 'utf8')) as Workbook;
const inWorkbook = workbook.items.flatMap(({ name, content: { query } }) => (query === undefined ? [] : [{ name, query }]));
const alerts = readdirSync(join(infra, 'queries')).map((file) => ({
  name: file,
  query: readFileSync(join(infra, 'queries', file), 'utf8'),
}));
const query = (wanted: string): string => [...inWorkbook, ...alerts].find(({ name }) => name.replace('.kql', '') === wanted)!.query;

const metric = (name: string, valueSum: number, customDimensions = {}, more = {}) => ({
  name,
  valueSum,
  valueCount: 1,
  valueMax: valueSum,
  customDimensions,
  ...more,
});
const event = (name: string, customDimensions: object, more = {}) => ({ name, customDimensions, operation_Id: 'trace', ...more });

describe('the workbook', () => {
  it('shows each query of its folder, once', () => {
    const files = readdirSync(join(infra, 'workbook')).map((file) => file.replace(/\.kql$/, ''));
    expect(panels.map((panel) => panel.query).toSorted()).toEqual(files.toSorted());
    expect(inWorkbook.map(({ name }) => name)).toEqual(panels.map((panel) => panel.query));
    expect([workbook.version, workbook.fallbackResourceIds]).toEqual(['Notebook/1.0', ['{applicationInsightsId}']]);
  });

  it.each([...inWorkbook, ...alerts])('$name passes Microsoft’s analyser', ({ query: text }) => {
    expect(checkKql(text, applicationInsights())).toEqual([]);
  });

  it.each([...inWorkbook, ...alerts])('$name names only what is told', ({ query: text }) => {
    const named = [...text.matchAll(/'(mi_audit\.[\w.]+)'|"(mi_audit\.[\w.]+)"/g)].map(([, one, other]) => one ?? other!);
    const attributes = [...Object.values(metricList), ...Object.values(eventList)].flatMap((one): readonly string[] => one.attributes);
    const known = new Set<string>([...Object.keys(metricList), ...Object.keys(eventList), ...attributes]);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    expect(text.trimStart()).toMatch(/^\/\/ [A-Z]/);
  });

  it('shows every metric somewhere', () => {
    const texts = inWorkbook.map(({ query: text }) => text).join('\n');
    const unseen = new Set(['mi_audit.gaps']); // The events behind it say which.
    expect(Object.keys(metricList).filter((name) => !texts.includes(`'${name}'`) && !unseen.has(name))).toEqual([]);
  });

  const finished = (job: string, run: string, timestamp: string) =>
    event('mi_audit.run.finished', { 'mi_audit.job': job, 'mi_audit.run.id': run, 'mi_audit.run.complete': 'true' }, { timestamp });
  const gap = (run: string, why: string) =>
    event('mi_audit.gap', { 'mi_audit.job': 'audit', 'mi_audit.run.id': run, 'mi_audit.gap.slice': 'hosts', 'mi_audit.why': why });
  const delivery = (outcome: string) => metric('mi_audit.deliveries', 1, { 'mi_audit.channel': 'on-call', 'mi_audit.outcome': outcome });

  it.each<readonly [string, Rows, readonly object[]]>([
    [
      'audit-age',
      {
        customMetrics: [
          metric('mi_audit.audit.age', 90_000, {}, { timestamp: '2026-11-20T06:00:00Z' }),
          metric('mi_audit.audit.age', 7_200, {}, { timestamp: '2026-11-20T07:00:00Z' }),
        ],
      },
      [{ 'hours since the last complete audit': 2 }],
    ],
    [
      'gaps',
      {
        customEvents: [
          finished('audit', 'old', '2026-11-19T05:00:00Z'),
          finished('audit', 'new', '2026-11-20T05:00:00Z'),
          gap('old', 'closed since'),
          gap('new', 'no permission'),
        ],
      },
      [{ job: 'audit', what: 'hosts', why: 'no permission' }],
    ],
    [
      'runs',
      {
        customMetrics: [
          metric('mi_audit.run.duration', 30, { 'mi_audit.job': 'audit', 'mi_audit.outcome': 'done' }, { valueCount: 2, valueMax: 20 }),
          metric('mi_audit.run.duration', 6, { 'mi_audit.job': 'audit', 'mi_audit.outcome': 'done' }),
        ],
      },
      [{ job: 'audit', outcome: 'done', runs: 3, 'average in s': 12, 'longest in s': 20 }],
    ],
    [
      'deliveries',
      { customMetrics: ['sent', 'sent', 'failed', 'given_up'].map(delivery) },
      [{ channel: 'on-call', sent: 2, failed: 1, 'given up': 1 }],
    ],
    [
      'incidents',
      {
        customMetrics: ['2026-11-20T07:01:00Z', '2026-11-20T07:06:00Z'].flatMap((timestamp) => [
          metric('mi_audit.incidents.alive', 2, { 'mi_audit.severity': 'high' }, { timestamp }),
          metric('mi_audit.incidents.alive', 1, { 'mi_audit.severity': 'low' }, { timestamp }),
          metric('mi_audit.denials.seen', 10, {}, { timestamp }),
        ]),
      },
      [
        { series: 'incidents alive (average of passes)', value: 3 },
        { series: 'refused calls read', value: 20 },
      ],
    ],
    [
      'failed-runs',
      { customEvents: [event('mi_audit.run.failed', { 'mi_audit.job': 'audit', 'error.type': 'ETIMEDOUT', 'mi_audit.why': 'no answer' })] },
      [{ job: 'audit', 'kind of error': 'ETIMEDOUT', why: 'no answer', operation_Id: 'trace' }],
    ],
    [
      'failed-calls',
      {
        dependencies: [
          { name: 'GET /subscriptions/{}', success: false, resultCode: '403', customDimensions: { 'mi_audit.service': 'arm' } },
          { name: 'mi_audit.audit', success: false, resultCode: '', customDimensions: { 'mi_audit.job': 'audit' } },
          { name: 'GET /subscriptions', success: true, resultCode: '200', customDimensions: { 'mi_audit.service': 'arm' } },
        ],
      },
      [{ service: 'arm', name: 'GET /subscriptions/{}', resultCode: '403', failed: 1 }],
    ],
    [
      'functions',
      { requests: [true, false, true].map((success) => ({ operation_Name: 'audit-estate', success })) },
      [{ function: 'audit-estate', invocations: 3, failed: 1 }],
    ],
    [
      'poison',
      { traces: [{ message: "Message has reached MaxDequeueCount of 5. Moving message to queue 'notify-poison'." }, { message: 'x' }] },
      [{ message: expect.stringContaining('notify-poison') as string }],
    ],
  ])('%s says what the rows say', (name, rows, said) => {
    const answer = asked(query(name), rows);
    expect(answer.length).toBe(said.length);
    expect(answer).toEqual(expect.arrayContaining(said.map((one) => expect.objectContaining(one) as object)));
  });
});

describe('the alert about audits', () => {
  const complete = { 'mi_audit.job': 'audit', 'mi_audit.run.complete': 'true' };
  it.each<readonly [string, Rows, boolean]>([
    ['nothing was told', {}, true],
    [
      'the host logged a complete one',
      { traces: [{ message: 'Audit 20261120T050000Z: 1 new, 0 resolved, 0 reopened; complete.' }] },
      false,
    ],
    ['the app told of a complete one', { customEvents: [event('mi_audit.run.finished', complete)] }, false],
    [
      'it was incomplete',
      {
        traces: [{ message: 'Audit x: 1 new, 0 resolved, 0 reopened; incomplete, see its coverage.' }],
        customEvents: [event('mi_audit.run.finished', { ...complete, 'mi_audit.run.complete': 'false' })],
      },
      true,
    ],
    ['only the watch was complete', { customEvents: [event('mi_audit.run.finished', { ...complete, 'mi_audit.job': 'watch' })] }, true],
    ['it was two days ago', { customEvents: [event('mi_audit.run.finished', complete, { timestamp: '2026-11-18T05:00:00Z' })] }, true],
  ])('fires: %s → %s', (_, rows, fires) => {
    expect(asked(query('no-complete-audit'), rows).length).toBe(fires ? 1 : 0);
  });
});
