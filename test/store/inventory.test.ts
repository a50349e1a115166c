import { describe, expect, it } from 'vitest';
import { openAccess } from '../../src/access/index.ts';
import { inventoryOf, type IdentitySheet } from '../../src/inventory/index.ts';
import type { IdentityQuery, RecordTable } from '../../src/ports/index.ts';
import { openStore } from '../../src/store/index.ts';
import { assign, contributor, estate, guid, keyVaultSecretsUser, owner, pid, sub, userAssigned } from '../build/estate.ts';
import { dyingTable, orDeath } from '../fakes/dying-table.ts';
import { memoryTable } from '../fakes/record-table.ts';
import { clock, dump } from './audit.ts';

const [app, api, web] = [userAssigned('shop-app'), userAssigned('shop-api', `${sub('test')}/resourceGroups/rg`), userAssigned('Website')];
const yesterday = '2026-11-19T08:00:00Z';
const today = '2026-11-20T08:00:00Z';

function sheets(...identities: readonly (typeof app)[]): readonly IdentitySheet[] {
  const from = estate({
    identities,
    assignments: [
      assign(app.principalId, owner, sub('prod')),
      assign(api.principalId, contributor, `${sub('test')}/resourceGroups/rg`),
      assign(web.principalId, keyVaultSecretsUser, `${sub('prod')}/resourceGroups/rg-app/providers/Microsoft.KeyVault/vaults/kv`),
    ],
  });
  return [...inventoryOf({ estate: from, access: openAccess(from), now: 'not kept' })];
}
const nothingHidden = (): boolean => false;
const open = () => {
  const table = memoryTable();
  return { table, store: openStore(table, clock) };
};

describe('the stored inventory', () => {
  it('gives back each sheet by object id, client id, ARM id and name, with the instant it was seen', async () => {
    const { store } = open();
    await store.saveInventory({ at: today, sheets: sheets(app, api, web), hidden: nothingHidden });
    const expected = [{ ...sheets(app, api, web)[0], seenAt: today }];
    for (const who of [
      app.principalId,
      app.principalId.toUpperCase(),
      guid('client of shop-app'),
      app.resourceId.toUpperCase(),
      'SHOP-APP',
    ])
      expect(await store.identitySheets(who)).toEqual(expected);
    for (const who of ['', 'nobody', pid('nobody'), '/']) expect(await store.identitySheets(who)).toEqual([]);
  });

  it.each<readonly [string, Pick<IdentityQuery, 'filter' | 'sort'>, readonly string[]]>([
    ['everything by name', { filter: {} }, ['shop-api', 'shop-app', 'Website']],
    ['the worst grant first', { filter: {}, sort: 'severity' }, ['shop-app', 'shop-api', 'Website']],
    ['by the beginning of the name', { filter: { search: 'SHOP' } }, ['shop-api', 'shop-app']],
    ['by the beginning of a part of it', { filter: { search: 'api' } }, ['shop-api']],
    ['by the beginning of an id', { filter: { search: app.principalId.slice(0, 8) } }, ['shop-app']],
    ['not by the middle', { filter: { search: 'site' } }, []],
    ['by scope', { filter: { scope: sub('test') } }, ['shop-api']],
    ['by the worst grant', { filter: { severity: 'high' } }, ['shop-app']],
  ])('is searched: %s', async (_, query, names) => {
    const { store } = open();
    await store.saveInventory({ at: today, sheets: sheets(app, api, web), hidden: nothingHidden });
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Awaited<ReturnType<typeof store.inventory>> = await store.inventory({ ...query, limit: 1, cursor });
      found.push(...page.items.map(({ name }) => name));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(found).toEqual(names);
  });

  it('writes nothing but the instant when nothing changed', async () => {
    const { table, store } = open();
    await store.saveInventory({ at: yesterday, sheets: sheets(app, api), hidden: nothingHidden });
    const before = table.dump();
    await store.saveInventory({ at: today, sheets: sheets(app, api), hidden: nothingHidden });
    expect(
      table
        .dump()
        .filter((row, at) => JSON.stringify(row) !== JSON.stringify(before[at]))
        .map(({ partition }) => partition),
    ).toEqual(['inventory.seen']);
    expect((await store.identitySheets('shop-app'))[0]?.seenAt).toBe(today);
  });

  it('forgets what is gone, and keeps what a run could not see, as it was when it was last seen', async () => {
    const { store } = open();
    await store.saveInventory({ at: yesterday, sheets: sheets(app, api, web), hidden: nothingHidden });
    await store.saveInventory({ at: today, sheets: sheets(web), hidden: ({ resourceId }) => resourceId.startsWith(sub('test')) });
    expect((await store.inventory({ filter: {}, limit: 9 })).items.map(({ name, seenAt }) => [name, seenAt])).toEqual([
      ['shop-api', yesterday],
      ['Website', today],
    ]);
    expect(await store.identitySheets(app.principalId)).toEqual([]);
    await store.saveInventory({ at: today, sheets: sheets(web, api), hidden: nothingHidden });
    expect((await store.identitySheets('shop-api'))[0]?.seenAt).toBe(today);
  });

  it('is the same whenever a run died and was done again', async () => {
    const first = (table: RecordTable) =>
      openStore(table, clock).saveInventory({ at: yesterday, sheets: sheets(app, api), hidden: nothingHidden });
    const second = (table: RecordTable) =>
      openStore(table, clock).saveInventory({ at: today, sheets: sheets(api, web), hidden: nothingHidden });
    const undisturbed = memoryTable();
    await first(undisturbed);
    await second(undisturbed);
    for (let deaths = 0; deaths < 12; deaths++) {
      const table = memoryTable();
      await first(table);
      await orDeath(second(dyingTable(table, deaths, deaths % 2 === 0)));
      await second(table);
      expect(await dump(table)).toEqual(await dump(undisturbed));
    }
  });

  it('cuts a sheet that no row holds, and says how much is missing', async () => {
    const { store } = open();
    const [sheet] = sheets(app);
    const holding = { ...sheet!.holdings[0]!, question: 'ä'.repeat(3_000) };
    await store.saveInventory({
      at: today,
      sheets: [{ ...sheet!, holdings: Array.from({ length: 300 }, () => holding) }],
      hidden: nothingHidden,
    });
    const [kept] = await store.identitySheets('shop-app');
    expect(kept!.holdings.length + (kept!.more?.holdings ?? 0)).toBe(300);
    expect(JSON.stringify(kept).length).toBeLessThan(500_000);
  });
});
