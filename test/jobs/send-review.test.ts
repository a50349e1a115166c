import { describe, expect, it } from 'vitest';
import { keepReview, reviewOfMonth } from '../../src/jobs/build-review.ts';
import { isWaiting, sendReview, summaryOfReview, type SendReviewRequest } from '../../src/jobs/send-review.ts';
import type { Mail } from '../../src/messages/index.ts';
import type { Channel } from '../../src/outbox/index.ts';
import type { Delivery, Messenger } from '../../src/ports/index.ts';
import { openStore } from '../../src/store/index.ts';
import { memoryTable } from '../fakes/record-table.ts';

const now = '2026-11-01T06:00:00.000Z';
const mail: Mail = { subject: 's', text: 't', html: 'h', headers: {}, attachments: [] };
const channel = (name: string, over: Partial<Channel> = {}): Channel => ({
  name,
  kind: 'email',
  recipients: ['security@contoso.example'],
  purposes: ['review'],
  filter: {},
  messagesPerHourMax: 20,
  ...over,
});

describe('the monthly review', () => {
  it('goes once to each mail channel that asks for it', async () => {
    const { request, sent } = setUp([
      channel('security'),
      channel('alerts', { purposes: ['alerts'] }),
      channel('teams', { kind: 'teams' }),
    ]);
    expect(summaryOfReview(await sendReview(request()))).toBe('Review of 2026-10: security has it.');
    const again = await sendReview(request());
    expect(summaryOfReview(again)).toContain('security had it since');
    expect(sent).toEqual([['security', 'review..2026-10.security', 1]]);
  });

  it('is tried again under the same reference until it is taken, and says that it may be a repeat', async () => {
    const answers: Delivery[] = [{ kind: 'later', why: 'busy' }, { kind: 'unknown', why: 'no answer' }, { kind: 'delivered' }];
    const { request, sent } = setUp([channel('security')], () => answers.shift()!);
    expect(isWaiting(await sendReview(request()))).toBe(true);
    expect(isWaiting(await sendReview(request()))).toBe(true);
    expect(isWaiting(await sendReview(request()))).toBe(false);
    expect(sent.map(([, , attempt]) => attempt)).toEqual([1, 1, 2]);
    expect(new Set(sent.map(([, reference]) => reference)).size).toBe(1);
  });

  it('that a sender died over is sent again; one that was refused is not, and the summary says why', async () => {
    const { request, store, sent } = setUp([channel('security')]);
    await expect(sendReview({ ...request(), clock: dying() })).rejects.toThrow('died');
    expect((await store.keptReview('2026-10'))?.sent['security']?.state).toBe('sending');
    await sendReview(request());
    expect(sent.map(([, , attempt]) => attempt)).toEqual([1, 2]);
    const refused = setUp([channel('security')], () => ({ kind: 'refused', why: 'no such mailbox' }));
    await sendReview(refused.request());
    expect(summaryOfReview(await sendReview(refused.request()))).toBe('Review of 2026-10: security refused it: no such mailbox.');
    expect(refused.sent).toHaveLength(1);
  });

  it('keeps its figures from the first time on, for the next one to compare with', async () => {
    const { request, store } = setUp([]);
    const october = await reviewOfMonth(request());
    await keepReview(store, october);
    await keepReview(store, { ...october, generatedAt: '2026-12-01T06:00:00.000Z' });
    expect((await store.keptReview('2026-10'))?.generatedAt).toBe(now);
    const november = await reviewOfMonth({ ...request(), month: '2026-11', now: '2026-12-01T06:00:00.000Z' });
    expect(november.since.month).toBe('2026-10');
    await keepReview(store, await reviewOfMonth({ ...request(), month: '2026-11', now: '2026-11-20T06:00:00.000Z' }));
    expect(await store.keptReview('2026-11')).toBeUndefined();
  });

  it('refuses a month that is none, or has not begun', async () => {
    const { request } = setUp([]);
    for (const month of ['2026-13', '2026-12', 'October'])
      await expect(reviewOfMonth({ ...request(), month })).rejects.toThrow(/not a month that has begun/);
  });
});

describe('the store of a review', () => {
  it('gives the runs of a month and no others, newest first', async () => {
    const { store } = setUp([]);
    for (const at of [
      '2026-09-30T23:59:59.000Z',
      '2026-10-01T00:00:00.000Z',
      '2026-10-15T12:00:00.000Z',
      '2026-10-31T23:59:59.000Z',
      '2026-11-01T00:00:01.000Z',
    ]) {
      const run = await store.beginRun('audit', at, '6babcaad');
      await store.finishRun({ ...run, state: 'finished', finishedAt: at });
    }
    const seen: string[] = [];
    for await (const { startedAt } of store.runsWithin('2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'))
      seen.push(startedAt.slice(0, 10));
    expect(seen).toEqual(['2026-10-31', '2026-10-15', '2026-10-01']);
  });
});

function setUp(channels: readonly Channel[], answer: () => Delivery = () => ({ kind: 'delivered' })) {
  const store = openStore(memoryTable(), { nowMs: () => Date.parse(now), isGone: () => false });
  const sent: [channel: string, reference: string, attempt: number][] = [];
  let attempt = 0;
  const messenger = ({ name }: Channel): Messenger => ({
    sendCard: () => Promise.reject(new Error('the review is no card')),
    async sendMail(_mail, _recipients, reference) {
      sent.push([name, reference, attempt]);
      return answer();
    },
  });
  const request = (): SendReviewRequest => ({
    store,
    month: '2026-10',
    now,
    rules: [],
    channels,
    messenger,
    renderReviewMail: async (review, context) => {
      expect(context.reference).toContain(review.month);
      attempt = context.attempt;
      return mail;
    },
    portalUrl: 'https://portal.azure.com',
    clock: () => now,
    holder: 'test',
    progress: () => {},
  });
  return { request, store, sent };
}

/** The clock is asked once before a mail and once after it. */
function dying(): () => string {
  let asked = 0;
  return () => {
    if (++asked === 2) throw new Error('the process died');
    return now;
  };
}
