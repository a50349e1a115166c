import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { smtp } from '../../src/channels/smtp.ts';
import { teamsWebhook } from '../../src/channels/teams-webhook.ts';
import type { Delivery } from '../../src/ports/index.ts';
import { serve } from '../sandbox/small-world.ts';
import { card, mail, people } from './receivers.ts';

interface Trouble {
  readonly card: object;
  readonly mail: object;
}

const timeoutSeconds = 0.4;
const troubles = {
  throttled: { card: { status: 429, retryAfterSeconds: 0 }, mail: { status: 421 } },
  down: { card: { status: 503 }, mail: { status: 451 } },
  broken: { card: { dropConnection: true }, mail: { dropConnection: true } },
  silent: { card: { delayMs: 600, status: 500 }, mail: { delayMs: 600, status: 451 } },
  'silent and then takes it': { card: { delayMs: 600 }, mail: { delayMs: 600 } },
  'takes it and dies': {
    card: { dropConnection: true, afterwards: true },
    mail: { dropConnection: true, afterwards: true },
  },
} as const satisfies Record<string, Trouble>;

/** As the outbox does it, without its waiting: try until it is taken, under one reference. */
async function untilTaken(attempt: () => Promise<Delivery>): Promise<readonly Delivery['kind'][]> {
  const kinds: Delivery['kind'][] = [];
  while (kinds.at(-1) !== 'delivered' && kinds.length < 20) kinds.push((await attempt()).kind);
  return kinds;
}

describe('in whatever order receivers fail', () => {
  test('nothing is lost, and only what nobody answered for comes again, under the same reference', async () => {
    const names = fc.constantFrom(...(Object.keys(troubles) as (keyof typeof troubles)[]));
    await fc.assert(
      fc.asyncProperty(fc.array(names, { maxLength: 4 }), async (order) => {
        const faults = order.flatMap((name) => [
          { match: 'POST /powerautomate', times: 1, ...troubles[name].card },
          { match: 'DATA /', times: 1, ...troubles[name].mail },
        ]);
        await using serving = await serve({ settings: { faults } });
        const { environment } = serving.sandbox;
        const ca = readFileSync(environment['CLOUD_CA_FILE'] ?? '', 'utf8');
        const sendCard = teamsWebhook({ url: environment['TEAMS_WEBHOOK_URL'] ?? '', ca, timeoutSeconds });
        const sendMail = smtp({ url: environment['SMTP_URL'] ?? '', from: 'mi-audit@contoso.example', ca, timeoutSeconds });
        const [cards, mails] = await Promise.all([
          untilTaken(() => sendCard(card(), 'delivery-1')),
          untilTaken(() => sendMail(mail(), people, 'delivery-1')),
        ]);
        // The late one is taken when its sender has long gone on.
        if (order.includes('silent and then takes it')) await new Promise((resolve) => setTimeout(resolve, 700));
        const { posts, mails: received } = await serving.sandbox.received();
        for (const [kinds, references] of [
          [cards, posts.map(({ reference }) => reference)],
          [mails, received.map(({ messageId }) => messageId.slice(1, -'@contoso.example>'.length))],
        ] as const) {
          expect(kinds.at(-1)).toBe('delivered');
          expect(kinds).not.toContain('refused');
          // A busy machine may add a time-out of its own: each one is an `unknown` that accounts for one more at most.
          expect(references.length).toBeGreaterThanOrEqual(1);
          expect(references.length).toBeLessThanOrEqual(1 + kinds.filter((kind) => kind === 'unknown').length);
          expect(new Set(references)).toEqual(new Set(['delivery-1']));
        }
        const dead = order.filter((name) => name === 'takes it and dies').length;
        expect(posts.length).toBeGreaterThan(dead);
        expect(received.length).toBeGreaterThan(dead);
      }),
      { numRuns: 12 },
    );
  });
});
