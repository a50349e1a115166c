import { readFileSync } from 'node:fs';
import { ManagedIdentityCredential } from '@azure/identity';
import { QueueClient } from '@azure/storage-queue';
import { expect, test } from 'vitest';
import { auditRequestQueue, doorbellQueue, poisonQueues, shardQueueName } from '../../src/azure/index.ts';
import { notifyText } from '../../src/cli/output/notify-text.ts';
import type { NotifyReport } from '../../src/jobs/notify-report.ts';
import { withPoison } from '../../src/jobs/poison-report.ts';
import { serve } from '../sandbox/small-world.ts';

const report: NotifyReport = {
  schema: 'mi-audit/notify/v1',
  at: '2026-11-20T08:00:00.000Z',
  dryRun: true,
  channels: [],
  changes: 0,
  unrouted: 0,
  nextDueAt: '',
  notes: [],
};

test('what the host laid aside is told with what to do, from real queues, and stays there', { timeout: 60_000 }, async () => {
  await using s = await serve({}, { storage: true });
  const { environment } = s.sandbox;
  const before = { ...process.env };
  Object.assign(process.env, environment);
  try {
    const ca = readFileSync(environment['CLOUD_CA_FILE']!, 'utf8');
    const open = (name: string): QueueClient =>
      new QueueClient(`${environment['STORE_QUEUES']}/${name}`, new ManagedIdentityCredential(), { tlsOptions: { ca } } as object);
    const queues = poisonQueues(open);
    expect(await queues.look()).toEqual([]);

    const poison = open('audit-shard-poison');
    await poison.createIfNotExists();
    await open('notify-poison').createIfNotExists();
    await poison.sendMessage('first');
    await poison.sendMessage('second');
    const told = await withPoison(report, queues);
    expect(told.poison).toMatchObject([{ queue: 'audit-shard-poison', messages: 2, trouble: '' }]);
    const text = notifyText(told, { colours: false });
    expect(text).toMatch(/audit-shard-poison {2}2 messages that the function could not handle, the first since \d{4}-/);
    expect(text).toContain('Then delete them from audit-shard-poison.');
    expect(await queues.look()).toHaveLength(1);
  } finally {
    process.env = before;
  }
});

test('a queue that cannot be looked into is not empty', async () => {
  const refused = Object.assign(new Error('This request is not authorized'), { statusCode: 403 });
  const queues = poisonQueues(() => ({ getProperties: () => Promise.reject(refused) }) as unknown as QueueClient);
  const told = await withPoison(report, queues);
  expect(told.poison?.map(({ queue, trouble }) => [queue, trouble.slice(0, 8)])).toEqual(
    [doorbellQueue, auditRequestQueue, shardQueueName].map((queue) => [`${queue}-poison`, 'HTTP 403']),
  );
  expect(notifyText(told, { colours: false })).toContain('Whether messages lie there is unknown');
});

test('without queues nobody claims to have looked', async () => {
  expect(await withPoison(report, undefined)).toBe(report);
});
