import { describe, expect, it } from 'vitest';
import { readFederatedCredentials } from '../../src/azure/read-federated-credentials.ts';
import { principalId, resourceKey, type Identity, type ResourceKey } from '../../src/estate/index.ts';
import type { CollectMemory } from '../../src/ports/index.ts';
import { clientsOver, wire, type Reply } from './wire.ts';

const now = '2026-11-20T08:00:00.000Z';
const daysAgo = (days: number): string => new Date(Date.parse(now) - days * 86_400_000).toISOString();
const idOf = (number: number): string =>
  `/subscriptions/s${number % 2}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id${String(number).padStart(3, '0')}`;
const identity = (number: number): Identity => ({
  kind: 'user-assigned',
  principalId: principalId(`p${number}`),
  resourceId: idOf(number),
  key: resourceKey(idOf(number)),
  name: `id${number}`,
  tags: {},
});
const identities = (count: number): readonly Identity[] => Array.from({ length: count }, (_, at) => identity(at));
const credential = (
  number: number,
  properties: object = {
    issuer: 'https://issuer.example',
    subject: 'system:serviceaccount:a:b',
    audiences: ['api://AzureADTokenExchange'],
  },
) => ({ id: `${idOf(number)}/federatedIdentityCredentials/fic`, name: 'fic', properties });

/** Each identity last read so many days ago. */
function memory(ages: Readonly<Record<number, number>>, changed: readonly number[] = []): CollectMemory {
  const federatedCredentials = new Map(
    Object.entries(ages).map(([number, days]) => [resourceKey(idOf(Number(number))), { readAt: daysAgo(days), credentials: [] }]),
  );
  return {
    federatedCredentials,
    subscriptions: new Set(),
    missing: new Set(),
    changedIdentities: new Set(changed.map((number): ResourceKey => resourceKey(idOf(number)))),
  };
}

async function read(
  count: number,
  remembered: CollectMemory,
  answer: (path: string) => Reply = () => ({ body: { value: [] } }),
  limits = { refreshesMin: 0, refreshesMax: 1000 },
) {
  const { httpClient, sent } = wire(({ path }) => answer(path));
  const reading = await readFederatedCredentials(
    clientsOver(httpClient),
    [...identities(count), { ...identity(900), kind: 'system-assigned' }],
    remembered,
    now,
    limits,
  );
  return {
    ...reading,
    asked: [...new Set(sent.map(({ path }) => Number(/id(\d+)/.exec(path)?.[1])))].sort((one, other) => one - other),
    sent,
  };
}

describe('readFederatedCredentials', () => {
  it('reads every user-assigned identity the first time', async () => {
    const { asked, gaps } = await read(30, memory({}));
    expect(asked).toHaveLength(30);
    expect(gaps).toEqual([]);
  });

  it('then the oldest seventh, with the age of the rest said', async () => {
    const ages = Object.fromEntries(Array.from({ length: 14 }, (_, at) => [at, at / 3]));
    const { asked, gaps } = await read(14, memory(ages));
    expect(asked).toEqual([12, 13]);
    expect(gaps).toMatchObject([
      {
        slice: 'federatedCredentials',
        harmless: true,
        why: expect.stringContaining(`12 identities are from earlier runs, the oldest reading is of ${daysAgo(11 / 3)}`),
      },
    ]);
  });

  it('besides, whatever was never read, is older than a week, or was changed', async () => {
    const ages = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [at, 1]));
    const { asked } = await read(22, memory({ ...ages, 3: 8, 4: 30 }, [7]));
    expect(asked).toEqual([3, 4, 7, 20, 21]);
  });

  it('reads all where there are few', async () => {
    expect(
      (
        await read(10, memory(Object.fromEntries(identities(10).map((_, at) => [at, 0]))), undefined, {
          refreshesMin: 50,
          refreshesMax: 1000,
        })
      ).asked,
    ).toHaveLength(10);
  });

  it('says when there were too many for one run', async () => {
    const { asked, gaps } = await read(10, memory({}), undefined, { refreshesMin: 0, refreshesMax: 4 });
    expect(asked).toHaveLength(4);
    expect(gaps).toMatchObject([{ state: 'partial', why: expect.stringContaining('6 identities have not been read yet') }]);
    expect(gaps[0]).not.toHaveProperty('harmless');
  });

  it('reads subjects, expressions and all pages', async () => {
    const { credentials } = await read(1, memory({}), (path) =>
      path.endsWith('/federatedIdentityCredentials')
        ? { body: { value: [credential(0)], nextLink: 'https://management.azure.com/next?page=2' } }
        : {
            body: {
              value: [
                credential(0, {
                  issuer: 'https://i',
                  claimsMatchingExpression: { value: "claims['sub'] matches 'repo:*'", languageVersion: 1 },
                }),
              ],
            },
          },
    );
    expect(credentials).toMatchObject([
      { subject: 'system:serviceaccount:a:b', audiences: ['api://AzureADTokenExchange'], identity: resourceKey(idOf(0)), readAt: now },
      { subject: undefined, expression: "claims['sub'] matches 'repo:*'", audiences: [] },
    ]);
  });

  it('falls back to the version that every cloud has', async () => {
    const { httpClient, sent } = wire(({ url }) =>
      url.includes('2026-05-31')
        ? { status: 400, body: { error: { code: 'InvalidResourceType', message: 'no such version' } } }
        : { body: { value: [credential(0)] } },
    );
    const { credentials, gaps } = await readFederatedCredentials(clientsOver(httpClient), identities(1), memory({}), now, {
      refreshesMin: 0,
      refreshesMax: 10,
    });
    expect([credentials.length, gaps.length, sent.length]).toEqual([1, 0, 2]);
  });

  it('keeps the earlier reading of what cannot be read now, with one gap per subscription', async () => {
    const remembered = memory({});
    const kept = {
      readAt: daysAgo(9),
      credentials: [{ id: 'x', name: 'x', identity: resourceKey(idOf(1)), issuer: 'https://i', audiences: [], readAt: daysAgo(9) }],
    };
    const { credentials, gaps } = await read(4, { ...remembered, federatedCredentials: new Map([[resourceKey(idOf(1)), kept]]) }, (path) =>
      path.includes('/s1/') ? { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } } : { body: { value: [] } },
    );
    expect(credentials).toEqual(kept.credentials);
    expect(gaps).toMatchObject([
      {
        scope: '/subscriptions/s1',
        state: 'partial',
        permission: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read',
        why: expect.stringContaining('2 identities'),
      },
    ]);
  });

  it('takes an identity that is gone for one without credentials', async () => {
    expect(await read(1, memory({}), () => ({ status: 404, body: { error: { code: 'ResourceNotFound' } } }))).toMatchObject({
      credentials: [],
      gaps: [],
    });
  });

  it('does not let a hostile id leave its place in the path', async () => {
    const { httpClient, sent } = wire(() => ({ body: { value: [] } }));
    const hostile = ['/subscriptions/s/../../x', '/subscriptions/s?api-version=1#', '/subscriptions/s//x'].map(
      (resourceId, at): Identity => ({ ...identity(at), resourceId }),
    );
    const { gaps } = await readFederatedCredentials(clientsOver(httpClient), hostile, memory({}), now, {
      refreshesMin: 0,
      refreshesMax: 10,
    });
    expect(sent.map(({ path }) => path)).toEqual(['/subscriptions/s%3Fapi-version%3D1%23/federatedIdentityCredentials']);
    expect(gaps).not.toEqual([]);
  });
});
