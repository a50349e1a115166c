import { array, assert, constantFrom, option, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelOf, resourceKey, root, scopeTree, subscriptionOf } from '../../src/estate/index.ts';
import { managementGroup, mg, sub, subscription } from '../build/estate.ts';

const group = `${sub('prod')}/resourceGroups/rg-app`;
const storage = `${group}/providers/Microsoft.Storage/storageAccounts/st1`;
const tree = scopeTree([
  managementGroup('tenant'),
  managementGroup('platform', mg('tenant')),
  subscription('prod', mg('platform')),
  subscription('lost'),
]);
const chain = (id: string) => tree.chain(resourceKey(id));
const within = (scope: string, ancestor: string) => tree.within(resourceKey(scope), resourceKey(ancestor));

describe('levelOf', () => {
  it.each([
    ['/', 'root'],
    ['', 'root'],
    [mg('platform'), 'managementGroup'],
    [`${mg('platform')}/providers/Microsoft.Authorization/policyAssignments/p`, 'resource'],
    [sub('prod'), 'subscription'],
    [`${sub('prod')}/`, 'subscription'],
    [group.toUpperCase(), 'resourceGroup'],
    [storage, 'resource'],
    [`${sub('prod')}/providers/Microsoft.Security/pricings/x`, 'resource'],
    ['/providers/Microsoft.Capacity/reservationOrders/x', 'resource'],
  ])('%s is a %s', (scope, level) => {
    expect(levelOf(resourceKey(scope))).toBe(level);
  });
});

describe('chain', () => {
  it('climbs from a nested resource to the root', () => {
    expect(chain(`${storage}/blobServices/default/containers/logs`)).toEqual(
      [
        `${storage}/blobServices/default/containers/logs`,
        `${storage}/blobServices/default`,
        storage,
        group,
        sub('prod'),
        mg('platform'),
        mg('tenant'),
        '/',
      ].map(resourceKey),
    );
  });

  it('climbs from an extension resource to what it hangs on', () => {
    expect(chain(`${storage}/providers/Microsoft.Authorization/locks/l`)[1]).toBe(resourceKey(storage));
    expect(chain(`${mg('platform')}/providers/Microsoft.Authorization/policyAssignments/p`).slice(1)).toEqual(
      [mg('platform'), mg('tenant'), '/'].map(resourceKey),
    );
  });

  it('ends at the root where nothing is known above', () => {
    expect(chain(sub('lost'))).toEqual([resourceKey(sub('lost')), root]);
    expect(chain('/providers/Microsoft.Capacity/reservationOrders/x')).toEqual(['/providers/microsoft.capacity/reservationorders/x', root]);
    expect(chain('/')).toEqual([root]);
  });

  it('names a management group that has no row of its own', () => {
    const partial = scopeTree([subscription('prod', mg('hidden'))]);
    expect(partial.chain(resourceKey(sub('prod')))).toEqual([sub('prod'), mg('hidden'), '/'].map(resourceKey));
    expect(partial.isWhole(resourceKey(sub('prod')))).toBe(false);
  });

  it('survives management groups that contain each other', () => {
    const looped = scopeTree([managementGroup('a', mg('b')), managementGroup('b', mg('a')), subscription('prod', mg('a'))]);
    expect(looped.chain(resourceKey(sub('prod')))).toEqual([sub('prod'), mg('a'), mg('b'), '/'].map(resourceKey));
    expect(looped.isWhole(resourceKey(sub('prod')))).toBe(false);
  });

  it('does not fall over a very long id', () => {
    expect(chain(`${storage}${'/a/b'.repeat(5000)}`)).toHaveLength(5000 + 6);
  });
});

describe('within', () => {
  it.each([
    [`${group}/providers/Microsoft.Web/sites/a`, group, true],
    [`${group}-prod/providers/Microsoft.Web/sites/a`, group, false],
    [`${group}-prod`, group, false],
    [sub('prod'), group, false],
    [storage.toUpperCase(), group.toLowerCase(), true],
    [storage, mg('platform'), true],
    [storage, mg('tenant'), true],
    [storage, mg('plat'), false],
    [sub('lost'), mg('tenant'), false],
    [mg('platform'), mg('tenant'), true],
    [mg('tenant'), mg('platform'), false],
    ['/', sub('prod'), false],
    [sub('lost'), '/', true],
  ])('%s in %s: %s', (scope, ancestor, expected) => {
    expect(within(scope, ancestor)).toBe(expected);
  });

  const name = constantFrom('a', 'b', 'a-b', 'app', 'App-prod', 'providers', 'resourceGroups');
  const scope = tuple(constantFrom(sub('prod'), sub('lost'), mg('platform')), option(name), array(tuple(name, name), { maxLength: 3 })).map(
    ([top, rg, pairs]) =>
      `${top}${rg === null ? '' : `/resourceGroups/${rg}`}${pairs.length > 0 ? `/providers/Microsoft.X${pairs.map(([t, n]) => `/${t}/${n}`).join('')}` : ''}`,
  );

  it('holds for everything in the chain, and for nothing below', () => {
    assert(
      property(scope, (id) => {
        const all = chain(id);
        expect(all[0]).toBe(resourceKey(id));
        expect(all.at(-1)).toBe(root);
        expect(new Set(all).size).toBe(all.length);
        for (const each of all) {
          expect(tree.within(resourceKey(id), each)).toBe(true);
          expect(tree.within(each, all[0]!)).toBe(each === all[0]);
        }
      }),
    );
  });

  it('is transitive', () => {
    assert(
      property(scope, scope, scope, (a, b, c) => {
        expect(!(within(a, b) && within(b, c)) || within(a, c)).toBe(true);
      }),
    );
  });
});

describe('isWhole', () => {
  it('is true only where the management groups above are known to the top', () => {
    expect(tree.isWhole(resourceKey(storage))).toBe(true);
    expect(tree.isWhole(resourceKey(sub('lost')))).toBe(false);
    expect(tree.isWhole(root)).toBe(true);
  });
});

describe('subscriptionOf', () => {
  it.each([
    [storage, sub('prod')],
    [sub('prod'), sub('prod')],
    [mg('platform'), undefined],
    ['/', undefined],
  ])('%s → %s', (scope, expected) => {
    expect(subscriptionOf(resourceKey(scope))).toBe(expected === undefined ? undefined : resourceKey(expected));
  });
});
