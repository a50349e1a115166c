import { Ajv2020 } from 'ajv/dist/2020.js';
import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { limiter, routes } from '../../src/api/index.ts';
import { api, application, person, send, type Asked } from './api.ts';
import { principalIdOf, subscriptions } from './tenant.ts';

const manager = person({ roles: ['Findings.Manage', 'Audit.Run'] });
let asked: Awaited<ReturnType<typeof api>>;
// oxlint-disable-next-line typescript/no-explicit-any -- a document is looked into as it comes
let document: any;

beforeAll(async () => {
  asked = await api();
  document = (await asked.ask('/api/openapi.json', null)).body;
});

/** What the document says of an answer, with nothing beyond it allowed. */
function problemsOf(answer: Asked, path: string, method = 'get'): unknown {
  const response = document.paths[path][method].responses[answer.status] ?? document.paths[path][method].responses.default;
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const schema = response.content?.[type]?.schema;
  if (schema === undefined) return `${path} does not say that it answers ${answer.status} as ${type}`;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema(closed({ $id: 'document', components: document.components }));
  return ajv.validate(JSON.parse(JSON.stringify(schema).replaceAll('#/components', 'document#/components')), answer.body) ? [] : ajv.errors;
}

/** The document allows fields to be added; ours may send none that it does not name. */
function closed(value: unknown): object {
  const text = JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' &&
    part !== null &&
    'type' in part &&
    part.type === 'object' &&
    'properties' in part &&
    !('additionalProperties' in part)
      ? { ...part, additionalProperties: false }
      : part,
  );
  return JSON.parse(text) as object;
}

const firstFinding = async (): Promise<string> => (await asked.ask('/api/findings?limit=1')).body.items[0].id;

describe('the OpenAPI document', () => {
  it('is one, by an independent validator', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toMatchObject({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('names every route, once', () => {
    const named = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(named.toSorted()).toEqual([...routes.map(({ method, path }) => `${method} ${path}`), 'GET /api/openapi.json'].toSorted());
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods as Record<string, { operationId: string }>).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([
    ['/api/config', '/api/config'],
    ['/api/health', '/api/health'],
    ['/api/me', '/api/me'],
    ['/api/summary', '/api/summary'],
    ['/api/subscriptions', '/api/subscriptions'],
    ['/api/findings', '/api/findings'],
    ['/api/findings?status=resolved', '/api/findings'],
    ['/api/findings?cursor=made-up', '/api/findings'],
    ['/api/findings?colour=red', '/api/findings'],
    ['/api/findings/nothing', '/api/findings/{id}'],
    ['/api/exceptions', '/api/exceptions'],
    ['/api/incidents', '/api/incidents'],
    ['/api/incidents/incident-1111111111111111', '/api/incidents/{id}'],
    ['/api/identities', '/api/identities'],
    [`/api/identities/${principalIdOf(subscriptions[0]!)}`, '/api/identities/{principalId}'],
    [`/api/identities/${principalIdOf(subscriptions[0]!)}/assignments`, '/api/identities/{principalId}/assignments'],
    ['/api/runs', '/api/runs'],
    ['/api/trend', '/api/trend'],
    ['/api/reviews', '/api/reviews'],
    ['/api/reviews/2026-11', '/api/reviews/{month}'],
    ['/api/rules', '/api/rules'],
    ['/api/rules/orphaned-assignment', '/api/rules/{id}'],
    ['/api/causes', '/api/causes'],
    ['/api/causes/missing-role', '/api/causes/{id}'],
  ])('says what %s answers', async (path, described) => {
    const answer = await asked.ask(path);
    expect(answer.body).toBeDefined();
    expect(problemsOf(answer, described)).toEqual([]);
  });

  it('says what one finding, one run and every write answer', async () => {
    const id = await firstFinding();
    expect(problemsOf(await asked.ask(`/api/findings/${id}`), '/api/findings/{id}')).toEqual([]);
    const run = (await asked.ask('/api/runs')).body.items[0].id;
    expect(problemsOf(await asked.ask(`/api/runs/${run}`), '/api/runs/{id}')).toEqual([]);
    const acceptance = { reason: 'known', until: '2027-01-31' };
    expect(
      problemsOf(await asked.ask(`/api/findings/${id}/exception`, manager, send(acceptance)), '/api/findings/{id}/exception', 'post'),
    ).toEqual([]);
    expect(problemsOf(await asked.ask(`/api/findings/${id}`), '/api/findings/{id}')).toEqual([]);
    expect(problemsOf(await asked.ask('/api/exceptions'), '/api/exceptions')).toEqual([]);
    expect(
      problemsOf(await asked.ask(`/api/findings/${id}/exception`, manager, { method: 'DELETE' }), '/api/findings/{id}/exception', 'delete'),
    ).toEqual([]);
    expect(
      problemsOf(
        await asked.ask('/api/exceptions', manager, send({ findingIds: [id, 'nothing'], ...acceptance })),
        '/api/exceptions',
        'post',
      ),
    ).toEqual([]);
    const audit = await asked.ask('/api/audits', manager, { method: 'POST' });
    expect(audit.status).toBe(202);
    expect(problemsOf(audit, '/api/audits', 'post')).toEqual([]);
  });
});

describe('every answer', () => {
  it('says how whole it is', async () => {
    for (const path of ['/api/findings', '/api/exceptions', '/api/identities']) {
      const { coverage } = (await asked.ask(path)).body;
      expect(coverage).toMatchObject({
        runId: expect.stringMatching(/^2026/),
        complete: false,
        gaps: [{ slice: 'policyAssignments', state: 'missing', permission: 'Reader' }],
      });
    }
    expect((await asked.ask('/api/incidents')).body.coverage).toMatchObject({ complete: true });
  });

  it('is not sent again to whoever has it', async () => {
    const first = await asked.ask('/api/findings');
    const etag = first.headers.get('etag')!;
    for (const given of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await asked.ask('/api/findings', person(), { headers: { 'if-none-match': given } });
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await asked.ask('/api/findings', person(), { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    expect((await asked.ask('/api/findings?limit=3')).headers.get('etag')).not.toBe(etag);
    expect((await asked.ask('/api/findings', person(), { headers: { accept: 'text/csv' } })).headers.get('etag')).not.toBe(etag);
  });

  it('carries the headers that keep it what it is', async () => {
    for (const path of ['/api/findings', '/api/nothing', '/api/config', '/api/openapi.json', '/', '/assets/missing-12345678.js']) {
      const { headers } = await asked.ask(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('strict-transport-security')).toContain('max-age=31536000');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('cache-control')).toMatch(/^(private, no-cache|no-store)$/);
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('comes as CSV that computes nothing', async () => {
    for (const path of ['/api/findings', '/api/incidents', '/api/identities', '/api/exceptions', '/api/runs']) {
      const csv = await asked.ask(path, person(), { headers: { accept: 'text/csv' } });
      expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
      expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="[a-z]+\.csv"$/);
      expect(csv.text).toMatch(/^\uFEFF?\w+,/);
      expect(csv.text).not.toMatch(/(^|,|\n)"?[=+@]/);
      expect(csv.text).not.toContain('\u202E');
    }
  });

  it('is JSON unless something else is wanted more, and says what there is', async () => {
    const type = async (accept: string, path = '/api/findings'): Promise<string | number> => {
      const answer = await asked.ask(path, person(), { headers: { accept } });
      return answer.status === 200 ? (answer.headers.get('content-type')?.split(';')[0] ?? '') : answer.status;
    };
    expect(await type('*/*')).toBe('application/json');
    expect(await type('text/csv;q=0.5, application/json;q=0.4')).toBe('text/csv');
    expect(await type('text/csv;q=0, */*')).toBe('application/json');
    expect(await type('image/png')).toBe(406);
    expect(await type('text/markdown', '/api/rules/orphaned-assignment')).toBe('text/markdown');
    expect(await type('text/html', '/api/reviews/2026-11')).toBe('text/html');
    expect(await type('text/csv', '/api/reviews/2026-11?section=grants')).toBe('text/csv');
    expect(await type('text/markdown', `/api/identities/${principalIdOf(subscriptions[0]!)}/runbook`)).toBe('text/markdown');
  });

  it('has no body for HEAD, and the same headers', async () => {
    const [get, head] = [await asked.ask('/api/findings'), await asked.ask('/api/findings', person(), { method: 'HEAD' })];
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', get.headers.get('etag')]);
  });
});

describe('what cannot be asked', () => {
  it.each<[string, number, RegExp, RequestInit?]>([
    ['/api/findings?colour=red&size=9', 400, /colour is not known here.*size is not known/],
    ['/api/findings?severity=terrible', 400, /severity.* must be of critical, high/],
    ['/api/findings?limit=0', 400, /limit must be a whole number from 1 to 200/],
    ['/api/findings?limit=201', 400, /limit must be/],
    ['/api/findings?limit=50&limit=60', 400, /limit is given more than once/],
    ['/api/findings?scope=prod', 400, /scope must be an ARM id/],
    ['/api/findings?since=yesterday', 400, /since must be a day/],
    ['/api/findings?subscription=prod', 400, /must be a GUID/],
    ['/api/findings?__proto__=1', 400, /__proto__ is not known/],
    ['/api/findings?cursor=AAAA', 400, /Cursors belong to the query/],
    ['/api/exceptions?cursor=AAAA', 400, /no cursor that was given here/],
    ['/api/runs?cursor=AAAA', 400, /no cursor/],
    ['/api/trend?from=2026-11-20&to=2026-11-01', 400, /from must be before to/],
    ['/api/me?x=1', 400, /takes no parameters/],
    ['/api/findings/%ZZ', 400, /address is wrong/],
    ['/api/findings/a%00b', 400, /address is wrong/],
    ['/api/nothing', 404, /openapi/],
    ['/api', 404, /openapi/],
    ['/api/findings/', 404, /openapi/],
    ['/api/findings/orphaned-assignment-0000000000000000', 404, /No finding/],
    ['/api/incidents/x', 404, /No incident/],
    ['/api/identities/x', 404, /No audit that is stored saw/],
    ['/api/runs/x', 404, /none has this id/],
    ['/api/rules/x', 404, /Nothing has this id/],
    ['/api/reviews/2031-01', 404, /no review of that month/],
    ['/api/reviews/x', 404, /no review of that month/],
    [`/api/findings?q=${'x'.repeat(9_000)}`, 413, /longer than/],
  ])('%s: %i', async (path, status, words, init) => {
    const answer = await asked.ask(path, manager, init);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, instance: expect.stringMatching(/^\/api/), detail: expect.stringMatching(words) });
  });

  it.each<[string, unknown, number, RegExp]>([
    ['no reason', { until: '2027-01-31' }, 400, /reason/],
    ['a blank reason', { reason: '  ', until: '2027-01-31' }, 400, /somebody will ask for it/],
    ['an end that has passed', { reason: 'x', until: '2026-11-01' }, 409, /not after now/],
    ['an end that is no date', { reason: 'x', until: 'never' }, 400, /must be a date/],
    ['more than is asked for', { reason: 'x', until: '2027-01-31', author: 'somebody else' }, 400, /author is not known here/],
    ['a list', [], 400, /body/],
    ['null', null, 400, /body/],
    ['a long story', { reason: 'x'.repeat(70_000), until: '2027-01-31' }, 413, /64 KB/],
  ])('an acceptance with %s', async (_, body, status, words) => {
    const answer = await asked.ask(`/api/findings/${await firstFinding()}/exception`, manager, send(body));
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringMatching(words)]);
  });

  it('a body that is no JSON, or says it is something else', async () => {
    const path = `/api/findings/${await firstFinding()}/exception`;
    expect((await asked.ask(path, manager, { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } })).status).toBe(
      400,
    );
    expect(
      (
        await asked.ask(path, manager, {
          method: 'POST',
          body: 'reason=x&until=2027-01-31',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
      ).status,
    ).toBe(415);
    expect((await asked.ask(path, manager, { method: 'POST' })).status).toBe(415);
  });

  it('a method that an address does not take', async () => {
    const put = await asked.ask('/api/findings', manager, { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect((await asked.ask('/api/audits', manager)).headers.get('allow')).toBe('POST, OPTIONS');
    expect((await asked.ask('/api/exceptions', manager, { method: 'DELETE' })).headers.get('allow')).toBe('POST, GET, HEAD, OPTIONS');
    expect((await asked.ask('/', manager, { method: 'POST' })).status).toBe(405);
    const options = await asked.ask('/api/findings', null, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
  });
});

describe('other pages', () => {
  const preflight = (origin: string): RequestInit => ({
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
  });

  it('may ask where a setting names their origin', async () => {
    const { headers } = await asked.ask('/api/findings', null, preflight('https://portal.example.com'));
    expect(headers.get('access-control-allow-origin')).toBe('https://portal.example.com');
    expect(headers.get('access-control-allow-headers')).toContain('Authorization');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(
      (await asked.ask('/api/findings', person(), { headers: { origin: 'https://portal.example.com' } })).headers.get(
        'access-control-allow-origin',
      ),
    ).toBe('https://portal.example.com');
  });

  it.each(['https://evil.example', 'https://portal.example.com.evil.example', 'http://portal.example.com', 'null'])(
    'may not from %s',
    async (origin) => {
      for (const answer of [
        await asked.ask('/api/findings', null, preflight(origin)),
        await asked.ask('/api/findings', person(), { headers: { origin } }),
      ])
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    },
  );
});

describe('who may do what', () => {
  const acceptance = send({ reason: 'known', until: '2027-01-31' });
  const many = send({ findingIds: ['x'], reason: 'known', until: '2027-01-31' });
  const question = send({ principal: 'x', action: 'Microsoft.Storage/storageAccounts/read', on: '/subscriptions/x' });
  const things: readonly (readonly [
    string,
    string,
    RequestInit,
    { readonly read: boolean; readonly manage: boolean; readonly audit: boolean },
  ])[] = [
    ['read findings', '/api/findings', {}, { read: true, manage: true, audit: false }],
    ['read the summary', '/api/summary', {}, { read: true, manage: true, audit: false }],
    ['read identities', '/api/identities', {}, { read: true, manage: true, audit: false }],
    ['read runs', '/api/runs', {}, { read: true, manage: true, audit: true }],
    ['read rules', '/api/rules', {}, { read: true, manage: true, audit: true }],
    ['ask who may', '/api/access', question, { read: true, manage: true, audit: false }],
    ['accept', '/api/findings/x/exception', acceptance, { read: false, manage: true, audit: false }],
    ['accept many', '/api/exceptions', many, { read: false, manage: true, audit: false }],
    ['end an acceptance', '/api/findings/x/exception', { method: 'DELETE' }, { read: false, manage: true, audit: false }],
    ['ask for an audit', '/api/audits', { method: 'POST' }, { read: false, manage: false, audit: true }],
  ];
  const roles = { read: 'Findings.Read', manage: 'Findings.Manage', audit: 'Audit.Run' } as const;

  it.each(
    things.flatMap(([what, path, init, may]) =>
      (['read', 'manage', 'audit'] as const).map((who) => [roles[who], may[who] ? 'may' : 'may not', what, path, init, may[who]] as const),
    ),
  )('%s %s %s', async (role, _, __, path, init, may) => {
    for (const claims of [person({ roles: [role] }), application({ roles: [role] })]) {
      const { status } = await asked.ask(path, claims, init);
      expect(status !== 403).toBe(may);
    }
  });

  it('tells whoever has no role what they lack, and who they are', async () => {
    const nobody = person({ roles: [] });
    expect((await asked.ask('/api/findings', nobody)).body.detail).toMatch(
      /somebody@contoso\.example has no app role here, and this needs Findings\.Read/,
    );
    expect((await asked.ask('/api/me', nobody)).body).toEqual({
      name: 'somebody@contoso.example',
      objectId: nobody['oid'],
      kind: 'person',
      roles: [],
    });
  });

  it('asks without a credential in vain, and says so', async () => {
    const answer = await asked.ask('/api/access', person(), question);
    expect([answer.status, answer.body.detail]).toEqual([503, expect.stringMatching(/no Azure credential/)]);
    expect(answer.text).not.toContain('no credential in this test');
  });
});

describe('limits', () => {
  it('lets nobody ask too much, and says when to come back', async () => {
    let clock = 0;
    const limited = await api({ limiter: limiter(() => clock) });
    const statuses: number[] = [];
    for (let at = 0; at < 130; at++) statuses.push((await limited.ask('/api/me')).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(120);
    const refused = await limited.ask('/api/me');
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, 1]);
    expect((await limited.ask('/api/me', application())).status).toBe(200);
    clock += 60_000;
    expect((await limited.ask('/api/me')).status).toBe(200);
    expect((await limited.ask('/api/audits', manager, { method: 'POST' })).status).toBe(202);
    expect((await limited.ask('/api/audits', manager, { method: 'POST' })).status).toBe(202);
    expect((await limited.ask('/api/audits', manager, { method: 'POST' })).status).toBe(429);
    expect(limited.requested).toHaveLength(2);
  });
});
