import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManagedIdentityCredential } from '@azure/identity';
import { QueueClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHouse, type KeptStore } from '../../src/compose.ts';
import { readSettings } from '../../src/config/index.ts';
import { environment as known } from '../../src/config/environment.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { world } from '../e2e/mi-audit.ts';
import { small } from '../e2e/rows.ts';
import { startHost, type Host } from './host.ts';
import { packagedApp, type Packaged } from './packaged.ts';

/** The package as it is deployed, in a worker process, over the sandbox's Azure and Azurite's queues. */
const before = { ...process.env };
let packaged: Packaged;
let sandbox: Sandbox;
let host: Host;

beforeAll(async () => {
  [packaged, sandbox] = await Promise.all([packagedApp(), world(small).then((worldDir) => startSandbox({ worldDir }))]);
  Object.assign(process.env, sandbox.environment);
  host = await startHost({ app: packaged.app, environment: sandbox.environment });
}, 120_000);
afterAll(async () => {
  await host?.close();
  await sandbox?.close();
  await packaged?.remove();
  process.env = before;
});

const timers = ['audit-estate', 'watch-denials', 'watch-grants', 'sweep-outbox', 'prune-history', 'send-review'];
const leases = {
  'audit-estate': 'audit',
  'watch-denials': 'watch',
  'watch-grants': 'watch-grants',
  'sweep-outbox': 'notify',
  'prune-history': 'audit',
  'send-review': 'review',
};
const queues = ['notify', 'audit-request', 'audit-shard'];

describe('the package', () => {
  it('names one file as its entry, as a module', () => {
    const { main, type } = JSON.parse(readFileSync(join(packaged.app, 'package.json'), 'utf8')) as { main: string; type: string };
    expect([globSync(main, { cwd: packaged.app }), type]).toEqual([['dist/functions/main.js'], 'module']);
    expect(existsSync(join(packaged.app, 'node_modules'))).toBe(false);
  });

  it('has one copy of the library that registers', () => {
    const copies = new Set(packaged.bundle.inputs.flatMap((input) => /^.*node_modules\/@azure\/functions(?=\/)/.exec(input) ?? []));
    expect([...copies]).toEqual(['node_modules/@azure/functions']);
    expect(host.copiesOfLibrary).toBe(1);
  });

  it('registers each function once, and all of them before the start', () => {
    expect(host.functions.map(({ name }) => name).toSorted()).toEqual([...timers, ...queues, 'http'].toSorted());
  });

  it('leaves streaming of HTTP off: a handler that fails would never be answered', () => {
    expect(host.capabilities).not.toHaveProperty('HttpUri');
  });

  it('binds to settings that infra sets and that have a default', () => {
    const named = host.functions.flatMap(({ bindings }) => [...JSON.stringify(bindings).matchAll(/%(\w+)%/g)].map(([, name]) => name!));
    expect(named.length).toBeGreaterThanOrEqual(timers.length);
    const deployed = readFileSync(new URL('../../infra/modules/function-app.bicep', import.meta.url), 'utf8');
    const defaults = known.parse({}) as Readonly<Record<string, unknown>>;
    for (const name of named) {
      expect(deployed, `${name} is no app setting`).toMatch(new RegExp(`^  ${name}: '`, 'm'));
      expect(defaults[name], `${name} has no default`).toMatch(/^\S+( \S+){5}$/);
    }
  });

  it('runs no timer at start, and tries again only where a month would be lost', () => {
    const timersFound = host.functions.filter(({ bindings }) => bindings.some(({ type }) => type === 'timerTrigger'));
    expect(timersFound.flatMap(({ bindings }) => bindings.map(({ runOnStartup }) => runOnStartup)).filter(Boolean)).toEqual([]);
    // What is missed while the app is stopped is seen by the monitor, which is on unless somebody switches it off.
    expect(timersFound.flatMap(({ bindings }) => bindings.map(({ useMonitor }) => useMonitor)).filter((on) => on === false)).toEqual([]);
    expect(host.functions.filter(({ retries }) => retries !== 0).map(({ name, retries }) => [name, retries])).toEqual([['send-review', 8]]);
  });

  it('has a host.json with OpenTelemetry, an end for each invocation, and the encoding that the producers use', () => {
    const file = JSON.parse(readFileSync(join(packaged.app, 'host.json'), 'utf8')) as Readonly<Record<string, unknown>>;
    expect(file).toMatchObject({
      version: '2.0',
      telemetryMode: 'OpenTelemetry',
      functionTimeout: expect.stringMatching(/^\d\d:\d\d:\d\d$/),
    });
    expect(host.queues).toMatchObject({ messageEncoding: 'base64', maxDequeueCount: 5 });
  });
});

describe('a timer of the package', () => {
  it.each(timers)('%s ends well and returns nothing, late or not', async (name) => {
    for (const isPastDue of [false, true]) {
      const { succeeded, why, logs, returned } = await host.timer(name, isPastDue);
      expect([succeeded, why]).toEqual([true, '']);
      expect(returned).toMatchObject({ outputData: [] });
      expect((returned as { returnValue?: unknown }).returnValue ?? undefined).toBeUndefined();
      expect(logs.join('\n').includes('This tick comes late')).toBe(isPastDue);
      expect(logs.filter((line) => line.startsWith('error'))).toEqual([]);
    }
  });

  it.each(timers)('%s says that another one is at it, and ends well', async (name) => {
    await inStore(async (store) => {
      const lease = await store.lease(leases[name as keyof typeof leases], 'somebody', 60);
      const { succeeded, logs } = await host.timer(name);
      await lease?.release();
      expect(succeeded).toBe(true);
      expect(logs.join('\n')).toMatch(/information: Another (audit|watch|watch-grants|notify|review) is running on this store \(somebody/);
    });
  });

  it('that fires twice at once fails neither time', async () => {
    const twice = await Promise.all([host.timer('audit-estate'), host.timer('audit-estate')]);
    expect(twice.map(({ succeeded, why }) => [succeeded, why])).toEqual([
      [true, ''],
      [true, ''],
    ]);
    const stored = await inStore(async (store) => {
      const statuses: string[] = [];
      for await (const { status } of store.findings({})) statuses.push(status);
      return statuses;
    });
    expect(stored.length).toBe(1);
  });
});

describe('a queue of the package', () => {
  it('takes what the product itself put there', async () => {
    await inHouse(async (house) => {
      await house.doorbell()?.ring();
      await house.auditRequests()?.request({ by: 'somebody', at: sandbox.now });
    });
    const told = await drained('notify');
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter(({ succeeded }) => !succeeded)).toEqual([]);
    const [asked, ...more] = await drained('audit-request');
    expect(more).toEqual([]);
    expect([asked?.succeeded, asked?.logs.join('\n')]).toEqual([
      true,
      expect.stringMatching(/asked for by somebody\.[^]*Audit \S+: 0 new/),
    ]);
    expect(await waiting('notify-poison')).toBe(0);
  }, 120_000);

  it.each([
    '123',
    'true',
    'null',
    '""',
    '',
    '[]',
    '{}',
    '{"by":7}',
    '{"by":{"toString":1}}',
    '{"__proto__":{"by":"x"}}',
    '{',
    '\u0000',
    '"look"',
  ])(
    'is not broken by the message %j',
    async (text) => {
      for (const name of queues) expect(await host.message(name, text)).toMatchObject({ succeeded: true, why: '' });
    },
    120_000,
  );

  it('gives up a message that fails each time, and keeps it where it can be found', async () => {
    const broken = await startHost({ app: packaged.app, environment: { ...sandbox.environment, CREDENTIAL: 'guess' } });
    try {
      await queue('audit-request').sendMessage(Buffer.from('{"by":"somebody"}').toString('base64'));
      const rounds: boolean[] = [];
      for (let round = 0; round < 7; round++) {
        const outcomes = await broken.pump('audit-request', queue('audit-request'), queue('audit-request-poison'));
        for (const { succeeded, why, stack } of outcomes) {
          rounds.push(succeeded);
          expect(why).toContain('CREDENTIAL must');
          // Through the bundle, to the line of the source.
          expect(stack).toMatch(/src\/functions\/deployed-settings\.ts:\d+/);
        }
      }
      expect(rounds).toEqual([false, false, false, false, false]);
      expect([await waiting('audit-request'), await waiting('audit-request-poison')]).toEqual([0, 1]);
      const { receivedMessageItems } = await queue('audit-request-poison').receiveMessages();
      expect(Buffer.from(receivedMessageItems[0]!.messageText, 'base64').toString()).toBe('{"by":"somebody"}');
      expect(broken.isAlive()).toBe(true);
    } finally {
      await broken.close();
    }
  }, 120_000);
});

describe('HTTP of the package', () => {
  const requests = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'].flatMap((method) =>
    ['/', '/api/findings', '/api/nothing', '/api/openapi.json', '/%zz', '/api/findings/%E0%A4%A', '//x', '/assets/none.js'].map(
      (path) => [method, path] as const,
    ),
  );

  it('answers every request', async () => {
    for (const [method, path] of requests) {
      const answer = await host.http(method, path, method === 'POST' ? { body: '{"__proto__":1' } : {});
      expect(answer.status, `${method} ${path}`).toBeGreaterThanOrEqual(200);
      expect(answer.status, `${method} ${path}`).toBeLessThan(500);
    }
    expect((await host.http('GET', '/')).text).toContain('<title>mi-audit</title>');
    expect((await host.http('GET', '/api/findings')).status).toBe(401);
  });

  it('answers when its settings are missing or wrong, and when the store cannot be reached', async () => {
    for (const wrong of [
      { CREDENTIAL: 'guess' },
      { STORE: '', STORE_QUEUES: '' },
      { STORE: 'https://localhost:1/none' },
      { API_TENANT_ID: '' },
    ]) {
      const broken = await startHost({ app: packaged.app, environment: { ...sandbox.environment, ...wrong } });
      try {
        for (const path of ['/', '/api/findings', '/api/openapi.json'])
          expect((await broken.http('GET', path)).status, `${path} with ${JSON.stringify(wrong)}`).toBeOneOf([200, 401, 503]);
        expect(broken.isAlive()).toBe(true);
        // Otherwise the portal shows no functions, and nobody says why.
        expect(broken.functions.map(({ name }) => name)).toEqual(host.functions.map(({ name }) => name));
      } finally {
        await broken.close();
      }
    }
  }, 120_000);
});

it('loads nothing of the estate and of mails to be indexed', () => {
  expect(readFileSync(join(packaged.app, 'dist/functions/main.js')).length).toBeLessThan(300_000);
});

it('never lost its worker to an unhandled rejection', () => {
  expect([host.isAlive(), host.said().includes('UnhandledPromiseRejection')]).toEqual([true, false]);
});

function queue(name: string): QueueClient {
  const { STORE_QUEUES: url = '', CLOUD_CA_FILE: caFile = '' } = sandbox.environment;
  return new QueueClient(`${url}/${name}`, new ManagedIdentityCredential(), { tlsOptions: { ca: readFileSync(caFile, 'utf8') } } as object);
}

/** All that can be seen on a queue now, given to its function. */
async function drained(name: string) {
  const outcomes: Awaited<ReturnType<Host['pump']>>[number][] = [];
  for (;;) {
    const round = await host.pump(name, queue(name), queue(`${name}-poison`));
    if (round.length === 0) return outcomes;
    outcomes.push(...round);
  }
}

async function waiting(name: string): Promise<number> {
  await queue(name).createIfNotExists();
  return (await queue(name).getProperties()).approximateMessagesCount ?? 0;
}

async function inHouse<Answer>(work: (house: ReturnType<typeof openHouse>) => Promise<Answer>): Promise<Answer> {
  const given = readSettings(sandbox.environment);
  if (!('settings' in given)) throw new Error('settings');
  const house = openHouse(given.settings, () => {});
  try {
    return await work(house);
  } finally {
    await house.close();
  }
}

const inStore = <Answer>(read: (store: KeptStore) => Promise<Answer>): Promise<Answer> =>
  inHouse(async (house) => read(await house.keptStore()));
