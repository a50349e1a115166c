import { RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { areasOf } from '../../src/azure/areas.ts';
import { pages, type Loss } from '../../src/azure/resource-graph.ts';
import { clientsOver, wire, type Reply, type Sent } from './wire.ts';

const tenant = areasOf({ managementGroups: [], subscriptions: [] });
const rows = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `/subscriptions/s/r${String(from + at).padStart(6, '0')}` }));
const page = (data: unknown, skipToken?: string, more: Readonly<Record<string, unknown>> = {}): Reply => ({
  body: {
    data,
    count: 0,
    totalRecords: 0,
    resultTruncated: 'false',
    ...(skipToken === undefined ? {} : { $skipToken: skipToken }),
    ...more,
  },
});

async function read(answer: (sent: Sent, count: number) => Reply | Error, areas = tenant) {
  const { httpClient, sent } = wire(answer);
  const ids: string[] = [];
  const losses: Loss[] = [];
  let nameless = 0;
  for await (const piece of pages(clientsOver(httpClient), 'role-assignments', areas)) {
    if (piece.kind === 'lost') losses.push(piece.loss);
    else {
      ids.push(...piece.rows.map(({ given }) => given.id));
      nameless += piece.nameless;
    }
  }
  return { ids, losses, nameless, sent };
}

describe('pages of Resource Graph', () => {
  it('asks for 1000 rows at, above and below every scope, and follows the skip token', async () => {
    const { ids, losses, sent } = await read((_, count) => page(rows((count - 1) * 1000, 1000), count < 3 ? `t${count}` : undefined));
    expect(ids).toHaveLength(3000);
    expect(losses).toEqual([]);
    expect(sent.map(({ url }) => url)).toEqual(
      Array(3).fill('https://management.azure.com/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01'),
    );
    expect(sent[0]?.body).toMatchObject({
      options: { $top: 1000, authorizationScopeFilter: 'AtScopeAboveAndBelow', allowPartialScopes: true },
    });
    expect(sent[0]?.body).not.toHaveProperty('subscriptions');
    expect(sent.map(({ body }) => (body as { options: { $skipToken?: string } }).options.$skipToken)).toEqual([undefined, 't1', 't2']);
  });

  it('drops rows that a shifted page repeats, whatever their case', async () => {
    const { ids } = await read((_, count) =>
      count === 1 ? page([{ id: '/a/1' }, { id: '/a/2' }], 't') : page([{ id: '/A/2' }, { id: '/a/3' }]),
    );
    expect(ids).toEqual(['/a/1', '/a/2', '/a/3']);
  });

  it('says when rows were cut off without a way to read on', async () => {
    const { ids, losses } = await read(() => page(rows(0, 2), undefined, { resultTruncated: 'true' }));
    expect(ids).toHaveLength(2);
    expect(losses).toMatchObject([{ state: 'partial', scopes: ['/'], why: expect.stringContaining('after 2 rows') }]);
  });

  it('says when fewer rows came than were counted', async () => {
    expect((await read(() => page(rows(0, 2), undefined, { totalRecords: 5 }))).losses).toMatchObject([
      { state: 'partial', why: expect.stringContaining('5 rows') },
    ]);
    expect((await read(() => page(rows(0, 2), undefined, { totalRecords: 2 }))).losses).toEqual([]);
  });

  it('keeps the pages before a failure and says that the rest is unknown', async () => {
    const { ids, losses } = await read((_, count) =>
      count === 1 ? page(rows(0, 1000), 't') : { status: 500, body: { error: { code: 'InternalServerError', message: 'no' } } },
    );
    expect(ids).toHaveLength(1000);
    expect(losses).toMatchObject([
      { state: 'partial', forbidden: false, why: expect.stringMatching(/page 2.*after row 1000.*500 InternalServerError/) },
    ]);
  });

  it('reads on after passing trouble: 503, a broken connection, half an answer', async () => {
    const troubles: readonly (Reply | Error)[] = [
      { status: 503, headers: { 'retry-after': '0' } },
      { status: 503 },
      new RestError('socket hang up', { code: 'ECONNRESET' }),
      new RestError('broken pipe', { code: 'EPIPE' }),
      { body: '{"data": [{"id": "/a' },
    ];
    for (const trouble of troubles) {
      const { ids, losses, sent } = await read((_, count) =>
        count === 1 ? page(rows(0, 1), 't') : count === 2 ? trouble : page(rows(1, 1)),
      );
      expect({ ids: ids.length, losses, calls: sent.length }).toEqual({ ids: 2, losses: [], calls: 3 });
    }
  });

  it('reads on after being throttled', async () => {
    const { ids, losses } = await read((_, count) =>
      count % 2 === 1 ? { status: 429, headers: { 'retry-after': '0' } } : page(rows(count, 1), count < 6 ? `t${count}` : undefined),
    );
    expect(ids).toHaveLength(3);
    expect(losses).toEqual([]);
  });

  it('does not ask again for what is forbidden, and marks it so', async () => {
    const { losses, sent } = await read(() => ({ status: 403, body: { error: { code: 'AccessDenied', message: 'no' } } }));
    expect(losses).toMatchObject([{ state: 'missing', forbidden: true }]);
    expect(sent).toHaveLength(1);
  });

  it('ends where paging does not', async () => {
    const { losses, sent } = await read(() => page(rows(0, 1), 'same'));
    expect(losses).toMatchObject([{ state: 'partial', why: expect.stringContaining('does not end') }]);
    expect(sent).toHaveLength(2);
  });

  it('says when the tenant is too large for one query', async () => {
    const { losses } = await read(() => ({ ...page(rows(0, 1)), headers: { 'x-ms-tenant-subscription-limit-hit': 'true' } }));
    expect(losses).toMatchObject([{ state: 'partial', why: expect.stringContaining('10,000 subscriptions') }]);
  });

  it('takes an answer that is no table of rows for a loss', async () => {
    for (const body of ['null', '[]', '"x"', { data: { columns: [], rows: [] } }, { data: null }]) {
      expect((await read(() => ({ body }))).losses).toMatchObject([{ state: 'missing' }]);
    }
  });

  it('counts rows without an id', async () => {
    expect(await read(() => page([{ id: '/a' }, {}, null, 3, { id: 7 }, { id: '' }]))).toMatchObject({ ids: ['/a'], nameless: 5 });
  });

  it('splits many subscriptions, and never names two kinds of scope at once', async () => {
    const subscriptions = Array.from({ length: 600 }, (_, at) => `sub-${at}`);
    const areas = areasOf({
      managementGroups: ['/providers/Microsoft.Management/managementGroups/mg1', 'MG1', 'mg2'],
      subscriptions: [...subscriptions, '/subscriptions/SUB-1'],
    });
    const { sent, ids } = await read(() => page([{ id: '/a' }]), areas);
    const bodies = sent.map(({ body }) => body as { subscriptions?: string[]; managementGroups?: string[]; options: object });
    expect(bodies.map((body) => [body.managementGroups, body.subscriptions?.length])).toEqual([
      [['MG1', 'mg2'], undefined],
      [undefined, 250],
      [undefined, 250],
      [undefined, 100],
    ]);
    expect(bodies[1]?.options).not.toHaveProperty('allowPartialScopes');
    expect(ids).toEqual(['/a']);
  });
});
