import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingId } from '../../src/findings/index.ts';
import { acceptFinding, unacceptFinding } from '../../src/jobs/accept-finding.ts';
import type { RecordTable } from '../../src/ports/index.ts';
import { openSqliteTable, openStore } from '../../src/store/index.ts';
import { directory, estate, federatedCredential, pid, principal, subscription, userAssigned } from '../build/estate.ts';
import { startAzurite, type Azurite } from '../contracts/azurite.ts';
import { Died, dyingTable } from '../fakes/dying-table.ts';
import { memoryTable } from '../fakes/record-table.ts';
import { checked, day, inconclusive, violation } from '../findings/world.ts';
import { auditOn, clock, dump, type World } from './audit.ts';

/**
 * Killed at any write and started again: the same stored state, byte for byte, as undisturbed. The second day holds one of everything: new, open,
 * resolved, reopened later, accepted, worse, unjudged; identities that come and go; principals missing and back.
 */
const [staying, going, accepted, worsening, unseen, coming] = ['staying', 'going', 'accepted', 'worsening', 'unseen', 'coming'].map(
  (name) => violation(`/${name}`),
) as [
  ReturnType<typeof violation>,
  ReturnType<typeof violation>,
  ReturnType<typeof violation>,
  ReturnType<typeof violation>,
  ReturnType<typeof violation>,
  ReturnType<typeof violation>,
];
const shared = violation('/shared', { rule: 'shared-identity' });
const [old, same, young] = [userAssigned('old'), userAssigned('same'), userAssigned('young')];
const found = [old, same, young].map((identity) => principal(identity));

const first: World = {
  now: day(1),
  estate: estate({
    identities: [old, same],
    containers: [subscription('prod'), subscription('test')],
    federatedCredentials: [federatedCredential(old, 'github', { readAt: day(1) })],
    directory: directory({ found, absent: [pid('lost'), pid('restored')] }),
  }),
  violations: [staying, going, accepted, worsening, unseen, shared],
  verdicts: [checked(), checked('shared-identity')],
};
const second: World = {
  now: day(2),
  estate: estate({
    identities: [same, young],
    federatedCredentials: [federatedCredential(same, 'github', { readAt: day(2) })],
    directory: directory({ found: [...found, { id: pid('restored'), kind: 'managed-identity' }], absent: [pid('lost'), pid('lost too')] }),
  }),
  violations: [staying, accepted, { ...worsening, severity: 'critical' }, unseen, coming],
  verdicts: [checked(), inconclusive('shared-identity')],
};
const third: World = { ...first, now: day(3) };

const until = day(20);
const idOf = ({ rule, subject }: { rule: string; subject: string }): string => findingId(rule, subject);
const accept = (table: RecordTable) =>
  acceptFinding(openStore(table, clock), { findingId: idOf(accepted), reason: 'wanted', author: 'ada', until, now: day(1) });
const unaccept = (table: RecordTable) =>
  unacceptFinding(openStore(table, clock), { findingId: idOf(accepted), author: 'bob', now: day(2) });

interface Killing {
  readonly before: readonly ((table: RecordTable) => Promise<unknown>)[];
  readonly killed: (table: RecordTable) => Promise<unknown>;
}

const killings: Readonly<Record<string, Killing>> = {
  'the first run': { before: [], killed: (table) => auditOn(table, first) },
  'the second run': { before: [(table) => auditOn(table, first), accept], killed: (table) => auditOn(table, second) },
  'the third run, at the instant of the second': {
    before: [(table) => auditOn(table, first), accept, (table) => auditOn(table, second)],
    killed: (table) => auditOn(table, { ...third, now: day(2) }),
  },
  'an acceptance': { before: [(table) => auditOn(table, first)], killed: accept },
  'the end of an acceptance': { before: [(table) => auditOn(table, first), accept], killed: unaccept },
};

async function undisturbed(table: RecordTable, { before, killed }: Killing): ReturnType<typeof dump> {
  for (const step of before) await step(table);
  await killed(table);
  return dump(table);
}

/** Kills at write n; false when it came through alive. */
async function disturbed(table: RecordTable, { before, killed }: Killing, n: number, backwards: boolean): Promise<boolean> {
  for (const step of before) await step(table);
  const died = await killed(dyingTable(table, n, backwards)).then(
    () => false,
    (error: unknown) => {
      if (error instanceof Died) return true;
      throw error;
    },
  );
  if (!died) return false;
  // It dies a second time on the way, a little later.
  await killed(dyingTable(table, n + 2, !backwards)).catch((error: unknown) => {
    if (!(error instanceof Died)) throw error;
  });
  return true;
}

describe.each(Object.entries(killings))('killed at any write: %s', (_, killing) => {
  it.each([false, true])('ends like an undisturbed one (rows of one call backwards: %s)', async (backwards) => {
    const expected = await undisturbed(memoryTable(), killing);
    let deaths = 0;
    for (; ; deaths++) {
      const table = memoryTable();
      if (!(await disturbed(table, killing, deaths, backwards))) break;
      await finish(table, killing);
      expect(await dump(table)).toEqual(expected);
    }
    expect(deaths).toBeGreaterThan(1);
  });
});

/** Started again, as a timer or a person does; unless its second death came so late that it was through. */
async function finish(table: RecordTable, killing: Killing): Promise<void> {
  if (!(await isThrough(table, killing))) await killing.killed(table);
}

async function isThrough(table: RecordTable, { before, killed }: Killing): Promise<boolean> {
  if (killed === accept || killed === unaccept) return false;
  const runs = await openStore(table, clock).runs(99);
  return runs.length > before.filter((step) => step !== accept).length && runs[0]?.state === 'finished';
}

describe('killed at any write, on real tables', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mi-audit-kill-'));
  let azurite: Azurite;
  beforeAll(async () => {
    azurite = await startAzurite();
  });
  afterAll(async () => {
    await azurite.stop();
    rmSync(folder, { recursive: true });
  });
  const killing = killings['the second run']!;

  it('ends like an undisturbed run in SQLite, opened anew after each death', async () => {
    const expected = await undisturbed(memoryTable(), killing);
    let deaths = 0;
    // Each write is a disk's sync here, and the memory table above dies at every one: every seventh is enough.
    for (; ; deaths += 7) {
      const place = join(folder, String(deaths));
      const table = openSqliteTable(place);
      const died = await disturbed(table, killing, deaths, deaths % 2 === 1);
      await table.close();
      if (!died) break;
      const again = openSqliteTable(place);
      await finish(again, killing);
      expect(await dump(again)).toEqual(expected);
      await again.close();
    }
    expect(deaths).toBeGreaterThan(10);
  });

  it.each([0, 1, 3, 7, 12, 17])('ends like an undisturbed run in Table Storage, killed at write %i', async (n) => {
    const expected = await undisturbed(memoryTable(), killing);
    const table = await azurite.table(`killed${n}`);
    expect(await disturbed(table, killing, n, false)).toBe(true);
    await finish(table, killing);
    expect(await dump(table)).toEqual(expected);
  });
});

describe('a run that died', () => {
  it('is no earlier sighting of a missing principal, and a finished one is', async () => {
    const table = memoryTable();
    const store = openStore(table, clock);
    for (let n = 0; (await store.runs(1))[0]?.state !== 'finished'; n++) {
      const run = await store.beginRun('audit', first.now, 'tenant');
      expect((await store.known(run.id)).memory.missingSince.size).toBe(0);
      await auditOn(dyingTable(table, n), first).catch(() => {});
    }
    expect((await store.known('the next run')).memory.missingSince).toEqual(
      new Map([
        [pid('lost'), day(1)],
        [pid('restored'), day(1)],
      ]),
    );
  });

  it('reports what it found as new when it is continued a day later in the same world', async () => {
    const table = memoryTable();
    await auditOn(dyingTable(table, 12), first).catch(() => {});
    const outcome = await auditOn(table, { ...first, now: day(2) });
    expect(outcome.summary.new).toBe(first.violations.length);
    expect((await auditOn(table, { ...first, now: day(2) })).summary.new).toBe(0);
  });

  it('leaves no history of what did not come about when the world has changed before it continues', async () => {
    const table = memoryTable();
    await auditOn(table, first);
    // Dies between the history of the resolution and the resolution.
    for (let n = 0; n < 40; n++) {
      const died = memoryTable();
      await auditOn(died, first);
      await auditOn(dyingTable(died, n), { ...second, violations: [] }).catch(() => {});
      await auditOn(died, { ...first, now: day(3) });
      const stored = await openStore(died, clock).finding(idOf(staying));
      expect(stored?.history.map(({ revision }) => revision)).toEqual(Array.from({ length: stored!.finding.revision }, (_, at) => at + 1));
      expect(['open', 'reopened']).toContain(stored?.finding.status);
      const kinds = stored?.history.map(({ kind }) => kind).join();
      expect(kinds).toBe(stored?.finding.revision === 1 ? 'opened' : 'opened,resolved,reopened');
    }
  });
});
