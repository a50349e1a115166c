import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { permissions } from '../../src/azure/index.ts';
import { slices } from '../../src/estate/index.ts';

describe('permissions', () => {
  it('are documented, each with what is lost', () => {
    const page = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8');
    const documented = page.split('\n').filter((line) => line.startsWith('| `'));
    expect(documented).toEqual(
      permissions.map(({ permission, slices: blind, lost }) => `| \`${permission}\` | ${blind.join(', ')} | ${lost} |`),
    );
  });

  it('cover every slice, so that each gap can name one', () => {
    expect(slices.filter((slice) => !permissions.some((permission) => (permission.slices as readonly string[]).includes(slice)))).toEqual(
      [],
    );
  });

  it('only read', () => {
    for (const { permission, plane } of permissions) expect(permission).toMatch(plane === 'arm' ? /\/read$/ : /\.Read(\.|Basic)/);
  });
});
