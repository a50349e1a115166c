import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  inCall,
  inDelivery,
  inJob,
  measure,
  metricList,
  nameRun,
  recordAudit,
  recordAuditAge,
  recordRun,
  recordWatch,
  type OutsideCall,
} from '../../src/telemetry/index.ts';
import { emptySummary } from '../../src/findings/index.ts';
import { listen, type Listening } from './listening.ts';

let heard: Listening;
beforeEach(() => {
  heard = listen();
});
afterEach(() => heard.close());

const words = { why: (error: unknown) => `because ${String(error)}`, isSkipped: (error: unknown) => error === 'taken' };
const call: OutsideCall = { service: 'arm', method: 'GET', url: 'https://management.azure.com/subscriptions?api-version=1', resends: 0 };
const answer = (status: number, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers: { get: (name: string) => headers[name] },
});

describe('a job', () => {
  it('is a span with the run it is, above the calls it makes, and passes on what it returns', async () => {
    const done = await inJob('audit', words, async () => {
      nameRun('run-1');
      await new Promise((later) => setImmediate(later));
      await inCall(call, async () => answer(200));
      return 'done';
    });
    const [outside, job] = heard.spans();
    expect(done).toBe('done');
    expect([job?.name, job?.attributes]).toEqual([
      'mi_audit.audit',
      { 'mi_audit.job': 'audit', 'mi_audit.run.id': 'run-1', 'mi_audit.outcome': 'done' },
    ]);
    expect(outside?.parentSpanContext?.spanId).toBe(job?.spanContext().spanId);
    expect(await heard.metric('mi_audit.run.duration')).toMatchObject({ 'audit done': { count: 1 } });
  });

  it('that fails says why, in its trace, and fails with the same error', async () => {
    const error = Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
    await expect(inJob('watch', words, () => Promise.reject(error))).rejects.toBe(error);
    const [job] = heard.spans();
    expect([job?.status.code, job?.attributes['error.type'], job?.attributes['mi_audit.outcome']]).toEqual([2, 'ECONNREFUSED', 'failed']);
    expect(heard.events('mi_audit.run.failed')).toMatchObject([
      { attributes: { 'mi_audit.job': 'watch', 'mi_audit.why': 'because Error: no' }, traceId: job?.spanContext().traceId },
    ]);
  });

  it('that another is at is skipped, and no failure', async () => {
    await expect(inJob('notify', words, () => Promise.reject('taken'))).rejects.toBe('taken');
    expect(heard.spans()[0]).toMatchObject({ status: { code: 0 }, attributes: { 'mi_audit.outcome': 'skipped' } });
    expect(heard.events('mi_audit.run.failed')).toEqual([]);
  });

  it.each([
    [new Error('x'), 'Error'],
    ['text', 'string'],
    [undefined, 'undefined'],
    [{ code: 'with spaces and\nmore' }, 'Error'],
  ])('names the kind of %j without its words', async (thrown, type) => {
    await inJob('prune', words, () => Promise.reject(thrown as Error)).catch(() => {});
    expect(heard.spans()[0]?.attributes['error.type']).toBe(type);
  });
});

describe('a call', () => {
  it('names host, operation, status and attempt', async () => {
    const url = 'https://management.azure.com/subscriptions/5e0c6a2f-7a0c-4f0e-9a0e-1d2c3b4a5f60?api-version=2022-12-01&$filter=secret';
    await inCall({ ...call, url, resends: 2 }, async () => answer(200, { 'x-ms-request-id': '7b5e-1' }));
    expect(heard.spans()[0]).toMatchObject({
      name: 'GET /subscriptions/{}',
      kind: 2,
      status: { code: 0 },
      attributes: {
        'mi_audit.service': 'arm',
        'http.request.method': 'GET',
        'url.template': '/subscriptions/{}',
        'server.address': 'management.azure.com',
        'http.request.resend_count': 2,
        'http.response.status_code': 200,
        'az.service_request_id': '7b5e-1',
      },
    });
  });

  it.each([
    [200, false],
    [404, false],
    [409, false],
    [412, false],
    [400, true],
    [401, true],
    [403, true],
    [429, true],
    [500, true],
  ])('answered with %d failed: %s', async (status, failed) => {
    await inCall(call, async () => answer(status));
    expect(heard.spans()[0]?.status.code === SpanStatusCode.ERROR).toBe(failed);
  });

  it('counts each attempt, and what tells it to slow down', async () => {
    for (const [service, status] of [
      ['arm', 200],
      ['arm', 429],
      ['arm', 503],
      ['tables', 503],
      ['graph', 429],
    ] as const)
      await inCall({ ...call, service }, async () => answer(status));
    expect(await heard.metric('mi_audit.calls')).toEqual({ arm: 3, tables: 1, graph: 1 });
    expect(await heard.metric('mi_audit.throttles')).toEqual({ arm: 1, tables: 1, graph: 1 });
  });

  it('without an answer fails with the same error, and says its kind', async () => {
    const error = Object.assign(new Error('token eyJhbGciOi.x.y'), { code: 'ETIMEDOUT' });
    await expect(inCall(call, () => Promise.reject(error))).rejects.toBe(error);
    expect(heard.spans()[0]).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'ETIMEDOUT' } });
    expect(await heard.everything()).not.toContain('eyJ');
  });

  it('takes no request id that is none', async () => {
    await inCall(call, async () => answer(200, { 'x-ms-request-id': '<script>', 'request-id': 'ok' }));
    expect(heard.spans()[0]?.attributes).not.toHaveProperty('az.service_request_id');
  });
});

describe('a delivery', () => {
  const channel = { name: 'on-call', kind: 'teams' };

  it.each(['sent', 'failed', 'given_up'] as const)('is counted as %s', async (outcome) => {
    expect(
      await inDelivery(
        channel,
        () => ({ outcome, why: 'why' }),
        async () => 1,
      ),
    ).toBe(1);
    expect(await heard.metric('mi_audit.deliveries')).toEqual({ [`on-call ${outcome}`]: 1 });
    expect(heard.spans()[0]).toMatchObject({ name: 'mi_audit.delivery', status: { code: outcome === 'sent' ? 0 : 2 } });
    expect(heard.events('mi_audit.delivery.given_up').length).toBe(outcome === 'given_up' ? 1 : 0);
  });

  it('that throws failed', async () => {
    const thrown = inDelivery(
      channel,
      () => ({ outcome: 'sent', why: '' }),
      () => Promise.reject(new Error('lease lost')),
    );
    await expect(thrown).rejects.toThrow('lease lost');
    expect(await heard.metric('mi_audit.deliveries')).toEqual({ 'on-call failed': 1 });
  });
});

describe('a run', () => {
  const gap = { slice: 'hosts', scope: '/', state: 'missing' as const, why: 'no permission', permission: 'Microsoft.X/read' };

  it('that could not see something says so, and what no answer depends on is no gap', async () => {
    recordAudit({
      run: { id: 'r', complete: false },
      coverage: [
        { ...gap, slice: 'hosts' },
        { ...gap, slice: 'denyAssignments', harmless: true },
        { slice: 'vaults', scope: '/', state: 'whole', why: '', permission: '' },
      ],
      summary: { ...emptySummary, bySeverity: { high: 2 }, new: 2 },
    });
    expect(await heard.metric('mi_audit.gaps')).toEqual({ 'audit unreadable': 1 });
    expect(await heard.metric('mi_audit.findings.open')).toEqual({ critical: 0, high: 2, medium: 0, low: 0, info: 0 });
    expect(heard.events('mi_audit.gap').map(({ attributes }) => attributes)).toMatchObject([
      { 'mi_audit.gap.slice': 'hosts', 'mi_audit.gap.permission': 'Microsoft.X/read', 'mi_audit.run.id': 'r' },
    ]);
    expect(heard.events('mi_audit.run.finished')).toMatchObject([
      { attributes: { 'mi_audit.run.complete': false, 'mi_audit.run.summary': '2 new, 0 resolved, 0 reopened' } },
    ]);
  });

  it('of the watch tells silence from what cannot be read', async () => {
    recordWatch({
      run: { id: 'r', complete: true },
      coverage: [{ ...gap, failed: false }],
      denials: {
        count: 7,
        benign: [
          { id: 'probe', count: 3 },
          { id: 'none', count: 0 },
        ],
      },
      incidents: [
        { status: 'opened', severity: 'high' },
        { status: 'quiet', severity: 'high' },
        { status: 'resolved', severity: 'critical' },
      ],
    });
    expect(await heard.metric('mi_audit.gaps')).toEqual({ 'watch unreadable': 0, 'watch silent': 1 });
    expect(await heard.metric('mi_audit.incidents.alive')).toMatchObject({ high: 2, critical: 0 });
    expect(await heard.metric('mi_audit.denials.seen')).toEqual({ '': 7 });
    expect(await heard.metric('mi_audit.denials.benign')).toEqual({ probe: 3 });
  });

  it('of an estate that cannot be seen does not fill the log with its parts', async () => {
    const coverage = Array.from({ length: 500 }, (_, at) => ({ ...gap, scope: `/subscriptions/${at}` }));
    recordRun('audit', { run: { id: 'r', complete: false }, coverage, summary: '' });
    expect(heard.events('mi_audit.gap').length).toBe(50);
    expect(await heard.metric('mi_audit.gaps')).toEqual({ 'audit unreadable': 500 });
  });

  const run = { state: 'finished', complete: true, startedAt: '2026-11-20T05:00:00Z', finishedAt: '2026-11-20T05:10:00Z' } as const;
  it.each([
    ['the last complete one', [{ ...run, complete: false }, run, { ...run, finishedAt: '2026-11-19T05:10:00Z' }], 600],
    ['none that failed', [{ ...run, state: 'failed' as const, finishedAt: '2026-11-20T05:19:00Z' }, run], 600],
    ['at least the oldest known, where none is complete', [{ ...run, complete: false }], 1_200],
    ['one of the future, where clocks differ', [{ ...run, finishedAt: '2026-11-20T06:00:00Z' }], 0],
  ])('is as old as %s', async (_, runs, seconds) => {
    recordAuditAge(runs, '2026-11-20T05:20:00Z');
    expect(await heard.metric('mi_audit.audit.age')).toEqual({ '': seconds });
  });

  it('has no age where there never was one', async () => {
    recordAuditAge([], '2026-11-20T05:20:00Z');
    recordAuditAge([{ ...run, finishedAt: 'soon' }], '2026-11-20T05:20:00Z');
    expect(await heard.metric('mi_audit.audit.age')).toEqual({});
  });
});

it('does nothing where nobody listens', async () => {
  await heard.close();
  expect(await inJob('audit', words, () => inCall(call, async () => answer(200)))).toMatchObject({ status: 200 });
  measure('mi_audit.denials.seen', 1, {});
  expect(trace.getSpan(context.active())).toBeUndefined();
});

it('keeps one instrument by its name, however often it is used', async () => {
  for (let at = 0; at < 1_000; at++) measure('mi_audit.calls', 1, { 'mi_audit.service': 'arm' });
  expect(await heard.metric('mi_audit.calls')).toEqual({ arm: 1_000 });
});

it('names its metrics by the conventions', () => {
  for (const [name, { unit, about }] of Object.entries(metricList)) {
    expect(name).toMatch(/^mi_audit(\.[a-z]+(_[a-z]+)*)+$/);
    expect(unit).toMatch(/^(s|\{[a-z]+\})$/);
    expect(about).toMatch(/\.$/);
  }
});
