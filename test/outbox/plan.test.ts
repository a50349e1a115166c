import { describe, expect, it } from 'vitest';
import { begun, plan, settled, type Channel, type Notice, type StoredDelivery } from '../../src/outbox/index.ts';
import { at, channel, finding, incident, noon, said } from './build.ts';

/** The store in small: what a plan says is done to it. */
function outbox(...channels: Channel[]) {
  let deliveries: readonly StoredDelivery[] = [];
  const put = (given: readonly StoredDelivery[]): void => {
    const same = (a: StoredDelivery) => given.some((b) => a.id === b.id && a.channel === b.channel);
    deliveries = [...deliveries.filter((one) => !same(one)), ...given];
  };
  const box = {
    tell(notices: readonly Notice[], now = noon) {
      const made = plan({ notices, channels, deliveries, now });
      put(made.puts);
      deliveries = deliveries.filter(({ channel: name, id }) => !made.removed.some((gone) => gone.channel === name && gone.id === id));
      return made;
    },
    /** Sends what is due. */
    send(now: string, outcome: Parameters<typeof settled>[1] = { kind: 'delivered' }) {
      const due = deliveries.filter(({ state, dueAt }) => state === 'planned' && Date.parse(dueAt) <= Date.parse(now));
      put(due.map((one) => settled(begun(one, now), outcome, now)));
      return due.map(said).toSorted();
    },
    waiting: () =>
      deliveries
        .filter(({ state }) => state === 'planned')
        .map(said)
        .toSorted(),
    all: () => deliveries,
  };
  return box;
}

describe('what is told alone, and what together', () => {
  it('tells an incident and a grave new finding alone, everything else in one digest', () => {
    const box = outbox(channel());
    box.tell([
      incident('i', 'opened', { severity: 'medium' }),
      finding('grave'),
      finding('mild', 'opened', { severity: 'medium' }),
      finding('gone', 'resolved'),
      finding('lapsed', 'acceptance-expired'),
    ]);
    expect(box.waiting()).toEqual(['alert grave:opened', 'alert i:opened', 'digest gone:resolved lapsed:acceptance-expired mild:opened']);
  });

  it.each<[string, Channel['purposes'], readonly string[]]>([
    ['both', ['alerts', 'digest'], ['alert i:opened', 'digest mild:opened']],
    ['alerts', ['alerts'], ['alert i:opened']],
    ['digest', ['digest'], ['digest i:opened mild:opened']],
    ['review', ['review'], []],
  ])('gives a channel for %s each change at most once', (_, purposes, expected) => {
    const box = outbox(channel({ purposes }));
    box.tell([incident('i'), finding('mild', 'opened', { severity: 'low' })]);
    expect(box.waiting()).toEqual(expected);
    expect(box.tell([incident('i'), finding('mild', 'opened', { severity: 'low' })]).puts).toEqual([]);
  });

  it('tells what the first audit found together, even where only alerts go', () => {
    const box = outbox(channel(), channel({ name: 'pager', purposes: ['alerts'] }));
    box.tell([finding('a', 'opened', { old: true }), finding('b', 'opened', { old: true, severity: 'low' })]);
    expect(box.waiting()).toEqual(['digest a:opened', 'digest a:opened b:opened']);
  });

  it('alerts of a severity that became high, and not of one that dropped to it', () => {
    const box = outbox(channel());
    box.tell([finding('up', 'severity-changed', { was: 'low' }), finding('down', 'severity-changed', { was: 'critical' })]);
    expect(box.waiting()).toEqual(['alert up:severity-changed', 'digest down:severity-changed']);
  });

  it('makes one message of what waits about one subject', () => {
    const box = outbox(channel());
    box.tell([incident('i'), incident('i', 'grown', { revision: 2 })]);
    expect(box.waiting()).toEqual(['alert i:grown']);
    box.tell([incident('i', 'resolved', { revision: 3 })]);
    expect(box.waiting()).toEqual(['alert i:resolved']);
    expect(box.all()).toHaveLength(1);
  });

  it('changes nothing in a message that may have arrived: what came after is another one', () => {
    const box = outbox(channel());
    box.tell([incident('i')]);
    box.send(noon, { kind: 'unknown', why: 'no answer' });
    box.tell([incident('i', 'resolved', { revision: 2 })], at(1));
    expect(box.waiting()).toEqual(['alert i:opened', 'alert i:resolved']);
  });

  it('tells late what nobody could be told in time, and not as an alarm', () => {
    const box = outbox(channel({ purposes: ['alerts'] }));
    box.tell([incident('old'), incident('older', 'resolved'), incident('new', 'opened', { at: at(25 * 60) })], at(25 * 60));
    expect(box.waiting()).toEqual(['alert new:opened', 'digest old:opened older:resolved']);
  });

  it('says how many changes nobody wants', () => {
    const box = outbox(channel({ filter: { severity: 'high' } }));
    expect(box.tell([finding('a', 'opened', { severity: 'low' }), finding('b')]).unrouted).toBe(1);
  });

  it('tells nobody of a silent one, and is done with it', () => {
    const box = outbox(channel());
    const made = box.tell([finding('a', 'opened', { silent: true })]);
    expect([made.puts.length, made.unrouted, made.done.length]).toEqual([0, 0, 1]);
  });
});

describe('filters', () => {
  const prod = { scopes: ['/subscriptions/AAAA/resourceGroups/Shop/providers/x/y/z'], tags: { environment: 'production' } };
  it.each<[string, Channel['filter'], Partial<Notice>, boolean]>([
    ['severe enough', { severity: 'high' }, { severity: 'critical' }, true],
    ['not severe enough', { severity: 'high' }, { severity: 'medium' }, false],
    ['severe before it dropped', { severity: 'high' }, { severity: 'low', was: 'high', event: 'severity-changed' }, true],
    ['the topic', { topics: ['role-removed'] }, {}, true],
    ['another topic', { topics: ['wrong-audience'] }, {}, false],
    ['an empty list, which restricts nothing', { topics: [], tags: [] }, {}, true],
    ['the subscription, in any case', { subscriptions: ['aaaa'] }, prod, true],
    ['another subscription whose id begins alike', { subscriptions: ['aaa'] }, prod, false],
    ['the resource group', { resourceGroups: ['shop'] }, prod, true],
    ['the resource group of that subscription', { resourceGroups: ['aaaa/SHOP'] }, prod, true],
    ['the resource group of another one', { resourceGroups: ['bbbb/shop'] }, prod, false],
    ['a tag with its value', { tags: ['Environment=production'] }, prod, true],
    ['a tag with another value', { tags: ['environment=Production'] }, prod, false],
    ['a tag by name', { tags: ['owner', 'environment'] }, prod, true],
    ['a tag nobody carries', { tags: ['toString'] }, prod, false],
    ['all that are given', { severity: 'high', tags: ['environment'], subscriptions: ['bbbb'] }, prod, false],
  ])('match %s', (_, filter, part, expected) => {
    const box = outbox(channel({ filter }));
    box.tell([incident('i', part.event ?? 'opened', part)]);
    expect(box.all().length > 0).toBe(expected);
  });

  it('let those who heard of it hear of its end, though the tag is gone with it', () => {
    const box = outbox(channel({ filter: { tags: ['environment'] } }));
    box.tell([incident('i', 'opened', prod)]);
    box.send(noon);
    box.tell([incident('i', 'resolved', { revision: 2 }), incident('other', 'resolved', { revision: 2 })], at(1));
    expect(box.waiting()).toEqual(['alert i:resolved']);
  });
});

describe('quiet hours', () => {
  const night = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin', exceptSeverity: 'critical' } as const;
  const eleven = '2026-11-20T22:00:00.000Z'; // 23:00 in Berlin
  const seven = '2026-11-21T06:00:00.000Z';

  it('hold what can wait until their end, in one digest', () => {
    const box = outbox(channel({ quietHours: night }));
    box.tell([incident('a'), finding('f', 'resolved')], eleven);
    box.tell([incident('b'), incident('a', 'resolved', { revision: 2 })], at(120, eleven));
    expect(box.send(at(121, eleven))).toEqual([]);
    box.tell([], seven);
    expect(box.send(seven)).toEqual(['quiet-hours a:resolved b:opened f:resolved']);
  });

  it('let through what is grave enough, also when it was held before', () => {
    const box = outbox(channel({ quietHours: night }));
    box.tell([incident('a'), incident('b')], eleven);
    box.tell([incident('a', 'grown', { revision: 2, severity: 'critical' })], at(10, eleven));
    expect(box.send(at(10, eleven))).toEqual(['alert a:grown']);
    expect(box.waiting()).toEqual(['quiet-hours b:opened']);
  });

  it('hold what a receiver put off into the night', () => {
    const box = outbox(channel({ quietHours: night }));
    const before = '2026-11-20T20:59:00.000Z';
    box.tell([incident('a')], before);
    box.send(before, { kind: 'later', why: 'busy' });
    box.tell([], eleven);
    expect(box.waiting()).toEqual(['quiet-hours a:opened']);
    expect(box.all()).toHaveLength(1);
  });
});

describe('the cap', () => {
  const many = (count: number, from = 0) => Array.from({ length: count }, (_, n) => incident(`i${from + n}`));

  it('sends the worst alone and gathers the rest in the last message of the hour', () => {
    const box = outbox(channel({ messagesPerHourMax: 3 }));
    box.tell([...many(9), incident('worst', 'opened', { severity: 'critical' })]);
    const sent = box.send(noon);
    expect(sent).toHaveLength(3);
    expect(sent).toContain('alert worst:opened');
    expect(box.all().find(({ because }) => because === 'rate-cap')?.lines).toHaveLength(8);
  });

  it('lets what comes later wait for a place, together', () => {
    const box = outbox(channel({ messagesPerHourMax: 3 }));
    box.tell(many(9));
    box.send(noon);
    for (const minute of [5, 10, 30]) {
      box.tell(many(2, minute * 10), at(minute));
      expect(box.send(at(minute))).toEqual([]);
    }
    box.tell([], at(60));
    const [digest, ...others] = box.send(at(60));
    expect([digest?.split(' ').length, others]).toEqual([7, []]);
  });

  it('takes exactly as many as there are places, without a digest', () => {
    const box = outbox(channel({ messagesPerHourMax: 3 }));
    box.tell(many(3));
    expect(box.send(noon)).toEqual(['alert i0:opened', 'alert i1:opened', 'alert i2:opened']);
  });

  it('holds with one message an hour, whatever comes and whatever the receiver says', () => {
    const box = outbox(channel({ messagesPerHourMax: 1 }));
    const sent: string[] = [];
    for (let minute = 0; minute < 600; minute += 7) {
      box.tell(minute < 300 ? many(3, minute * 10) : [], at(minute));
      sent.push(
        ...box.send(at(minute), minute % 3 === 0 ? { kind: 'later', why: 'busy' } : { kind: 'delivered' }).filter(() => minute % 3 !== 0),
      );
    }
    expect(sent.length).toBeLessThanOrEqual(10);
    expect(sent.flatMap((line) => line.split(' ').slice(1)).length).toBe(43 * 3);
    expect(box.waiting()).toEqual([]);
  });

  it('holds for each channel alone', () => {
    const box = outbox(channel({ messagesPerHourMax: 1 }), channel({ name: 'mail', kind: 'email' }));
    box.tell(many(4));
    expect(box.send(noon)).toHaveLength(5);
  });
});

describe('a plan that was cut off', () => {
  it.each([0, 1, 2, 3])('after %i of its writes tells everybody everything once', (writes) => {
    const channels = [channel(), channel({ name: 'mail', purposes: ['digest'] })];
    const notices = [incident('a'), incident('b'), finding('f', 'resolved')];
    const made = plan({ notices, channels, deliveries: [], now: noon });
    const cut = made.puts.slice(0, writes);
    const again = plan({ notices, channels, deliveries: cut, now: at(1) });
    const all = new Map([...cut, ...again.puts].map((one) => [`${one.channel} ${one.id}`, one]));
    const lines = [...all.values()].flatMap((one) => one.lines.map(({ subjectId }) => `${one.channel} ${subjectId}`));
    expect(lines.length).toBe(6);
    expect(new Set(lines).size).toBe(6);
  });

  it('between the digest that gathers and the alerts that go into it leaves nothing twice', () => {
    const night = channel({ quietHours: { from: '22:00', to: '07:00', timeZone: 'UTC', exceptSeverity: 'critical' } });
    const evening = '2026-11-20T21:59:00.000Z';
    const night1 = '2026-11-20T22:10:00.000Z';
    const first = plan({ notices: [incident('a'), incident('b')], channels: [night], deliveries: [], now: evening });
    const second = plan({ notices: [], channels: [night], deliveries: first.puts, now: night1 });
    expect([second.puts.map(said), second.removed.length]).toEqual([['quiet-hours a:opened b:opened'], 2]);
    const third = plan({ notices: [], channels: [night], deliveries: [...first.puts, ...second.puts], now: at(1, night1) });
    const after = [...first.puts, ...second.puts]
      .map((one) => third.puts.find(({ id }) => id === one.id) ?? one)
      .filter(({ id }) => !third.removed.some((gone) => gone.id === id));
    expect(after.map(said)).toEqual(['quiet-hours a:opened b:opened']);
  });
});
