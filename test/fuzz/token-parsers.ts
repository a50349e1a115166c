import * as fc from 'fast-check';
import { expect } from 'vitest';
import { isFromProxy, tokenIn, wordsOf } from '../../src/jobs/doctor/identity-answer.ts';
import { judgeToken, readToken } from '../../src/jobs/judge-token.ts';
import { clientsOver, tokenOf, wire } from '../azure/wire.ts';
import { anything, damaged, damagedText } from './foreign.ts';
import { always, now, guid, type Fuzzed } from './fuzzed.ts';

/** What identity endpoints answer. */
export const tokenParsers: readonly Fuzzed[] = [
  {
    input: 'access tokens, as an identity endpoint gives them',
    files: ['azure/caller.ts', 'jobs/judge-token.ts'],
    async fuzz() {
      const claims = {
        aud: 'https://vault.azure.net',
        iss: 'https://sts.windows.net/x',
        tid: guid,
        oid: guid,
        appid: guid,
        exp: 4_000_000_000,
      };
      const token = fc.oneof(
        damaged(claims).map((given) => tokenOf(given as Record<string, unknown>)),
        damagedText(tokenOf(claims)),
        anything.map((given) => JSON.stringify({ access_token: given, accessToken: given })),
        fc.string(),
      );
      await always(token, (given) => {
        const read = readToken(given);
        if (read !== undefined) judgeToken(read, { now, resource: claims.aud, principal: guid, tenant: guid });
      });
      await always(token, async (given) => {
        const credential = { getToken: async () => ({ token: given, expiresOnTimestamp: 4_000_000_000_000 }) };
        await clientsOver(wire(() => ({})).httpClient, { credential }).caller();
      });
    },
  },
  {
    input: 'answers of the identity endpoint',
    files: ['jobs/doctor/identity-answer.ts'],
    fuzz: () =>
      always(
        fc.tuple(
          fc.nat({ max: 599 }),
          fc.oneof(
            anything.map((given) => JSON.stringify(given)),
            damaged({ error: { code: 'x', message: 'y' } }).map((given) => JSON.stringify(given)),
            damagedText('<?xml version="1.0"?><Error><Code>x</Code></Error>'),
            fc.string(),
          ),
        ),
        ([status, body]) => {
          const answer = { status, body, headers: {} } as Parameters<typeof wordsOf>[0];
          expect(typeof wordsOf(answer)).toBe('string');
          expect(typeof (tokenIn(answer) ?? '')).toBe('string');
          expect(typeof isFromProxy(answer)).toBe('boolean');
        },
      ),
  },
];
