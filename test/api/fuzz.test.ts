import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { noCalls } from '../../src/findings/index.ts';
import { routes } from '../../src/api/index.ts';
import { estate, guid } from '../build/estate.ts';
import { api, person, signed } from './api.ts';
import { principalIdOf, secretOf, subscriptions } from './tenant.ts';

/** FUZZ_RUNS=20000 npx vitest run test/api/fuzz.test.ts */
const runs = Number(process.env['FUZZ_RUNS'] ?? 1_500);
const [alpha, beta, gamma] = subscriptions as [string, string, string];
const group = guid('group alpha');

const nasty = fc.constantFrom(
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' or 1 eq 1 or PartitionKey ne '",
  "x') or true or startswith(RowKey,'",
  '../../etc/passwd',
  '..%2f..%2f',
  '%00',
  '\u0000',
  '\u202Egnp',
  '\uD800',
  '${7*7}{{7*7}}',
  '=cmd|/c calc!A1',
  '\r\nSet-Cookie: a=b',
  '__proto__',
  'constructor',
  '9'.repeat(400),
  '-1',
  '1e309',
  'NaN',
  '*',
  '/',
  '//',
  `/subscriptions/${beta}`,
  beta,
  principalIdOf(beta),
  'null',
  '[]',
);
const word = fc.oneof({ weight: 3, arbitrary: nasty }, fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 20 }));
const known = fc.constantFrom(
  'status',
  'severity',
  'rule',
  'principal',
  'scope',
  'subscription',
  'resourceGroup',
  'tag',
  'since',
  'until',
  'q',
  'sort',
  'limit',
  'cursor',
  'search',
  'active',
  'job',
  'from',
  'to',
  'cause',
  'section',
);
const sound = fc.constantFrom(
  'open',
  'new,open',
  'critical',
  'orphaned-assignment',
  '/',
  `/subscriptions/${alpha}`,
  alpha,
  '2026-11-19',
  '5',
  '200',
  'severity',
  'changed',
  'name',
  'rg-1',
  'only-in',
  'true',
);
const query = fc.oneof(
  fc.constant<[string, string][]>([]),
  fc.array(fc.tuple(fc.constantFrom('limit', 'sort', 'q', 'severity', 'search'), sound), { maxLength: 2 }),
  fc.array(fc.tuple(fc.oneof({ weight: 5, arbitrary: known }, word), fc.oneof(word, sound)), { maxLength: 4 }),
);
const cursorLike = fc.oneof(
  word,
  fc.base64String({ maxLength: 200 }),
  fc.json().map((text) => Buffer.from(text).toString('base64url')),
  fc.tuple(fc.nat(3), word).map(([version, text]) => Buffer.from(`${version}:${text}`).toString('base64url')),
);
/** Stand for the ids of a finding that the caller may see, and of one that they may not. */
const [own, foreign] = ['OWN-FINDING', 'FOREIGN-FINDING'] as const;
const part = fc.oneof(
  word,
  fc.constantFrom(
    principalIdOf(alpha),
    principalIdOf(beta),
    own,
    foreign,
    'incident-0000000000000000',
    'incident-1111111111111111',
    'orphaned-assignment',
    'missing-role',
    '2026-11',
  ),
);
const path = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom(...routes.map((route) => route.path)), part)
      .map(([template, id]) => template.replace(/\{\w+\}/g, () => encoded(id))),
  },
  { weight: 1, arbitrary: fc.array(part, { maxLength: 5 }).map((parts) => `/api/${parts.map(encoded).join('/')}`) },
  { weight: 1, arbitrary: word.map((text) => `/${encoded(text)}`) },
);
const body = fc.option(
  fc.oneof(
    fc.json(),
    word,
    fc.record({ reason: word, until: fc.oneof(word, fc.constant('2027-01-31')) }).map((value) => JSON.stringify(value)),
    fc
      .record({
        findingIds: fc.array(fc.oneof(word, fc.constantFrom(own, foreign)), { maxLength: 5 }),
        reason: word,
        until: fc.constant('2027-01-31'),
      })
      .map((value) => JSON.stringify(value)),
    fc
      .record({
        principal: word,
        action: fc.constantFrom('Microsoft.Storage/storageAccounts/read', '*', 'x'),
        on: fc.constantFrom(`/subscriptions/${alpha}`, `/subscriptions/${beta}`, '/'),
      })
      .map((value) => JSON.stringify(value)),
  ),
);
const wild = fc.record({
  method: fc.constantFrom('GET', 'GET', 'GET', 'GET', 'HEAD', 'POST', 'POST', 'DELETE', 'OPTIONS', 'PUT', 'PATCH'),
  path,
  query,
  cursor: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: cursorLike }),
  body,
  who: fc.constantFrom('reader', 'reader', 'manager', 'runner', 'nobody', 'anonymous', 'garbage'),
  accept: fc.constantFrom('application/json', 'application/json', 'text/csv', 'text/markdown', 'text/html', '*/*', ';;q=', 'image/png'),
  contentType: fc.constantFrom('application/json', 'application/json', 'text/plain', 'application/json; charset=utf-16'),
});

/** Close to what is right, so that it gets through: one hostile thing at most. */
const gets = routes.filter(({ method }) => method === 'GET').map((route) => route.path);
const close = fc.record({
  method: fc.constantFrom('GET', 'HEAD'),
  path: fc
    .tuple(fc.constantFrom(...gets), fc.constantFrom<string>(own, principalIdOf(alpha), 'orphaned-assignment', 'missing-role'))
    .map(([template, id]) => template.replace(/\{\w+\}/g, id)),
  query: fc.oneof(
    fc.constant<[string, string][]>([]),
    fc
      .tuple(fc.constantFrom('q', 'principal', 'tag', 'resourceGroup', 'rule', 'search', 'cause'), fc.oneof(word, sound))
      .map((one) => [one]),
  ),
  cursor: fc.constant(null),
  body: fc.constant(null),
  who: fc.constantFrom('reader', 'manager'),
  accept: fc.constantFrom('*/*', 'text/csv, */*;q=0.1', 'application/json'),
  contentType: fc.constant('application/json'),
});
const write = fc.record({
  method: fc.constantFrom('POST', 'POST', 'DELETE'),
  path: fc.constantFrom(
    `/api/findings/${own}/exception`,
    `/api/findings/${foreign}/exception`,
    '/api/exceptions',
    '/api/access',
    '/api/audits',
  ),
  query: fc.constant<[string, string][]>([]),
  cursor: fc.constant(null),
  body,
  who: fc.constantFrom('manager', 'manager', 'runner', 'reader'),
  accept: fc.constantFrom('*/*', 'application/json'),
  contentType: fc.constantFrom('application/json', 'application/json', 'application/json', 'text/plain'),
});
const request = fc.oneof({ weight: 3, arbitrary: wild }, { weight: 2, arbitrary: close }, { weight: 2, arbitrary: write });

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

it(`answers ${runs} hostile requests without failing, without markup, and without a row that the caller may not see`, async () => {
  const asked = await api(
    { source: () => ({ collect: async () => ({ estate: estate(), calls: noCalls }) }) },
    { subscriptionsByGroup: { [group]: [alpha] } },
  );
  const tokens: Readonly<Record<string, string | undefined>> = {
    reader: await signed(person({ groups: [group] })),
    manager: await signed(person({ groups: [group], roles: ['Findings.Manage'] })),
    runner: await signed(person({ groups: [group], roles: ['Audit.Run'] })),
    nobody: await signed(person({ roles: [] })),
    garbage: 'a.b.c',
  };
  const ids: Record<string, string> = {};
  for await (const { id, scope } of asked.store.findings({})) ids[scope.startsWith(`/subscriptions/${alpha}`) ? own : foreign] = id;
  const named = (text: string): string => text.replaceAll(own, ids[own]!).replaceAll(foreign, ids[foreign]!);
  const seen = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(request, async (given) => {
      const search = [
        ...(given.query as readonly (readonly [string, string])[]).map(([name, value]) => `${encoded(name)}=${encoded(value)}`),
        ...(given.cursor === null ? [] : [`cursor=${encoded(given.cursor)}`]),
      ];
      const token = tokens[given.who];
      const response = await asked.raw(`${named(given.path)}${search.length === 0 ? '' : `?${search.join('&')}`}`, {
        method: given.method,
        headers: {
          accept: given.accept,
          'content-type': given.contentType,
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(given.body !== null && given.method !== 'GET' && given.method !== 'HEAD' && { body: named(given.body) }),
      });
      const text = await response.text();
      seen.set(response.status, (seen.get(response.status) ?? 0) + 1);
      expect(response.status).toBeLessThan(500);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.has('set-cookie')).toBe(false);
      for (const hidden of [secretOf(beta), secretOf(gamma), 'above-all']) expect(text).not.toContain(hidden);
      const isFile = (response.headers.get('content-type') ?? '').startsWith('text/csv');
      expect(isFile ? '' : text).not.toMatch(/(?<!\\)<(script|img)/i);
      const isProblem = response.status >= 400 && given.method !== 'HEAD' && given.path.startsWith('/api/');
      expect(isProblem ? JSON.parse(text) : { status: response.status }).toMatchObject({ status: response.status });
    }),
    { numRuns: runs, ...(process.env['FUZZ_SEED'] !== undefined && { seed: Number(process.env['FUZZ_SEED']) }) },
  );
  expect(asked.logs).toEqual([]);
  // It got through to something, and not only to refusals.
  expect([...seen.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 403, 404, 405, 406, 409, 415]));
  expect(seen.get(200)).toBeGreaterThan(runs / 20);
  if (process.env['FUZZ_RUNS'] !== undefined) console.log(Object.fromEntries([...seen].toSorted()));
}, 600_000);
