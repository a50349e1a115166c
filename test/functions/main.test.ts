import { ManagedIdentityCredential } from '@azure/identity';
import { QueueClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { openHouse, type KeptStore } from '../../src/compose.ts';
import { describeSettings, readSettings } from '../../src/config/index.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { world } from '../e2e/mi-audit.ts';
import { small } from '../e2e/rows.ts';
import { installFakeHost } from './fake-host.ts';

const host = installFakeHost();
const timer = { Schedule: { AdjustForDST: true }, ScheduleStatus: null, IsPastDue: false };
let sandbox: Sandbox;
const before = { ...process.env };

beforeAll(async () => {
  await import('../../src/functions/main.ts');
  sandbox = await startSandbox({ worldDir: await world(small) });
}, 60_000);
afterAll(async () => {
  await sandbox.close();
  process.env = before;
});

describe('the function app', () => {
  it('registers its timers, each on a schedule that is a setting', () => {
    const schedules = [...host.functions].flatMap(([name, { bindings }]) =>
      Object.values(bindings)
        .filter(({ type }) => type === 'timerTrigger')
        .map(({ schedule }) => [name, schedule]),
    );
    expect(Object.fromEntries(schedules)).toMatchObject({
      'audit-estate': '%AUDIT_SCHEDULE%',
      'watch-denials': '%WATCH_SCHEDULE%',
      'watch-grants': '%WATCH_GRANTS_SCHEDULE%',
    });
    const names = new Set(describeSettings().map(({ name }) => name));
    for (const [, schedule] of schedules) expect(names).toContain(String(schedule).replaceAll('%', ''));
  });

  it('audits on a tick, stores what it found, returns nothing, and says how it signed in', async () => {
    Object.assign(process.env, sandbox.environment);
    expect(await host.fire('audit-estate', timer)).toBeFalsy();
    expect(host.logs.join('\n')).toMatch(/signing in with the (system-assigned )?managed identity/);
    expect(host.logs.at(-1)).toMatch(/Audit \S+: 1 new, 0 resolved, 0 reopened; complete\./);
    expect(await stored()).toEqual(['new']);
  });

  it('watches on a tick and carries its cursor to the next one', async () => {
    Object.assign(process.env, sandbox.environment);
    expect(await host.fire('watch-denials', timer)).toBeFalsy();
    expect(host.logs.at(-1)).toMatch(/Watch \S+: 0 refused calls, 0 incidents alive, 0 resolved; (in)?complete/);
    expect(await cursors()).toEqual([new Date(Date.parse(sandbox.now)).toISOString(), undefined]);
  });

  it('watches grants on a tick of their own, with a cursor of their own', async () => {
    Object.assign(process.env, sandbox.environment);
    expect(await host.fire('watch-grants', timer)).toBeFalsy();
    expect(host.logs.at(-1)).toMatch(/Grants \S+: 0 to look at, 0 resolved; (in)?complete/);
    expect((await cursors())[1]).toBe(new Date(Date.parse(sandbox.now)).toISOString());
  });

  it('watches grants while the watch of refused calls is stuck', async () => {
    Object.assign(process.env, sandbox.environment);
    await inStore(async (store) => {
      const lease = await store.lease('watch', 'somebody', 60);
      await host.fire('watch-denials', timer);
      expect(host.logs.at(-1)).toMatch(/Another watch is running/);
      await host.fire('watch-grants', timer);
      expect(host.logs.at(-1)).toMatch(/Grants \S+:/);
      await lease?.release();
    });
  });

  it('tells people when somebody rings, once, and rings itself after an audit and a watch', async () => {
    Object.assign(process.env, sandbox.environment);
    expect(await rings()).toBeGreaterThanOrEqual(2);
    const before = await sandbox.received();
    expect([before.posts.length, before.mails.length]).toEqual([0, 0]);
    expect(await host.fire('notify', 'look')).toBeFalsy();
    expect(host.logs.at(-1)).toMatch(/^information: Notify: 1 changes; 2 messages sent, 0 waiting, 0 undeliverable\.$/);
    const after = await sandbox.received();
    expect([after.posts.length, after.mails.length]).toEqual([1, 1]);
    expect(await host.fire('sweep-outbox', timer)).toBeFalsy();
    expect(host.logs.at(-1)).toMatch(/Notify: 0 changes; 0 messages sent/);
  });

  it('leaves it to the other notifier where one is at work, and rings again', async () => {
    Object.assign(process.env, sandbox.environment);
    const before = await rings();
    await inStore(async (store) => {
      const lease = await store.lease('notify', 'somebody', 60);
      await host.fire('notify', 'look');
      await lease?.release();
    });
    expect(host.logs.at(-1)).toMatch(/Another notify is running/);
    // It can be seen in half a minute only; the queue counts it all the same.
    expect(await rings()).toBe(before + 1);
  });

  it('is silent where no channel is set', async () => {
    Object.assign(process.env, sandbox.environment, { TEAMS_WEBHOOK_URL: '', EMAIL_TO: '' });
    const before = host.logs.length;
    await host.fire('sweep-outbox', timer);
    expect(host.logs.slice(before).join('\n')).toMatch(/no channel is set/);
    Object.assign(process.env, sandbox.environment);
  });

  it.each(['audit-estate', 'watch-denials', 'watch-grants'])('%s fails with every setting that is wrong, in the log', async (name) => {
    process.env['AUDIT_SCHEDULE'] = 'daily';
    process.env['CREDENTIAL'] = 'guess';
    await expect(host.fire(name, timer)).rejects.toThrow(/CREDENTIAL must .*AUDIT_SCHEDULE must/);
    expect(host.logs.at(-1)).toMatch(/^error: The app settings are wrong/);
    delete process.env['AUDIT_SCHEDULE'];
    delete process.env['CREDENTIAL'];
  });

  it.each(['audit-estate', 'watch-denials', 'watch-grants'])(
    '%s fails without a store: what is forgotten is worth nothing here',
    async (name) => {
      delete process.env['STORE'];
      await expect(host.fire(name, timer)).rejects.toThrow(/Nothing is stored/);
    },
  );
});

it('has a host.json that the host reads', () => {
  expect(JSON.parse(readFileSync(new URL('../../host.json', import.meta.url), 'utf8'))).toMatchObject({ version: '2.0' });
});

/** Messages on the queue that wakes the notifier. */
async function rings(): Promise<number> {
  const { STORE_QUEUES: url = '', CLOUD_CA_FILE: caFile = '' } = sandbox.environment;
  const queue = new QueueClient(`${url}/notify`, new ManagedIdentityCredential(), {
    tlsOptions: { ca: readFileSync(caFile, 'utf8') },
  } as object);
  return (await queue.getProperties()).approximateMessagesCount ?? 0;
}

async function inStore<Answer>(read: (store: KeptStore) => Promise<Answer>): Promise<Answer> {
  const given = readSettings(process.env);
  if (!('settings' in given)) throw new Error('settings');
  const house = openHouse(given.settings, () => {});
  try {
    return await read(await house.keptStore());
  } finally {
    await house.close();
  }
}

const stored = (): Promise<readonly string[]> =>
  inStore(async (store) => {
    const statuses: string[] = [];
    for await (const { status } of store.findings({})) statuses.push(status);
    return statuses;
  });

const cursors = (): Promise<readonly (string | undefined)[]> =>
  inStore(async (store) => [(await store.watchState()).cursor, (await store.grantState()).cursor]);
