import { beforeAll, describe, expect, it } from 'vitest';
import { guid } from '../build/estate.ts';
import { api, application, person, send } from './api.ts';
import { principalIdOf, secretOf, subscriptions } from './tenant.ts';

/** Alpha's group sees alpha, both groups see both, managers see all, and who is in none sees nothing. */
const [alpha, beta, gamma] = subscriptions as [string, string, string];
const groups = { alpha: guid('group alpha'), beta: guid('group beta') };
const app = application();
let asked: Awaited<ReturnType<typeof api>>;

beforeAll(async () => {
  asked = await api(
    {},
    {
      subscriptionsByGroup: {
        [groups.alpha]: [alpha.toUpperCase()],
        [groups.beta]: [beta],
        'Findings.Manage': ['*'],
        [String(app['oid'])]: [beta],
      },
    },
  );
});

const ofAlpha = person({ groups: [groups.alpha] });
const hidden = [secretOf(beta), secretOf(gamma), beta, gamma, 'above-all'];

describe('a caller who may see one subscription', () => {
  it.each([
    '/api/findings?limit=200',
    '/api/findings?limit=200&status=new,open,reopened,accepted,resolved&sort=changed',
    `/api/findings?subscription=${beta}`,
    '/api/findings?scope=/',
    `/api/findings?scope=/subscriptions/${beta}`,
    `/api/findings?principal=${principalIdOf(beta)}`,
    '/api/findings?q=only-in',
    '/api/findings?q=above-all',
    '/api/incidents?status=opened,grown,quiet,resolved',
    '/api/identities',
    '/api/identities?sort=severity',
    '/api/exceptions',
    '/api/summary',
    '/api/subscriptions',
    '/api/runs',
    '/api/trend',
    `/api/identities/${principalIdOf(alpha)}`,
    `/api/identities/${principalIdOf(alpha)}/runbook`,
  ])('gets nothing of the others from %s', async (path) => {
    for (const accept of ['application/json', 'text/csv', 'text/markdown']) {
      const { status, text } = await asked.ask(path, ofAlpha, { headers: { accept } });
      if (status === 406) continue;
      expect(status).toBe(200);
      for (const word of hidden) expect(text).not.toContain(word);
    }
  });

  it('gets the name of theirs', async () => {
    const { items } = (await asked.ask('/api/subscriptions', ofAlpha)).body;
    expect(items).toEqual([{ id: alpha, name: expect.stringContaining(secretOf(alpha)) }]);
  });

  it('gets their own, page by page, and is told that it is a part', async () => {
    const ids: string[] = [];
    let cursor: string | undefined = '';
    while (cursor !== undefined) {
      const { body }: { body: { items: { id: string }[]; cursor?: string; coverage: object } } = await asked.ask(
        `/api/findings?limit=5${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        ofAlpha,
      );
      ids.push(...body.items.map(({ id }) => id));
      expect(body.coverage).toMatchObject({ restrictedTo: [alpha] });
      ({ cursor } = body);
    }
    expect([ids.length, new Set(ids).size]).toEqual([12, 12]);
    const { body } = await asked.ask('/api/summary', ofAlpha);
    expect(body.findings).toMatchObject({ counted: 'all', open: 12, byStatus: { new: 12 } });
    expect(body.incidents.live).toBe(1);
    const everything = await asked.ask('/api/summary', person({ roles: ['Findings.Manage'] }));
    expect(everything.body.findings).toMatchObject({ counted: 'all', open: 38 });
  });

  it('finds nothing where others find something', async () => {
    const all = (await asked.ask('/api/findings?limit=200', person({ roles: ['Findings.Manage'] }))).body.items as {
      id: string;
      scope: string;
    }[];
    expect(all).toHaveLength(38);
    for (const { id, scope } of all)
      expect((await asked.ask(`/api/findings/${id}`, ofAlpha)).status).toBe(scope.startsWith(`/subscriptions/${alpha}`) ? 200 : 404);
    expect((await asked.ask(`/api/identities/${principalIdOf(beta)}`, ofAlpha)).status).toBe(404);
    expect((await asked.ask(`/api/identities/${principalIdOf(beta)}/runbook`, ofAlpha)).status).toBe(404);
    expect((await asked.ask('/api/incidents/incident-1111111111111111', ofAlpha)).status).toBe(404);
    expect((await asked.ask('/api/reviews/2026-11', ofAlpha)).status).toBe(403);
  });

  it('is told how many grants of their identity lie elsewhere', async () => {
    const { body } = await asked.ask(`/api/identities/${principalIdOf(alpha)}`, ofAlpha);
    expect(body).toMatchObject({ hiddenHoldings: 2, identity: { holdings: [{ scope: `/subscriptions/${alpha}` }] } });
    expect((await asked.ask(`/api/identities/${principalIdOf(alpha)}/runbook`, ofAlpha)).text).toMatch(/2 of its grants lie outside/);
  });

  it('may not ask who may, elsewhere', async () => {
    const question = { principal: 'x', action: 'Microsoft.Storage/storageAccounts/read', on: `/subscriptions/${beta}/resourceGroups/rg` };
    expect((await asked.ask('/api/access', ofAlpha, send(question))).status).toBe(403);
    expect((await asked.ask('/api/access', ofAlpha, send({ ...question, on: '/' }))).status).toBe(403);
  });
});

describe('restrictions', () => {
  it('add up over groups, roles and the own object id', async () => {
    const count = async (claims: Parameters<typeof asked.ask>[1]): Promise<number> =>
      (await asked.ask('/api/findings?limit=200', claims)).body.items.length;
    expect(await count(person({ groups: [groups.alpha, groups.beta, guid('another')] }))).toBe(24);
    expect(await count(app)).toBe(12);
    expect(await count(person({ roles: ['Findings.Manage'], groups: [groups.alpha] }))).toBe(38);
  });

  it('let nobody see anything whom they do not name, and say why', async () => {
    const none = await asked.ask('/api/findings', person());
    expect([none.status, none.body.detail]).toEqual([403, expect.stringMatching(/API_SUBSCRIPTIONS_BY_GROUP names no group/)]);
    const overage = await asked.ask('/api/findings', person({ _claim_names: { groups: 'src1' } }));
    expect([overage.status, overage.body.detail]).toEqual([403, expect.stringMatching(/in more groups than a token lists/)]);
    expect((await asked.ask('/api/me', ofAlpha)).body.restrictedTo).toEqual([alpha]);
  });

  it('are not a matter of how a cursor is made', async () => {
    const theirs = (await asked.ask('/api/findings?limit=2', person({ roles: ['Findings.Manage'] }))).body.cursor as string;
    const answer = await asked.ask(`/api/findings?limit=200&cursor=${encodeURIComponent(theirs)}`, ofAlpha);
    expect([200, 400]).toContain(answer.status);
    for (const word of hidden) expect(answer.text).not.toContain(word);
  });
});

describe('a decision', () => {
  it('of somebody who manages one subscription reaches that one only, and stands in the history under their name', async () => {
    const own = await api({}, { subscriptionsByGroup: { [groups.alpha]: [alpha] } });
    const manager = person({ roles: ['Findings.Manage'], groups: [groups.alpha] });
    const ids: string[] = [];
    for await (const finding of own.store.findings({})) ids.push(finding.id);
    const { body } = await own.ask(
      '/api/exceptions',
      manager,
      send({ findingIds: ids, reason: 'known until the move', until: '2027-01-31' }),
    );
    expect([body.accepted.length, body.refused.length]).toEqual([12, 26]);
    expect(new Set(body.refused.map(({ because }: { because: string }) => because)).size).toBe(1);
    for await (const { scope, status } of own.store.findings({}))
      expect(status).toBe(scope.startsWith(`/subscriptions/${alpha}`) ? 'accepted' : 'new');
    const detail = (await own.ask(`/api/findings/${body.accepted[0]}`, manager)).body;
    expect(detail.history.at(-1)).toMatchObject({
      kind: 'accepted',
      author: `somebody@contoso.example (${String(manager['oid'])})`,
      note: expect.stringContaining('known until the move'),
    });
    expect(detail.exception).toMatchObject({
      active: true,
      reason: 'known until the move',
      author: expect.stringContaining('somebody@contoso.example'),
    });
    const ended = await own.ask(`/api/findings/${body.accepted[0]}/exception`, manager, { method: 'DELETE' });
    expect(ended.body.finding.status).toBe('open');
    expect((await own.ask(`/api/findings/${body.accepted[0]}/exception`, manager, { method: 'DELETE' })).status).toBe(409);
    expect((await own.ask('/api/exceptions?active=true&limit=200', manager)).body.items).toHaveLength(11);
  });
});
