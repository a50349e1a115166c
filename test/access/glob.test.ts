import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, glob, overlap } from '../../src/access/glob.ts';

/** The plainest possible matcher: slow, recursive, obviously right. */
function oracle(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*') return oracle(pattern.slice(1), text) || (text !== '' && oracle(pattern, text.slice(1)));
  return text !== '' && pattern[0] === text[0] && oracle(pattern.slice(1), text.slice(1));
}

const pattern = array(constantFrom('a', 'b', '/', '*'), { maxLength: 7 }).map((parts) => parts.join(''));
const text = array(constantFrom('a', 'b', '/'), { maxLength: 7 }).map((parts) => parts.join(''));

describe('glob', () => {
  it.each([
    ['*', 'microsoft.compute/virtualmachines/write', true],
    ['*/read', 'microsoft.keyvault/vaults/read', true],
    ['*/read', 'microsoft.keyvault/vaults/readmetadata/action', false],
    ['Microsoft.Compute/*/Write', 'microsoft.compute/virtualmachines/write', true],
    ['Microsoft.Authorization/*/Write', 'microsoft.authorization/write', false],
    ['Microsoft.Compute/virtualMachines/*', 'microsoft.compute/virtualmachinescalesets/write', false],
    ['Microsoft.Web/sites/*', 'microsoft.web/sites', false],
    ['a.b/c', 'axb/c', false],
    ['a(b)+[c]', 'a(b)+[c]', true],
    ['', '', true],
    ['a*a', 'a', false],
  ])('%s on %s: %s', (given, operation, expected) => {
    expect(glob(given)(operation)).toBe(expected);
  });

  it('agrees with the plain matcher', () => {
    assert(
      property(pattern, text, (p, t) => {
        expect(glob(p)(t)).toBe(oracle(p, t));
      }),
      { numRuns: 3000 },
    );
  });

  it('stays quick on a hostile pattern', () => {
    expect(glob('*a'.repeat(2000) + 'b')('a'.repeat(20000))).toBe(false);
  });
});

describe('contains', () => {
  it.each([
    ['*', 'Microsoft.Compute/*', true],
    ['Microsoft.Compute/*', '*', false],
    ['*/read', 'Microsoft.Compute/*/read', true],
    ['*/read', 'Microsoft.Compute/*', false],
    ['Microsoft.Compute/virtualMachines/*', 'Microsoft.Compute/virtualMachines/*/write', true],
    ['Microsoft.Compute/virtualMachines/*/write', 'Microsoft.Compute/virtualMachines/write', false],
  ])('%s ⊇ %s: %s', (wide, narrow, expected) => {
    expect(contains(wide, narrow)).toBe(expected);
  });

  it('never claims a pattern that lets more through', () => {
    assert(
      property(pattern, pattern, text, (wide, narrow, t) => {
        expect(!(contains(wide, narrow) && oracle(narrow, t)) || oracle(wide, t)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('overlap', () => {
  it.each([
    ['*/read', 'Microsoft.Compute/*', true],
    ['*/read', '*/write', false],
    ['Microsoft.Compute/*', 'Microsoft.Network/*', false],
    ['*a*', '*b*', true],
    ['a*b', 'ab', true],
    ['a*ab', 'ab', false],
  ])('%s ∩ %s: %s', (one, other, expected) => {
    expect(overlap(one, other)).toBe(expected);
    expect(overlap(other, one)).toBe(expected);
  });

  it('sees every common text', () => {
    assert(
      property(pattern, pattern, text, (one, other, t) => {
        expect(!(oracle(one, t) && oracle(other, t)) || overlap(one, other)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
