import { array, assert, constantFrom, property, record } from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/access/blocks.ts';
import { covers } from '../../src/access/covers.ts';
import { builtInRoles, openAccess } from '../../src/access/index.ts';
import { roleId, type PermissionBlock, type RoleDefinition } from '../../src/estate/index.ts';
import { blobDataReader, contributor, estate, guid, owner, reader, role } from '../build/estate.ts';

const listed = (name: string): RoleDefinition => builtInRoles().find((one) => one.name === name)!;
const holds = (one: RoleDefinition, operation: string, data: boolean): boolean =>
  one.blocks.some((block) => compile(block).allows(operation, data));

describe('covers', () => {
  it.each([
    ['Owner', 'Contributor', true],
    ['Owner', 'Reader', true],
    ['Owner', 'Storage Blob Data Reader', false],
    ['Contributor', 'Owner', false],
    ['Contributor', 'Virtual Machine Contributor', true],
    ['Contributor', 'Role Based Access Control Administrator', false],
    ['Reader', 'Contributor', false],
    ['Storage Blob Data Owner', 'Storage Blob Data Contributor', true],
    ['Storage Blob Data Contributor', 'Storage Blob Data Reader', true],
    ['Storage Blob Data Reader', 'Storage Blob Data Contributor', false],
    ['Key Vault Administrator', 'Key Vault Secrets User', true],
    ['User Access Administrator', 'Role Based Access Control Administrator', true],
    ['Key Vault Data Access Administrator', 'Reader', false],
    ['Owner', 'Key Vault Data Access Administrator', true],
    ['Contributor', 'Contributor', true],
  ])('%s over %s: %s', (wide, narrow, expected) => {
    expect(covers(listed(wide), listed(narrow))).toBe(expected);
  });

  it.each([
    ['a condition in the wide role', { actions: ['*'], condition: 'x' }, { actions: ['a/read'] }, false],
    ['a condition in the narrow role', { actions: ['*'] }, { actions: ['a/read'], condition: 'x' }, true],
    ['a notAction that bites', { actions: ['a/*'], notActions: ['a/b/*'] }, { actions: ['a/b/write'] }, false],
    ['a notAction elsewhere', { actions: ['a/*'], notActions: ['a/b/*'] }, { actions: ['a/c/write'] }, true],
    ['a notAction that both have', { actions: ['a/*'], notActions: ['a/b/*'] }, { actions: ['a/*'], notActions: ['a/b/*'] }, true],
    ['a notAction that narrow has wider', { actions: ['*'], notActions: ['a/b/c/*'] }, { actions: ['a/*'], notActions: ['a/b/*'] }, true],
    ['the other plane', { actions: ['*'] }, { dataActions: ['a/read'] }, false],
  ])('%s: %s', (_, wide, narrow, expected) => {
    expect(covers(role(guid('w'), 'w', wide), role(guid('n'), 'n', narrow))).toBe(expected);
  });

  const pattern = constantFrom(
    '*',
    'a/*',
    '*/read',
    '*/write',
    'a/b/*',
    'a/b/read',
    'a/b/write',
    'a/*/read',
    'b/*',
    'A/B/*',
    'a/b/c/write',
  );
  const patterns = array(pattern, { maxLength: 2 });
  const block = record({ actions: patterns, notActions: patterns, dataActions: patterns, notDataActions: patterns });
  const anyRole = array(block, { maxLength: 2 }).map((blocks: PermissionBlock[]): RoleDefinition => ({
    ...role(guid('r'), 'r', {}),
    blocks,
  }));
  const operations = ['a/read', 'a/write', 'a/b/read', 'a/b/write', 'a/b/c/write', 'a/c/read', 'b/write', 'b/b/read', 'c/delete', 'read'];

  it('is never true when the narrow role holds more', () => {
    assert(
      property(anyRole, anyRole, constantFrom(...operations), constantFrom(true, false), (wide, narrow, operation, data) => {
        expect(!(covers(wide, narrow) && holds(narrow, operation, data)) || holds(wide, operation, data)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('is asked by role id, and knows nothing of roles it cannot read', () => {
    const access = openAccess(estate());
    expect(access.covers(roleId(owner), roleId(reader))).toBe(true);
    expect(access.covers(roleId(contributor), roleId(blobDataReader))).toBe(false);
    expect(access.covers(roleId(owner), roleId(guid('hidden')))).toBe(false);
    expect(access.covers(roleId(guid('hidden')), roleId(reader))).toBe(false);
  });
});

/** Microsoft's operations, where the shared folder is at hand. */
const file = '/work/shared/azure/provider-operations.json';
describe.skipIf(!existsSync(file))('covers over all operations known', () => {
  it('holds for every pair of common built-in roles', () => {
    const { operations } = JSON.parse(readFileSync(file, 'utf8')) as { operations: { operation: string; isDataAction: boolean }[] };
    const roles = builtInRoles().filter(({ name }) =>
      /^(Owner|Contributor|Reader|Key Vault|Storage|User Access|Role Based|Network|Virtual Machine|Managed Identity)/.test(name),
    );
    const held = new Map(
      roles.map((one) => [
        one.id,
        new Set(
          operations
            .filter(({ operation, isDataAction }) => holds(one, operation.toLowerCase(), isDataAction))
            .map(({ operation }) => operation),
        ),
      ]),
    );
    const pairs = roles.flatMap((wide) => roles.filter((narrow) => covers(wide, narrow)).map((narrow) => [wide, narrow] as const));
    expect(pairs.length).toBeGreaterThan(roles.length * 2);
    for (const [wide, narrow] of pairs)
      expect([...held.get(narrow.id)!].filter((operation) => !held.get(wide.id)!.has(operation))).toEqual([]);
  });
});
