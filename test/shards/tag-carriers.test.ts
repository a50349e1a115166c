import { describe, expect, it } from 'vitest';
import { tagReaders, tagsInForce } from '../../src/findings/index.ts';
import { splitOff, tagCarriers } from '../../src/shards/index.ts';
import { estate, host, resourceGroup, sub, subscription, systemAssignedOf, userAssigned, vault } from '../build/estate.ts';

const app = userAssigned('app', undefined, { tags: { owner: 'ada' } });
const api = userAssigned('api', undefined, { tags: { owner: 'ada' } });
const web = host('web', undefined, { tags: { env: 'prod' } });
const own = systemAssignedOf(web);
const bare = host('bare', undefined, { tags: {} });
const keys = vault('keys', { tags: { owner: 'ada' } });
const whole = estate({
  identities: [app, api, own],
  hosts: [web, bare],
  vaults: [keys],
  containers: [subscription('prod', undefined, { tags: { costs: '1' } }), resourceGroup('prod', 'rg-app', { tags: { env: 'all' } })],
});
const carriers = () => tagCarriers(splitOff(whole));

describe('what a join holds of hosts, identities and vaults', () => {
  it('is whose tags they are and no more, equal tags once', async () => {
    const { hosts, identities, vaults } = await carriers();
    expect(hosts).toEqual([{ key: web.key, tags: web.tags }]);
    expect(vaults).toEqual([{ key: keys.key, tags: keys.tags }]);
    expect(identities.map((each) => Object.keys(each).toSorted())).toEqual(
      identities.map(() => ['key', 'principalId', 'resourceId', 'tags']),
    );
    expect(identities[0]?.tags).toBe(identities[1]?.tags);
    expect(vaults[0]?.tags).toBe(identities[0]?.tags);
  });

  it('tells the same tags as the whole estate, to each reader anew', async () => {
    const [expected, newReader] = [tagsInForce(whole), tagReaders(await carriers())];
    for (const id of [app.principalId, app.resourceId, own.principalId, web.id, bare.id, keys.id, sub('prod'), '/', 'nobody'])
      for (const reader of [newReader(), newReader()]) expect([...reader(id)]).toEqual([...expected(id)]);
    expect([...newReader()(own.principalId)]).toEqual([{ env: 'prod' }, { env: 'all' }, { costs: '1' }]);
  });
});
