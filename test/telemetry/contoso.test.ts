import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openHouse } from '../../src/compose.ts';
import { readSettings, type Settings } from '../../src/config/index.ts';
import { auditEstate } from '../../src/jobs/audit-estate.ts';
import { watch } from '../../src/jobs/watch.ts';
import { rules } from '../../src/rules/index.ts';
import { writeContoso } from '../../src/sandbox/generate/index.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { listen, type Listening } from './listening.ts';

/** The built-in tenant, audited and watched by the real clients; what telemetry says is what the reports say. */
const folder = await mkdtemp(join(tmpdir(), 'mi-audit-telemetry-'));
let sandbox: Sandbox;
let settings: Settings;
let heard: Listening;
const before = { ...process.env };

beforeAll(async () => {
  await writeContoso(join(folder, 'contoso'));
  sandbox = await startSandbox({ worldDir: join(folder, 'contoso'), storage: false });
  Object.assign(process.env, sandbox.environment);
  const read = readSettings({ ...sandbox.environment, STORE: join(folder, 'store') });
  if (!('settings' in read)) throw new Error(JSON.stringify(read.problems));
  settings = read.settings;
}, 120_000);
afterAll(async () => {
  await sandbox?.close();
  process.env = before;
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  heard = listen();
});
afterEach(() => heard.close());

const calls = () => heard.spans().filter(({ attributes }) => attributes['mi_audit.service'] !== undefined);

describe('contoso', () => {
  it('is told of as the report of its audit says', async () => {
    const house = openHouse(settings, () => {});
    const store = await house.keptStore();
    const request = { source: house.source(), store, settings, rules, now: house.now, holder: house.holder, dryRun: false, progress() {} };
    const report = await auditEstate(request);
    expect(report.findings.length).toBeGreaterThan(20);
    const { bySeverity } = report.summary;
    expect(await heard.metric('mi_audit.findings.open')).toEqual({ critical: 0, high: 0, medium: 0, low: 0, info: 0, ...bySeverity });
    expect(await heard.metric('mi_audit.calls')).toMatchObject({
      arm: report.run.calls.arm,
      graph: report.run.calls.graph,
      'resource-graph': report.run.calls.resourceGraph,
    });
    const [job] = heard.spans().filter(({ name }) => name === 'mi_audit.audit');
    expect(job?.attributes['mi_audit.run.id']).toBe(report.run.id);
    const traces = new Set(calls().map((span) => span.spanContext().traceId));
    expect([...traces]).toEqual([job?.spanContext().traceId]);
    expect(heard.events('mi_audit.run.finished')).toMatchObject([
      {
        attributes: { 'mi_audit.run.id': report.run.id, 'mi_audit.run.complete': report.run.complete },
        traceId: job?.spanContext().traceId,
      },
    ]);
    await house.close();
  }, 120_000);

  it('is told of as the report of its watch says, and how long ago it was audited', async () => {
    const house = openHouse(settings, () => {});
    const store = await house.keptStore();
    const report = await watch({
      ...house.logs(),
      source: house.source(),
      store,
      settings,
      now: () => new Date(Date.parse(house.now()) + 60_000).toISOString(),
      holder: house.holder,
      dryRun: false,
      calls: () => house.calls(),
      progress() {},
    });
    const alive = report.incidents.filter(({ status }) => status !== 'resolved');
    expect(alive.length).toBeGreaterThan(0);
    const told = await heard.metric('mi_audit.incidents.alive');
    expect(Object.values(told).reduce<number>((sum, count) => sum + Number(count), 0)).toBe(alive.length);
    expect(await heard.metric('mi_audit.denials.seen')).toEqual({ '': report.denials.count });
    const benign = report.denials.benign.filter(({ count }) => count > 0).map(({ id, count }) => [id, count]);
    expect(await heard.metric('mi_audit.denials.benign')).toEqual(Object.fromEntries(benign));
    expect(await heard.metric('mi_audit.audit.age')).toEqual({ '': 60 });
    const { logs = 0 } = (await heard.metric('mi_audit.calls')) as Readonly<Record<string, number>>;
    expect(logs).toBe(report.run.calls.logs);
    expect(heard.spans().map(({ name }) => name)).toEqual(expect.arrayContaining(['mi_audit.watch', 'mi_audit.watch-grants']));
    await house.close();
  }, 120_000);

  it('is named nowhere in the names of calls', async () => {
    const house = openHouse(settings, () => {});
    const store = await house.forgetfulStore();
    await auditEstate({ source: house.source(), store, settings, rules, now: house.now, holder: 'x', dryRun: true, progress() {} });
    await house.close();
    const names = new Set(calls().map(({ name }) => name));
    expect(names.size).toBeGreaterThan(8);
    for (const name of names) expect(name).not.toMatch(/\d{3}|[?=@]|contoso|(?<![a-z])(rg|id|kv|st)-/i);
    const texts = JSON.stringify(calls().map(({ attributes }) => attributes));
    expect(texts).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?=\/|")(?<!request_id":"[^"]*)/);
  }, 120_000);
});

it('is read on standard error with TELEMETRY=console, and the answer stays what it was', async () => {
  const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  const { STORE: _store, ...environment } = sandbox.environment;
  const child = spawn(process.execPath, [cli, 'audit', '--format', 'json'], {
    env: { PATH: process.env['PATH'], ...environment, TELEMETRY: 'console' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [answer, told] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(JSON.parse(answer)).toMatchObject({ schema: 'mi-audit/audit/v1' });
  expect(told).toMatch(
    /^span {3}POST \/providers\/Microsoft\.ResourceGraph\/resources {2}[\d.]+ ms .*http\.response\.status_code=200.* trace [0-9a-f]{8}$/m,
  );
  expect(told).toMatch(/^span {3}mi_audit\.audit {2}[\d.]+ ms/m);
  expect(told).toMatch(/^event {2}INFO {2}mi_audit\.run\.finished .*mi_audit\.run\.complete=true/m);
  expect(told).toMatch(/^metric mi_audit\.findings\.open = \d+ \{finding\} {2}mi_audit\.severity=high$/m);
  expect(told.match(/^metric mi_audit\.gaps/gm)?.length).toBe(1);
}, 120_000);
