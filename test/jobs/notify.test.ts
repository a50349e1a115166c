import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reconcile } from '../../src/findings/index.ts';
import { incidentId } from '../../src/incidents/index.ts';
import { acceptFinding } from '../../src/jobs/accept-finding.ts';
import type { Message, MessageContext } from '../../src/messages/index.ts';
import { findingNotices } from '../../src/outbox/index.ts';
import { openStore } from '../../src/store/index.ts';
import { Died, dyingTable } from '../fakes/dying-table.ts';
import { memoryTable } from '../fakes/record-table.ts';
import { request, violation } from '../findings/world.ts';
import { at, channel, noon } from '../outbox/build.ts';
import { clock, pass, receivers, seen, tell, type Arrival, type Weather } from './outbox-world.ts';

const teams = channel();
const mail = channel({ name: 'mail', kind: 'email', recipients: ['a@example.com'] });
const idOf = (name: string): string => incidentId(seen(name).burst);
const deliveries = (table: ReturnType<typeof memoryTable>) => openStore(table, clock).deliveries();
const notices = (table: ReturnType<typeof memoryTable>) => openStore(table, clock).notices();

describe('a round of the notifier', () => {
  it('tells each channel once, and then is silent', async () => {
    const table = memoryTable();
    const people = receivers();
    await pass(table, [seen('a')], noon);
    const report = await tell(table, noon, [teams, mail], people);
    expect(people.arrivals.map(({ channel: name, said }) => [name, ...said])).toEqual([
      ['teams', `${idOf('a')}:opened`],
      ['mail', `${idOf('a')}:opened`],
    ]);
    expect(report).toMatchObject({ changes: 1, unrouted: 0, nextDueAt: '' });
    await pass(table, [seen('a')], at(5));
    await tell(table, at(5), [teams, mail], people);
    expect(people.arrivals).toHaveLength(2);
    expect(await notices(table)).toEqual([]);
  });

  it('tells the life of an incident: opened, grown, resolved; that it is quiet is no news', async () => {
    const table = memoryTable();
    const people = receivers();
    const life = [
      seen('a'),
      seen('a', { count: 25 }),
      seen('a', { count: 50 }),
      seen('a', { count: 50, silence: 'quiet' }),
      seen('a', { count: 50, silence: 'resolved' }),
    ];
    for (const [step, one] of life.entries()) {
      await pass(table, [one], at(step * 5));
      await tell(table, at(step * 5), [teams], people);
    }
    expect(people.arrivals.map(({ said }) => said[0]?.split(':')[1])).toEqual(['opened', 'grown', 'resolved']);
  });

  it('wakes somebody when it becomes critical without having doubled', async () => {
    const table = memoryTable();
    const people = receivers();
    for (const [step, count] of [700, 900, 1_000, 1_100].entries()) {
      await pass(table, [seen('a', { count })], at(step));
      await tell(table, at(step), [teams], people);
    }
    expect(people.arrivals.map(({ said }) => said[0]?.split(':')[1])).toEqual(['opened', 'grown']);
  });

  it('comes back after a while when it is put off, and later each time', async () => {
    const table = memoryTable();
    const people = receivers(['later', 'later', 'later']);
    await pass(table, [seen('a')], noon);
    const waits: number[] = [];
    let now = noon;
    for (let round = 0; round < 4; round++) {
      const { nextDueAt } = await tell(table, now, [teams], people);
      if (nextDueAt === '') break;
      waits.push((Date.parse(nextDueAt) - Date.parse(now)) / 60_000);
      expect((await tell(table, new Date(Date.parse(nextDueAt) - 1_000).toISOString(), [teams], people)).nextDueAt).toBe(nextDueAt);
      now = nextDueAt;
    }
    expect(waits).toHaveLength(3);
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
    expect(people.arrivals.map(({ attempt }) => attempt)).toEqual([1]);
  });

  it('sends nothing to a channel that has asked for silence, and goes on with the others', async () => {
    const table = memoryTable();
    const fair = receivers();
    const throttled = {
      messenger: (to: typeof teams) =>
        to.name === 'teams'
          ? { ...fair.messenger(to), sendCard: async () => ({ kind: 'later', why: '429', retryAfterSeconds: 600 }) as const }
          : fair.messenger(to),
    };
    await pass(table, [seen('a'), seen('b')], noon);
    const report = await tell(table, noon, [teams, mail], throttled);
    expect(fair.arrivals.map(({ channel: name }) => name)).toEqual(['mail', 'mail']);
    expect(report.nextDueAt).toBe(at(10));
    await tell(table, at(9), [teams, mail], fair);
    expect(fair.arrivals).toHaveLength(2);
    await tell(table, at(10), [teams, mail], fair);
    expect(fair.arrivals).toHaveLength(4);
  });

  it('keeps what is refused to be seen, goes on with the rest, and tries it again when asked', async () => {
    const table = memoryTable();
    const people = receivers(['refused']);
    await pass(table, [seen('a'), seen('b')], noon);
    const report = await tell(table, noon, [teams], people);
    expect(report.channels[0]?.undeliverable).toMatchObject([{ why: '400', changes: 1 }]);
    expect(people.arrivals).toHaveLength(1);
    await tell(table, at(60), [teams], people);
    expect(people.arrivals).toHaveLength(1);
    await tell(table, at(61), [teams], people, { again: true });
    expect(people.arrivals).toHaveLength(2);
  });

  it('gives up after five attempts without an answer: each may be one more copy', async () => {
    const table = memoryTable();
    const people = receivers(Array.from({ length: 9 }, () => 'lost' as const));
    await pass(table, [seen('a')], noon);
    for (let hour = 0; hour < 12; hour++) await tell(table, at(hour * 60), [teams], people);
    expect(people.attempts).toHaveLength(5);
    expect((await deliveries(table))[0]).toMatchObject({ state: 'undeliverable', unanswered: 5 });
  });

  it('sets a message aside that cannot be written, and sends the others', async () => {
    const table = memoryTable();
    const people = receivers();
    await pass(table, [seen('a'), seen('b')], noon);
    let first = true;
    const render = {
      renderCard: () => {
        if (first) {
          first = false;
          throw new Error('too wide');
        }
        return '{"said":[]}';
      },
      renderMail: async () => Promise.reject(new Error('no mail')),
    };
    const report = await tell(table, noon, [teams], people, { render });
    expect(report.channels[0]?.undeliverable[0]?.why).toBe('It could not be written: too wide');
    expect(people.arrivals).toHaveLength(1);
  });

  it('never repeats the words of a messenger that fails: they may hold its address', async () => {
    const table = memoryTable();
    await pass(table, [seen('a')], noon);
    const broken = {
      messenger: () => ({
        sendCard: async () => Promise.reject(new Error('https://SECRET')),
        sendMail: async () => Promise.reject(new Error('')),
      }),
    };
    const report = await tell(table, noon, [teams], broken);
    expect(JSON.stringify([report, await deliveries(table)])).not.toContain('SECRET');
    expect(report.channels[0]?.waiting).toMatchObject([{ unanswered: 1 }]);
  });

  it('shows what waits for a channel that is no longer set, and does not send it', async () => {
    const table = memoryTable();
    const people = receivers(['later']);
    await pass(table, [seen('a')], noon);
    await tell(table, noon, [teams], people);
    const report = await tell(table, at(60), [mail], people);
    expect(report.channels.find(({ channel: name }) => name === 'teams')).toMatchObject({ configured: false, waiting: [{ changes: 1 }] });
    expect(people.arrivals).toEqual([]);
  });

  it('writes and sends nothing in a dry run, and says what it would send', async () => {
    const table = memoryTable();
    const people = receivers();
    await pass(table, [seen('a')], noon);
    const before = table.dump();
    const report = await tell(table, noon, [teams, mail], people, { dryRun: true });
    expect(report.channels.map(({ sent }) => sent.length)).toEqual([1, 1]);
    expect(people.attempts).toEqual([]);
    expect(table.dump()).toEqual(before);
  });

  it('waits for a run that still writes', async () => {
    const table = memoryTable();
    const people = receivers();
    const store = openStore(table, clock);
    await pass(table, [seen('a')], noon);
    const run = await store.beginRun('watch', at(1), 'tenant');
    const lease = await store.lease('watch', 'somebody', 60);
    await store.saveWatch(await store.watchState(), [{ ...(await notices(table))[0]!, id: 'x', revision: 1, runId: run.id }]);
    await tell(table, at(2), [teams], people);
    expect(people.attempts).toEqual([]);
    await lease?.release();
    await tell(table, at(3), [teams], people);
    expect(people.attempts).toHaveLength(1);
  });

  it('forgets after ninety days', async () => {
    const table = memoryTable();
    const people = receivers();
    await pass(table, [seen('a')], noon);
    await tell(table, noon, [teams], people);
    await tell(table, at(89 * 1_440), [teams], people);
    expect(await deliveries(table)).toHaveLength(1);
    await tell(table, at(91 * 1_440), [teams], people);
    expect(await deliveries(table)).toEqual([]);
  });
});

describe('a finding', () => {
  const until = '2026-11-20T14:00:00.000Z';
  it('whose acceptance expired is told, with the reason for it, and with what the audit could not see', async () => {
    const table = memoryTable();
    const store = openStore(table, clock);
    const messages: { readonly message: Message; readonly context: MessageContext }[] = [];
    const render = {
      renderCard: (message: Message, context: MessageContext) => {
        messages.push({ message, context });
        return '{"said":[]}';
      },
      renderMail: async () => Promise.reject(new Error('no mail')),
    };
    const audit = async (now: string) => {
      const run = await store.beginRun('audit', now, 'tenant-1');
      const known = await store.known(run.id);
      const { changes } = reconcile(request({ known, violations: [violation('/a')], now, runId: run.id }));
      await store.apply(run.id, { ...changes, exceptions: [] }, findingNotices(changes, { tagsOf: () => [], first: false }));
      const gap = { slice: 'vaults', scope: '/', state: 'missing', why: 'not readable', permission: 'read' } as const;
      await store.finishRun({ ...run, state: 'finished', finishedAt: now, coverage: [gap, { ...gap, slice: 'hosts', state: 'whole' }] });
      await tell(table, now, [teams], receivers(), { render });
      return changes.findings[0];
    };
    const finding = await audit(noon);
    await acceptFinding(store, { findingId: finding!.id, reason: 'wanted', author: 'ada', until, now: at(10) });
    await audit(at(60));
    expect(messages.map(({ message }) => message.kind)).toEqual(['finding']);
    expect(messages[0]?.context).toMatchObject({ tenantId: 'tenant-1', gaps: [{ slice: 'vaults', state: 'missing' }], attempt: 1 });
    await audit(at(180));
    expect(messages[1]?.message).toMatchObject({ kind: 'digest', because: 'digest', total: 1, byEvent: { 'acceptance-expired': 1 } });
    await audit(at(240));
    expect(messages).toHaveLength(2);
  });
});

const words = (arrivals: readonly Arrival[]): readonly string[] =>
  [...new Set(arrivals.map((one) => `${one.channel} ${one.said.join(' ')}`))].toSorted();

describe('killed at any write', () => {
  const steps = [
    (table: ReturnType<typeof dyingTable>) => pass(table, [seen('a'), seen('b')], noon),
    (table: ReturnType<typeof dyingTable>, people: ReturnType<typeof receivers>) => tell(table, noon, [teams, mail], people),
    (table: ReturnType<typeof dyingTable>) =>
      pass(table, [seen('a', { silence: 'resolved' }), seen('b', { count: 40 }), seen('c')], at(90)),
    (table: ReturnType<typeof dyingTable>, people: ReturnType<typeof receivers>) => tell(table, at(90), [teams, mail], people),
    // What was being sent waits its turn.
    (table: ReturnType<typeof dyingTable>, people: ReturnType<typeof receivers>) => tell(table, at(200), [teams, mail], people),
  ];

  it.each([false, true])('loses nothing, and repeats only what says so (rows of one call backwards: %s)', async (backwards) => {
    const undisturbed = receivers();
    const calm = memoryTable();
    for (const step of steps) await step(calm, undisturbed);
    let deaths = 0;
    for (; ; deaths++) {
      const table = memoryTable();
      const people = receivers();
      const dying = dyingTable(table, deaths, backwards);
      let died = false;
      for (const step of steps) {
        await step(died ? table : dying, people).catch(async (error: unknown) => {
          if (!(error instanceof Died)) throw error;
          died = true;
          await step(table, people);
        });
      }
      expect(words(people.arrivals)).toEqual(words(undisturbed.arrivals));
      const repeated = people.arrivals.filter(
        ({ reference }, index) => people.arrivals.findIndex((one) => one.reference === reference) < index,
      );
      expect(repeated.every(({ attempt }) => attempt > 1)).toBe(true);
      expect(repeated.length).toBeLessThanOrEqual(2);
      expect((await deliveries(table)).every(({ state }) => state === 'sent')).toBe(true);
      if (!died) break;
    }
    expect(deaths).toBeGreaterThan(20);
  });
});

describe('whatever the receivers do', () => {
  interface Step {
    readonly names: readonly string[];
    readonly minutes: number;
    readonly dies: number | undefined;
  }
  const weather = fc.constantFrom<Weather>('delivered', 'delivered', 'later', 'lost', 'arrived', 'refused');
  const step: fc.Arbitrary<Step> = fc.record({
    names: fc.subarray(['a', 'b', 'c', 'd', 'e']),
    minutes: fc.integer({ min: 1, max: 200 }),
    dies: fc.option(fc.nat(12), { nil: undefined }),
  });

  it('nothing is lost, nothing is told twice but what may have arrived, and the cap holds', async () => {
    const small = channel({
      messagesPerHourMax: 2,
      quietHours: { from: '22:00', to: '06:00', timeZone: 'Europe/Berlin', exceptSeverity: 'critical' },
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), fc.array(weather, { maxLength: 30 }), async (steps, given) => {
        const table = memoryTable();
        const people = receivers(given);
        const counts = new Map<string, number>();
        let minute = 0;
        for (const { names, minutes, dies } of steps) {
          minute += minutes;
          for (const name of names) counts.set(name, (counts.get(name) ?? 10) * 2);
          await pass(
            table,
            [...counts].map(([name, count]) => seen(name, { count })),
            at(minute),
          );
          const under = dies === undefined ? table : dyingTable(table, dies);
          await tell(under, at(minute), [small, mail], people).catch((error: unknown) => {
            if (!(error instanceof Died)) throw error;
          });
        }
        const isOpen = async () => (await deliveries(table)).some(({ state }) => state === 'planned' || state === 'sending');
        for (let hours = 1; hours < 3 || (hours < 200 && (await isOpen())); hours++)
          await tell(table, at(minute + hours * 61), [small, mail], people);

        const stored = await deliveries(table);
        expect(stored.filter(({ state }) => state === 'planned' || state === 'sending')).toEqual([]);
        const incidents = (await openStore(table, clock).watchState()).incidents;
        for (const name of [small.name, mail.name]) {
          const told = stored
            .filter((one) => one.channel === name)
            .flatMap(({ lines }) => lines.map(({ subjectId, revision }) => `${subjectId} ${revision}`));
          expect(new Set(told).size).toBe(told.length);
          for (const { id, revision } of incidents.values()) expect(told).toContain(`${id} ${revision}`);
        }
        const sentMs = stored
          .flatMap(({ channel: name, sentAt }) => (name === small.name && sentAt !== undefined ? [Date.parse(sentAt)] : []))
          .toSorted((a, b) => a - b);
        for (const [index, ms] of sentMs.slice(0, -2).entries()) expect(sentMs[index + 2]! - ms).toBeGreaterThanOrEqual(3_600_000);
        for (const { channel: name, id, state, unanswered } of stored) {
          const copies = people.arrivals.filter(({ reference }) => reference === `${name}.${id}`);
          expect(copies.length).toBeGreaterThanOrEqual(state === 'sent' ? 1 : 0);
          expect(copies.length).toBeLessThanOrEqual(unanswered + 1);
          expect(copies.slice(1).every(({ attempt }) => attempt > 1)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});
