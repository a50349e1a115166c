import { tmpdir } from 'node:os';
import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { serve, writeWorld } from './small-world.ts';
import { startSandbox } from '../../src/sandbox/index.ts';

test('tables and queues take the managed identity and nobody else', async () => {
  await using s = await serve({}, { storage: true });
  const { environment } = s.sandbox;
  expect(environment['STORE_CREDENTIAL']).toBe('managed-identity');
  const headers = { 'x-ms-version': '2020-12-06', 'x-ms-date': new Date().toUTCString(), accept: 'application/json;odata=nometadata' };
  const bearer = { ...headers, authorization: `Bearer ${await s.token('https://storage.azure.com')}` };
  const wrong = { ...headers, authorization: `Bearer ${await s.token('https://vault.azure.net')}` };
  expect((await s.send('PUT', `${environment['STORE_QUEUES']}/outbox`, bearer)).status).toBe(201);
  expect((await s.send('GET', `${environment['STORE']}/Tables`, bearer)).status).toBe(200);
  for (const none of [headers, wrong]) {
    expect((await s.send('PUT', `${environment['STORE_QUEUES']}/other`, none)).status).toBe(403);
    expect((await s.send('GET', `${environment['STORE']}/Tables`, none)).status).toBe(403);
  }
});

test('two sandboxes do not share tables', async () => {
  await using one = await serve({}, { storage: true });
  await using two = await serve({}, { storage: true });
  const call = async (s: typeof one, method: string, body?: string) =>
    s.send(
      method,
      `${s.sandbox.environment['STORE']}/Tables`,
      {
        'x-ms-version': '2020-12-06',
        'content-type': 'application/json',
        accept: 'application/json;odata=nometadata',
        authorization: `Bearer ${await s.token('https://storage.azure.com')}`,
      },
      body,
    );
  expect((await call(one, 'POST', '{"TableName":"findings"}')).status).toBeLessThan(300);
  expect((await call(one, 'GET')).body).toEqual({ value: [{ TableName: 'findings' }] });
  expect((await call(two, 'GET')).body).toEqual({ value: [] });
});

test('closing leaves nothing behind: no file, no port', async () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('mi-audit-sandbox-') || name.startsWith('mi-audit-storage-'));
  const sandbox = await startSandbox({ worldDir: writeWorld({}) });
  const { CLOUD_CA_FILE: caFile = '', CLOUD_RESOURCE_MANAGER_URL: arm = '' } = sandbox.environment;
  expect(existsSync(caFile)).toBe(true);
  await sandbox.close();
  await sandbox.close();
  expect(existsSync(caFile)).toBe(false);
  await expect(fetch(arm)).rejects.toThrow('fetch failed');
  const after = readdirSync(tmpdir()).filter((name) => name.startsWith('mi-audit-sandbox-') || name.startsWith('mi-audit-storage-'));
  expect(after.filter((name) => !before.includes(name) && caFile.includes(name))).toEqual([]);
});
