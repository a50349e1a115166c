import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openHouse, type House, type KeptStore } from '../../src/compose.ts';
import { readSettings, type Settings } from '../../src/config/index.ts';
import { auditEstate } from '../../src/jobs/audit-estate.ts';
import type { NotifyReport } from '../../src/jobs/notify-report.ts';
import { notify } from '../../src/jobs/notify.ts';
import { watch } from '../../src/jobs/watch.ts';
import { renderCard, renderMail } from '../../src/messages/index.ts';
import { rules } from '../../src/rules/index.ts';
import { writeContoso } from '../../src/sandbox/generate/index.ts';
import { startSandbox, type Received, type Sandbox } from '../../src/sandbox/index.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** contoso with its own troubles: everything from sign-in to the mailbox is real. */
async function contoso(faults: readonly object[], work: (at: Told) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'mi-audit-notify-'));
  let sandbox: Sandbox | undefined;
  let house: House | undefined;
  try {
    await writeContoso(dir);
    const world = JSON.parse(readFileSync(join(dir, 'world.json'), 'utf8')) as object;
    writeFileSync(join(dir, 'world.json'), JSON.stringify({ ...world, faults }));
    sandbox = await startSandbox({ worldDir: dir, storage: false });
    for (const [name, value] of Object.entries(sandbox.environment)) vi.stubEnv(name, value);
    const read = readSettings({ ...sandbox.environment, STORE: join(dir, 'store') });
    if ('problems' in read) throw new Error(JSON.stringify(read.problems));
    house = openHouse(read.settings, () => undefined);
    await work(await openTold(sandbox, house, read.settings));
  } finally {
    await house?.close();
    await sandbox?.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Told {
  readonly store: KeptStore;
  readonly received: () => Promise<Received>;
  readonly look: () => Promise<void>;
  /** Rounds of the notifier, each when the next message is due, until none waits. */
  readonly tell: () => Promise<readonly NotifyReport[]>;
}

async function openTold(sandbox: Sandbox, house: House, settings: Settings): Promise<Told> {
  const store = await house.keptStore();
  const common = { store, settings, holder: house.holder, progress: () => undefined };
  let clock = sandbox.now;
  return {
    store,
    received: () => sandbox.received(),
    async look() {
      await auditEstate({ ...common, source: house.source(), rules, now: house.now, dryRun: false });
      await watch({ ...common, ...house.logs(), source: house.source(), now: house.now, calls: () => house.calls(), dryRun: false });
    },
    async tell() {
      const reports: NotifyReport[] = [];
      for (let round = 0; round < 40; round += 1) {
        const report = await notify({
          ...common,
          channels: settings.channels,
          messenger: (channel) => house.messenger(channel),
          render: { renderCard, renderMail },
          portalUrl: house.portalUrl,
          now: () => clock,
          dryRun: false,
        });
        reports.push(report);
        if (report.nextDueAt === '') break;
        clock = report.nextDueAt > clock ? report.nextDueAt : new Date(Date.parse(clock) + 60_000).toISOString();
      }
      return reports;
    },
  };
}

const tally = (names: readonly (string | undefined)[]): ReadonlyMap<string, number> =>
  new Map(
    Map.groupBy(names, (name) => name ?? '')
      .entries()
      .map(([name, all]) => [name, all.length]),
  );

describe('telling people of contoso', () => {
  test('everything arrives once, and a second look at the same tenant tells nothing', async () => {
    await contoso([], async ({ store, look, tell, received }) => {
      await look();
      await tell();
      const deliveries = await store.deliveries();
      const { posts, mails } = await received();
      expect(deliveries.map(({ state }) => state)).not.toContain('undeliverable');
      expect(posts.length).toBeGreaterThan(5);
      expect(posts).toHaveLength(deliveries.filter(({ channel }) => channel === 'teams').length);
      expect(mails).toHaveLength(deliveries.filter(({ channel }) => channel === 'email').length);
      expect(new Set(posts.map(({ reference }) => reference)).size).toBe(posts.length);
      expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(mails.length);
      expect(mails.every(({ to }) => to.join() === 'on-call@contoso.example,security@contoso.example')).toBe(true);

      await look();
      await tell();
      const after = await received();
      expect([after.posts.length, after.mails.length]).toEqual([posts.length, mails.length]);
    });
  });

  test('nothing is lost when the receivers fail, and only what nobody answered for comes twice', async () => {
    const faults = [
      { match: 'POST /powerautomate', status: 429, retryAfterSeconds: 120, times: 1 },
      { match: 'POST /powerautomate', status: 503, after: 1, times: 2 },
      { match: 'POST /powerautomate', dropConnection: true, afterwards: true, times: 2 },
      { match: 'POST /powerautomate', dropConnection: true, times: 1 },
      { match: 'DATA /', status: 451, times: 1 },
      { match: 'DATA /', dropConnection: true, afterwards: true, times: 2 },
      { match: 'AUTH /', dropConnection: true, after: 2, times: 1 },
      { match: 'RCPT /security@contoso.example', status: 550, after: 6, times: 1 },
    ];
    await contoso(faults, async ({ store, look, tell, received }) => {
      await look();
      await tell();
      const deliveries = await store.deliveries();
      const { posts, mails } = await received();
      expect(deliveries.filter(({ state }) => state !== 'sent')).toEqual([]);
      const of = (name: string) => deliveries.filter(({ channel }) => channel === name);
      const cards = tally(posts.map(({ reference }) => reference));
      expect(cards.size).toBe(of('teams').length);
      expect(posts.length - cards.size).toBe(2);
      for (const { id, unanswered } of of('teams')) expect(cards.get(`teams.${id}`)).toBeLessThanOrEqual(1 + unanswered);
      const letters = tally(mails.map(({ messageId }) => messageId));
      expect(letters.size).toBe(of('email').length);
      expect(mails.length - letters.size).toBe(2);
      // Who was left out is not forgotten.
      expect(of('email').filter(({ lastWhy = '' }) => lastWhy.includes('security@contoso.example (550'))).toHaveLength(1);
    });
  });
});
