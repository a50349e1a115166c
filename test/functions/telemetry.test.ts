import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { world } from '../e2e/mi-audit.ts';
import { small } from '../e2e/rows.ts';
import { asked, rowsOf } from '../infra/application-insights.ts';
import { hostSpan } from './fake-host.ts';
import { startHost, type Host } from './host.ts';
import { startIngestion, type Envelope, type Ingestion } from './ingestion.ts';
import { packagedApp, type Packaged } from './packaged.ts';

/** The package as it is deployed, Microsoft's own exporter in it, signed in as the auditor, and a listener in the place of Application Insights. */
let packaged: Packaged;
let sandbox: Sandbox;
let ingestion: Ingestion;
let environment: Readonly<Record<string, string>>;
let host: Host;

beforeAll(async () => {
  [packaged, sandbox, ingestion] = await Promise.all([
    packagedApp(),
    world(small).then((worldDir) => startSandbox({ worldDir })),
    startIngestion(),
  ]);
  const both = join(packaged.app, 'both.pem');
  writeFileSync(both, `${readFileSync(sandbox.environment['CLOUD_CA_FILE']!, 'utf8')}\n${ingestion.ca}`);
  environment = { ...sandbox.environment, CLOUD_CA_FILE: both, APPLICATIONINSIGHTS_CONNECTION_STRING: ingestion.connectionString };
  host = await startHost({ app: packaged.app, environment });
}, 120_000);
afterAll(async () => {
  await host?.close();
  await ingestion?.close();
  await sandbox?.close();
  await packaged?.remove();
});
beforeEach(() => ingestion.forget());

const ofType = (type: string): readonly Envelope['data']['baseData'][] =>
  ingestion
    .envelopes()
    .filter(({ data }) => data.baseType === type)
    .map(({ data }) => data.baseData);
const metricsSent = (): readonly string[] => ofType('MetricData').flatMap(({ metrics = [] }) => metrics.map(({ name }) => name));

/** Runs a timer. What it told is there when it ends, unless this machine is so busy that sending outlasts its limit: then soon. */
async function fire(name: string, job: string) {
  const outcome = await host.timer(name);
  const arrived = (): void => {
    expect(ofType('RemoteDependencyData').map((one) => one.name)).toContain(`mi_audit.${job}`);
    const durations = ofType('MetricData').filter(({ metrics = [] }) => metrics.some((one) => one.name === 'mi_audit.run.duration'));
    expect(durations.map(({ properties }) => properties?.['mi_audit.job'])).toContain(job);
    // Pruning tells of no event.
    const events = job === 'prune' ? [job] : ofType('EventData').map(({ properties }) => properties?.['mi_audit.job']);
    expect(events).toContain(job);
  };
  await vi.waitFor(arrived, 30_000);
  return outcome;
}

describe('the package with Application Insights', () => {
  it('has told of an audit before the invocation ends, below the span of the host', async () => {
    expect(await fire('audit-estate', 'audit')).toMatchObject({ succeeded: true });
    const job = ingestion.envelopes().find(({ data }) => data.baseData.name === 'mi_audit.audit');
    const [, trace, parent] = hostSpan.split('-');
    expect(job?.tags).toMatchObject({ 'ai.operation.id': trace, 'ai.operation.parentId': parent });
    expect(job?.data.baseData.properties).toMatchObject({ 'mi_audit.job': 'audit', 'mi_audit.outcome': 'done' });
    const [finished] = ofType('EventData').filter(({ name }) => name === 'mi_audit.run.finished');
    expect(finished?.properties).toMatchObject({
      'mi_audit.run.id': job?.data.baseData.properties?.['mi_audit.run.id'],
      'mi_audit.run.complete': 'true',
      'mi_audit.run.summary': '1 new, 0 resolved, 0 reopened',
    });
    expect(new Set(metricsSent())).toEqual(
      new Set(['_OTELRESOURCE_', 'mi_audit.calls', 'mi_audit.findings.open', 'mi_audit.gaps', 'mi_audit.run.duration']),
    );
  }, 60_000);

  it('names what was called, and neither whom it was about nor what was asked', async () => {
    await fire('audit-estate', 'audit');
    const calls = ofType('RemoteDependencyData').filter(({ properties }) => properties?.['mi_audit.service'] !== undefined);
    expect(calls.map(({ name }) => name)).toContain('POST /providers/Microsoft.ResourceGraph/resources');
    expect(calls.filter(({ success }) => success !== true)).toEqual([]);
    const services = new Set(calls.map(({ properties }) => properties!['mi_audit.service']));
    expect([...services].toSorted()).toEqual(expect.arrayContaining(['arm', 'graph', 'resource-graph', 'tables']));
    // Nothing that a library recorded by itself: Azure's would bring whole addresses and the words of errors.
    expect(new Set(ingestion.envelopes().map(({ data }) => data.baseType))).toEqual(
      new Set(['RemoteDependencyData', 'MetricData', 'EventData']),
    );
    const strange = ofType('RemoteDependencyData').filter(
      ({ properties = {} }) => !Object.keys(properties).some((key) => key.startsWith('mi_audit.')),
    );
    expect(strange).toEqual([]);
    const sent = ingestion.requests.map(({ text }) => text).join('\n');
    expect(sent).not.toMatch(/[?&](api-version|\$filter|\$select)=/);
    expect(sent).not.toMatch(/PartitionKey|eyJ[\w-]{10,}/);
  }, 60_000);

  it('fills the workbook and keeps the alert quiet, by its own events and by what the host logs', async () => {
    const kql = (file: string): string => readFileSync(new URL(`../../infra/${file}.kql`, import.meta.url), 'utf8');
    expect(asked(kql('queries/no-complete-audit')).length).toBe(1);
    const { logs } = await fire('audit-estate', 'audit');
    await fire('watch-denials', 'watch');
    await fire('watch-grants', 'watch-grants');
    const rows = rowsOf(ingestion.envelopes());
    expect(asked(kql('queries/no-complete-audit'), rows)).toEqual([]);
    const traces = logs.map((line) => ({ message: line.replace(/^\w+: /, '') }));
    expect(asked(kql('queries/no-complete-audit'), { traces })).toEqual([]);
    expect(asked(kql('workbook/audit-age'), rows)).toMatchObject([{ 'hours since the last complete audit': 0 }]);
    expect(asked(kql('workbook/last-runs'), rows)).toMatchObject([
      { job: 'audit', complete: true },
      { job: 'watch' },
      { job: 'watch-grants' },
    ]);
    expect(asked(kql('workbook/runs'), rows)).toMatchObject(
      ['audit', 'watch', 'watch-grants'].map((job) => ({ job, outcome: 'done', runs: 1 })),
    );
    expect(asked(kql('workbook/calls'), rows).length).toBeGreaterThan(3);
    expect(asked(kql('workbook/open-findings'), rows).length).toBe(5);
  }, 60_000);

  it('signs in to send, as the auditor, and sends to nobody else', async () => {
    await fire('prune-history', 'prune');
    expect(ingestion.requests.length).toBeGreaterThan(0);
    for (const { path, authorization } of ingestion.requests) {
      expect(path).toMatch(/^\/v2(\.1)?\/track/);
      const claims: unknown = JSON.parse(Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString('utf8'));
      expect(claims).toMatchObject({ aud: 'https://monitor.azure.com' });
    }
    // Anywhere else, the library would complain of in the log.
    expect(host.said()).toBe('');
  });

  it('leaves out spans where the sampler says so, and nothing that the alert or the workbook counts by', async () => {
    const sampled = await startHost({ app: packaged.app, environment: { ...environment, OTEL_TRACES_SAMPLER: 'always_off' } });
    expect(await sampled.timer('audit-estate')).toMatchObject({ succeeded: true });
    await vi.waitFor(() => expect(metricsSent().length * ofType('EventData').length).toBeGreaterThan(0), 30_000);
    await sampled.close();
    expect(ofType('RemoteDependencyData')).toEqual([]);
    expect(ofType('EventData').map(({ name }) => name)).toContain('mi_audit.run.finished');
    expect(metricsSent()).toContain('mi_audit.calls');
  }, 60_000);

  it.each([500, 401, 439])(
    'goes on where ingestion answers %d',
    async (status) => {
      ingestion.answerWith(status);
      expect(await host.timer('prune-history')).toMatchObject({ succeeded: true });
      ingestion.answerWith(200);
      expect(host.isAlive()).toBe(true);
    },
    60_000,
  );
});

describe('the package without it', () => {
  it('loads nothing of it, and works where it cannot be loaded', async () => {
    const folder = join(packaged.app, 'dist/functions');
    const heavy = (await readdir(folder)).filter((name) => /^azure-monitor-.*\.js$/.test(name));
    expect(heavy.length).toBe(1);
    for (const name of heavy) rmSync(join(folder, name));
    const silent = await startHost({ app: packaged.app, environment: sandbox.environment });
    expect(await silent.timer('audit-estate')).toMatchObject({ succeeded: true });
    await silent.close();
    const crippled = await startHost({ app: packaged.app, environment });
    expect(await crippled.timer('prune-history')).toMatchObject({ succeeded: true });
    expect(crippled.said()).toMatch(/Telemetry could not be started/);
    await crippled.close();
    expect(ingestion.requests).toEqual([]);
  }, 120_000);
});
