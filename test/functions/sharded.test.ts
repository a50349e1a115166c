import { readFileSync } from 'node:fs';
import { rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManagedIdentityCredential } from '@azure/identity';
import { QueueClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHouse, type KeptStore } from '../../src/compose.ts';
import { readSettings } from '../../src/config/index.ts';
import { writeContoso } from '../../src/sandbox/generate/index.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { startHost, type Host } from './host.ts';
import { packagedApp, type Packaged } from './packaged.ts';

/** The package as it is deployed, as two instances at once, over the sandbox's Azure and Azurite's queues and tables. */
const before = { ...process.env };
let packaged: Packaged;
let sandbox: Sandbox;
let worldDir: string;
const instances: Host[] = [];
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  worldDir = await mkdtemp(join(tmpdir(), 'mi-audit-shards-'));
  [packaged] = await Promise.all([packagedApp(), writeContoso(worldDir)]);
  sandbox = await startSandbox({ worldDir });
  environment = { ...sandbox.environment, AUDIT_SHARD_ROWS: '150' };
  Object.assign(process.env, environment);
  for (let each = 0; each < 2; each++) instances.push(await startHost({ app: packaged.app, environment }));
}, 180_000);
afterAll(async () => {
  for (const each of instances) await each.close();
  await sandbox?.close();
  await packaged?.remove();
  await rm(worldDir, { recursive: true, force: true });
  process.env = before;
});

describe('an audit in shards, in the package', () => {
  it('is begun by the timer, done by two instances from the queue, and says what one piece says', async () => {
    expect(await instances[0]!.timer('audit-estate')).toMatchObject({ succeeded: true, why: '' });
    const [begun] = await inStore((store) => store.runs(1, 'audit'));
    expect(begun).toMatchObject({ state: 'started', complete: false });
    expect((await inStore((store) => store.shardPlan()))?.shards.length).toBeGreaterThan(1);

    let taken = 0;
    for (let idle = 0; idle < 2;) {
      const rounds = await Promise.all(
        instances.map((each) => each.pump('audit-shard', queue('audit-shard'), queue('audit-shard-poison'))),
      );
      const outcomes = rounds.flat();
      for (const { succeeded, why } of outcomes) expect([succeeded, why]).toEqual([true, '']);
      taken += outcomes.length;
      idle = outcomes.length === 0 ? idle + 1 : 0;
    }
    // What lies above, shards, facts, parts, join.
    expect(taken).toBeGreaterThan(5);
    const [run] = await inStore((store) => store.runs(1, 'audit'));
    expect(run).toMatchObject({ id: begun!.id, state: 'finished', complete: true });
    expect(run!.summary.new).toBeGreaterThan(30);
    expect(await inStore((store) => store.shardPlan())).toBeUndefined();

    // The same tenant in one piece finds nothing new: it sees what the shards saw.
    const whole = await startHost({ app: packaged.app, environment: { ...environment, AUDIT_SHARD_ROWS: '100000' } });
    try {
      expect(await whole.timer('audit-estate')).toMatchObject({ succeeded: true, why: '' });
    } finally {
      await whole.close();
    }
    const [again] = await inStore((store) => store.runs(1, 'audit'));
    expect(again!.id).not.toBe(run!.id);
    expect(again!.summary).toMatchObject({
      new: 0,
      resolved: 0,
      reopened: 0,
      bySeverity: run!.summary.bySeverity,
      byRule: run!.summary.byRule,
    });
  }, 240_000);

  it.each(['null', '{}', 'look', '{"planId":"x","piece":"join"}'])(
    'is not moved by the message %j',
    async (text) => {
      expect(await instances[0]!.message('audit-shard', text)).toMatchObject({ succeeded: true, why: '' });
    },
    60_000,
  );

  it('is looked after by the sweep', async () => {
    expect(await instances[0]!.timer('sweep-outbox')).toMatchObject({ succeeded: true, why: '' });
  }, 60_000);
});

function queue(name: string): QueueClient {
  const { STORE_QUEUES: url = '', CLOUD_CA_FILE: caFile = '' } = environment;
  return new QueueClient(`${url}/${name}`, new ManagedIdentityCredential(), { tlsOptions: { ca: readFileSync(caFile, 'utf8') } } as object);
}

async function inStore<Answer>(read: (store: KeptStore) => Promise<Answer>): Promise<Answer> {
  const given = readSettings(environment);
  if (!('settings' in given)) throw new Error('settings');
  const house = openHouse(given.settings, () => {});
  try {
    return await read(await house.keptStore());
  } finally {
    await house.close();
  }
}
