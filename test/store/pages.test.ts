import * as fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingId, type StoredFinding } from '../../src/findings/index.ts';
import type { FindingFilter, FindingQuery, FindingSort, RecordTable, Store } from '../../src/ports/index.ts';
import { severities } from '../../src/rules/index.ts';
import { openSqliteTable, openStore } from '../../src/store/index.ts';
import { startAzurite, type Azurite } from '../contracts/azurite.ts';
import { Died, dyingTable } from '../fakes/dying-table.ts';
import { memoryTable } from '../fakes/record-table.ts';
import { clock } from './audit.ts';

/** Pages against the plainest oracle: filter everything, put it in order. */
const statuses = ['new', 'open', 'reopened', 'accepted', 'resolved'] as const;
const rules = ['orphaned-assignment', 'shared-identity', 'dormant-door'];
const subscriptions = ['aaaaaaaa-0000-0000-0000-000000000001', 'aaaaaaaa-0000-0000-0000-000000000002'];
const scopes = [
  '/',
  '/providers/Microsoft.Management/managementGroups/top',
  ...subscriptions.flatMap((id) => [
    `/subscriptions/${id}`,
    `/subscriptions/${id}/resourceGroups/rg`,
    `/subscriptions/${id}/resourceGroups/rg-2`,
    `/subscriptions/${id}/resourceGroups/RG/providers/Microsoft.KeyVault/vaults/kv`,
    `/subscriptions/${id}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv/secrets/one`,
    `/subscriptions/${id}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-2`,
  ]),
];
const instants = ['2026-11-01T00:00:00Z', '2026-11-02T00:00:00.500Z', '2026-11-03T12:00:00Z', '2026-11-04T00:00:00Z'];
const tags = [{}, { env: 'prod' }, { env: 'Prod', owner: 'ada' }, { owner: 'ada' }];

interface Shape {
  readonly rule: string;
  readonly status: (typeof statuses)[number];
  readonly severity: (typeof severities)[number];
  readonly scope: string;
  readonly principal: string;
  readonly changedAt: string;
  readonly tags: Readonly<Record<string, string>>;
}

function stored(at: number, { rule, status, severity, scope, principal, changedAt, tags: carried }: Shape): StoredFinding {
  return {
    id: findingId(rule, `/thing/${at}`),
    rule,
    severity,
    confidence: 'certain',
    status,
    subject: `/thing/${at}`,
    principal: {
      id: principal,
      kind: 'user-assigned',
      name: principal,
      resourceId: principal === '' ? '' : `/Home/${principal}`,
      clientId: '',
    },
    proof: '',
    role: { id: '', name: '' },
    scope,
    title: 't',
    message: 'm',
    evidence: [],
    fix: [],
    related: [],
    controls: [],
    firstSeenAt: instants[0]!,
    lastSeenAt: instants[3]!,
    ...(status === 'resolved' ? { resolvedAt: changedAt, resolvedBy: 'fixed' as const } : {}),
    firstSeenRunId: 'r',
    statusRunId: 'r',
    revision: 1,
    changedAt,
    ...(Object.keys(carried).length > 0 ? { tags: carried } : {}),
  };
}

const shape: fc.Arbitrary<Shape> = fc.record({
  rule: fc.constantFrom(...rules),
  status: fc.constantFrom(...statuses),
  severity: fc.constantFrom(...severities),
  scope: fc.constantFrom(...scopes),
  principal: fc.constantFrom('P1', 'p2', ''),
  changedAt: fc.constantFrom(...instants),
  tags: fc.constantFrom(...tags),
});
const some = <Value>(values: readonly Value[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const filter: fc.Arbitrary<FindingFilter> = fc.record(
  {
    status: some(statuses),
    severity: some(severities),
    rule: some([...rules, 'no-such-rule']),
    principal: fc.constantFrom('p1', 'P2', '/home/P1', 'nobody'),
    scope: fc.constantFrom(
      ...scopes,
      `/Subscriptions/${subscriptions[0]}/`,
      `/subscriptions/${subscriptions[0]}/resourceGroups/rg/providers`,
    ),
    since: fc.constantFrom(...instants),
    subscription: some(subscriptions),
    resourceGroup: some(['rg', 'RG-2', `${subscriptions[1]}/rg`]),
    tag: fc.constantFrom('env', 'ENV=prod', 'env=Prod', 'owner=ada', 'none'),
  },
  { requiredKeys: [] },
);

/** Written once more, from the words of the port, so that the same mistake would have to be made twice. */
function answers(finding: StoredFinding, asked: FindingFilter): boolean {
  const at = finding.scope.toLowerCase();
  const below = (area: string): boolean => {
    const key = `/${area.toLowerCase().replace(/^\/+|\/+$/g, '')}`;
    return key === '/' || at === key || at.startsWith(`${key}/`);
  };
  const [name = '', value] = asked.tag?.split('=') ?? [];
  const carried = finding.tags?.[name.toLowerCase()];
  return (
    (asked.status?.includes(finding.status) ?? true) &&
    (asked.severity?.includes(finding.severity) ?? true) &&
    (asked.rule?.includes(finding.rule) ?? true) &&
    (asked.principal === undefined ||
      [finding.principal.id, finding.principal.resourceId].some((id) => id.toLowerCase() === asked.principal?.toLowerCase())) &&
    (asked.scope === undefined || below(asked.scope)) &&
    (asked.since === undefined || Date.parse(finding.changedAt) >= Date.parse(asked.since)) &&
    (asked.subscription?.some((id) => below(`/subscriptions/${id}`)) ?? true) &&
    (asked.resourceGroup?.some((group) =>
      group.includes('/')
        ? below(`/subscriptions/${group.replace('/', '/resourcegroups/')}`)
        : at.split('/')[3] === 'resourcegroups' && at.split('/')[4] === group.toLowerCase(),
    ) ??
      true) &&
    (asked.tag === undefined || (carried !== undefined && (value === undefined || carried === value)))
  );
}

const compare = <Value>(a: Value, b: Value): number => (a < b ? -1 : Number(a > b));
const inOrder = (sort: FindingSort) => (a: StoredFinding, b: StoredFinding) =>
  (sort === 'severity' ? severities.indexOf(a.severity) - severities.indexOf(b.severity) : 0) ||
  Date.parse(b.changedAt) - Date.parse(a.changedAt) ||
  compare(a.id, b.id);

async function save(store: Store, findings: readonly StoredFinding[]): Promise<void> {
  const run = await store.beginRun('watch', instants[0]!, 't');
  await store.apply(run.id, { findings, history: [], exceptions: [] });
  await store.finishRun({ ...run, state: 'finished' });
}

async function allPages(store: Store, query: FindingQuery): Promise<readonly StoredFinding[]> {
  const found: StoredFinding[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.findingPage({ ...query, cursor });
    expect(page.items.length).toBeLessThanOrEqual(query.limit);
    found.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

const folder = mkdtempSync(join(tmpdir(), 'mi-audit-pages-'));
let azurite: Azurite;
let made = 0;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(async () => {
  await azurite.stop();
  rmSync(folder, { recursive: true });
});
const tables: readonly [string, number, () => Promise<RecordTable>][] = [
  ['memory', 150, async () => memoryTable()],
  ['SQLite', 10, async () => openSqliteTable(join(folder, String(++made)))],
  ['Table Storage', 6, () => azurite.table(`pages${++made}`)],
];

describe.each(tables)('pages of findings: %s', (_, numRuns, open) => {
  it('hold what filtering everything holds, in the same order, for any filter, order and size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(shape, { maxLength: 40 }),
        fc.array(fc.tuple(filter, fc.constantFrom<FindingSort>('severity', 'changed'), fc.integer({ min: 1, max: 12 })), {
          minLength: 1,
          maxLength: 5,
        }),
        async (shapes, queries) => {
          const table = await open();
          const store = openStore(table, clock);
          const findings = shapes.map((one, at) => stored(at, one));
          await save(store, findings);
          for (const [asked, sort, limit] of queries) {
            const expected = findings.filter((finding) => answers(finding, asked)).toSorted(inOrder(sort));
            const got = await allPages(store, { filter: asked, sort, limit });
            expect(got.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
          }
          const counted = Object.fromEntries(
            (await store.countFindings()).map(({ rule, status, severity, count }) => [`${rule} ${status} ${severity}`, count]),
          );
          const expected = Object.fromEntries(
            [...Map.groupBy(findings, ({ rule, status, severity }) => `${rule} ${status} ${severity}`)].map(([key, list]) => [
              key,
              list.length,
            ]),
          );
          expect(counted).toEqual(expected);
          await table.close();
        },
      ),
      { numRuns },
    );
  });

  it('neither lose nor double what does not change, while the rest changes between pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(shape, { minLength: 10, maxLength: 30 }),
        fc.array(shape, { minLength: 10, maxLength: 30 }),
        filter,
        fc.constantFrom<FindingSort>('severity', 'changed'),
        async (before, after, asked, sort) => {
          const table = await open();
          const store = openStore(table, clock);
          const findings = before.map((one, at) => stored(at, one));
          await save(store, findings);
          const moving = after.map((one, at) => stored(at * 2, { ...one, rule: before[at * 2]?.rule ?? one.rule }));
          const still = findings.filter((_each, at) => at % 2 === 1);
          const seen: string[] = [];
          let cursor: string | undefined;
          do {
            const page: Awaited<ReturnType<Store['findingPage']>> = await store.findingPage({ filter: asked, sort, limit: 3, cursor });
            seen.push(...page.items.map(({ id }) => id));
            cursor = page.cursor;
            const next = moving.splice(0, 3);
            if (next.length > 0) await save(store, next);
          } while (cursor !== undefined);
          const expected = still.filter((finding) => answers(finding, asked)).toSorted(inOrder(sort));
          const stillIds = new Set(still.map(({ id }) => id));
          expect(seen.filter((id) => stillIds.has(id))).toEqual(expected.map(({ id }) => id));
          await table.close();
        },
      ),
      { numRuns },
    );
  });
});

describe('pages', () => {
  const many = Array.from({ length: 60 }, (_, at) =>
    stored(at, {
      rule: rules[at % 3]!,
      status: statuses[at % 5]!,
      severity: severities[at % 4]!,
      scope: scopes[at % scopes.length]!,
      principal: 'p1',
      changedAt: instants[at % 4]!,
      tags: {},
    }),
  );

  it('are the same from a store that an older version wrote, before and after its index is built, whenever that dies', async () => {
    const old = memoryTable();
    await save(openStore(old, clock), many);
    const { rows } = { rows: old.dump().filter(({ partition }) => !/^(ix|trend|run\.)/.test(partition)) };
    const expected = many.filter(({ status }) => status === 'open').toSorted(inOrder('severity'));
    for (const deaths of [0, 3, 40, 200, 300]) {
      const table = memoryTable();
      await table.write(rows.map((row) => ({ kind: 'put', row: { ...row, values: { ...row.values, v: 1 } } })));
      const query: FindingQuery = { filter: { status: ['open'] }, limit: 7 };
      expect((await allPages(openStore(table, clock), query)).map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      await save(openStore(dyingTable(table, deaths), clock), []).catch((error: unknown) => {
        if (!(error instanceof Died)) throw error;
      });
      await save(openStore(table, clock), []);
      const store = openStore(table, clock);
      expect((await allPages(store, query)).map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      expect((await store.countFindings()).reduce((sum, { count }) => sum + count, 0)).toBe(many.length);
      expect((await store.runs(9, 'watch')).length).toBeGreaterThan(1);
    }
  });

  it('end with their cursor, and refuse a cursor of another question, or of nobody', async () => {
    const store = openStore(memoryTable(), clock);
    await save(store, many);
    const { cursor } = await store.findingPage({ filter: {}, limit: 5 });
    expect(cursor).toMatch(/^[\w-]+$/);
    const wrong = [
      store.findingPage({ filter: { status: ['open'] }, limit: 5, cursor }),
      store.findingPage({ filter: {}, sort: 'changed', limit: 5, cursor }),
      ...['', 'x', 'e30', Buffer.from('{"v":1,"q":"","after":"\' or 1"}').toString('base64url')].map((bad) =>
        store.findingPage({ filter: {}, limit: 5, cursor: bad }),
      ),
    ];
    for (const asked of wrong) await expect(asked).rejects.toMatchObject({ name: 'UnknownCursorError' });
    await expect(store.findingPage({ filter: {}, limit: 0 })).rejects.toThrow(RangeError);
  });

  it('cost a few calls more than one without a filter, at most three times as many', async () => {
    const store = openStore(memoryTable(), clock);
    await save(store, many);
    const plain = (await store.findingPage({ filter: {}, limit: 50 })).roundTrips;
    expect(plain).toBeLessThanOrEqual(3);
    const pairs: readonly FindingFilter[] = [
      { status: ['open'] },
      { severity: ['high'] },
      { rule: [rules[0]!] },
      { status: ['open'], severity: ['high'] },
      { status: ['open'], rule: [rules[0]!] },
      { status: ['open'], subscription: [subscriptions[0]!] },
    ];
    for (const asked of pairs) expect((await store.findingPage({ filter: asked, limit: 50 })).roundTrips).toBeLessThanOrEqual(plain * 3);
  });
});
