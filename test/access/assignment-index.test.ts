import { describe, expect, it } from 'vitest';
import { openAccess } from '../../src/access/index.ts';
import { assign, contributor, estate, mg, pid, reader, sub } from '../build/estate.ts';

const app = pid('app');
const other = pid('other');
const group = `${sub('prod')}/resourceGroups/rg-app`;
const storage = `${group}/providers/Microsoft.Storage/storageAccounts/st`;

const indexOf = (...scopes: readonly string[]) =>
  openAccess(estate({ assignments: scopes.map((scope) => assign(app, reader, scope)) })).assignments;

describe('who holds one assignment over another', () => {
  it.each([
    ['twice the same scope', [group, group]],
    ['a group and what lies in it', [storage, group]],
    ['a subscription and a resource', [sub('prod'), storage]],
    ['the root and anything', ['/', storage]],
    ['a management group, whatever lies below it', [storage, mg('landing')]],
    ['two, with others between them', [group, sub('dev'), `${sub('dev')}/resourceGroups/x`, sub('third')]],
  ])('%s', (_name, scopes) => {
    expect([...indexOf(...scopes).nestedHolders()]).toEqual([app]);
  });

  it.each([
    ['one alone', [group]],
    ['a group whose name begins alike', [group, `${group}-prod`]],
    ['two resources of one group', [storage, `${group}/providers/Microsoft.KeyVault/vaults/kv`]],
    ['two subscriptions', [sub('prod'), sub('dev')]],
    ['a group in another subscription', [sub('dev'), group]],
  ])('but not %s', (_name, scopes) => {
    expect([...indexOf(...scopes).nestedHolders()]).toEqual([]);
  });
});

describe("a principal's own assignments", () => {
  const rows = [
    assign(app, reader, group),
    assign(other, reader, group),
    assign(app, contributor, storage),
    assign(other, reader, sub('dev')),
    assign(app, reader, sub('third')),
  ];
  const { ofPrincipal, hasAny } = openAccess(estate({ assignments: rows })).assignments;

  it('come in the order of the estate', () => {
    expect(ofPrincipal(app)).toEqual([rows[0], rows[2], rows[4]]);
    expect(ofPrincipal(other)).toEqual([rows[1], rows[3]]);
  });

  it('are none where nobody granted any', () => {
    expect(ofPrincipal(pid('nobody'))).toEqual([]);
    expect(hasAny(pid('nobody'))).toBe(false);
    expect(hasAny(app)).toBe(true);
  });
});
