import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtInRoles, permissions, roleActions } from '../../src/access/index.ts';
import { slices } from '../../src/estate/index.ts';

describe('the permissions of the auditor', () => {
  it('are documented, each with what is lost', () => {
    const page = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8');
    for (const { permission, lost } of permissions) {
      const [row, ...more] = page.split('\n').filter((line) => line.startsWith(`| \`${permission}\` |`));
      expect([permission, more, row?.includes(` | ${lost} |`)]).toEqual([permission, [], true]);
    }
  });

  it('cover every slice, so that each gap can name one', () => {
    expect(slices.filter((slice) => !permissions.some((permission) => (permission.slices as readonly string[]).includes(slice)))).toEqual(
      [],
    );
  });

  it('are the custom role that infra/ deploys', () => {
    const role = JSON.parse(readFileSync(new URL('../../infra/auditor-role.json', import.meta.url), 'utf8')) as {
      readonly actions: unknown;
    };
    expect(role.actions).toEqual(roleActions);
    expect(roleActions).not.toContain('*/read');
    expect(roleActions.filter((action) => !action.endsWith('/read'))).toEqual([]);
  });

  it('name operations of providers that Azure has', () => {
    // Two that no built-in role names: learn.microsoft.com/azure/role-based-access-control/resource-provider-operations
    const documented = ['microsoft.kusto', 'microsoft.virtualmachineimages'];
    const providers = new Set(
      builtInRoles().flatMap(({ blocks }) =>
        blocks.flatMap(({ actions, dataActions }) => [...actions, ...dataActions].map((action) => action.split('/', 1)[0]!.toLowerCase())),
      ),
    );
    expect(
      roleActions
        .map((action) => action.split('/', 1)[0]!)
        .filter((provider) => !providers.has(provider.toLowerCase()) && !documented.includes(provider.toLowerCase())),
    ).toEqual([]);
  });

  it('only read', () => {
    for (const { permission, plane } of permissions) expect(permission).toMatch(plane === 'graph' ? /\.Read(\.|Basic)/ : /\/read$/);
  });
});
