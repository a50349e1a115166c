import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operationOf } from '../../src/telemetry/operation.ts';

const arm = 'https://management.azure.com';
const guid = '5e0c6a2f-7a0c-4f0e-9a0e-1d2c3b4a5f60';

describe('the name of a call', () => {
  it.each([
    [`${arm}/subscriptions?api-version=1`, '/subscriptions'],
    [`${arm}/subscriptions/${guid}`, '/subscriptions/{}'],
    [
      `${arm}/subscriptions/${guid}/resourceGroups/rg-payroll/providers/Microsoft.KeyVault/vaults/kv-1?x=1`,
      '/subscriptions/{}/resourceGroups/{}/providers/Microsoft.KeyVault/vaults/{}',
    ],
    [`${arm}/providers/Microsoft.ResourceGraph/resources`, '/providers/Microsoft.ResourceGraph/resources'],
    [
      `${arm}/subscriptions/${guid}/providers/Microsoft.Authorization/roleAssignments/${guid}`,
      '/subscriptions/{}/providers/Microsoft.Authorization/roleAssignments/{}',
    ],
    // A name that looks like a type stands where a name stands.
    [
      `${arm}/subscriptions/${guid}/resourceGroups/annalotte/providers/Microsoft.Web/sites/annalotte/slots/berta`,
      '/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Web/sites/{}/slots/{}',
    ],
    [`https://graph.microsoft.com/v1.0/users/anna@contoso.com/memberOf`, '/v1.0/users/{}/{}'],
    [`https://graph.microsoft.com/v1.0/$batch`, '/v1.0/$batch'],
    [`https://graph.microsoft.com/v1.0/groups/${guid}/transitiveMembers?$select=id`, '/v1.0/groups/{}/transitiveMembers'],
    ["https://acc.table.core.windows.net/miaudit(PartitionKey='finding.a',RowKey='b')", '/{}()'],
    [`https://api.loganalytics.io/v1/workspaces/${guid}/query`, '/v1/workspaces/{}/query'],
    ['https://name.communication.azure.com/emails:send?api-version=1', '/emails:send'],
    ['https://user:password@host.example/token', '/token'],
    ['not an address', '/{}'],
    ['', '/{}'],
  ])('of %s is %s', (url, path) => {
    expect(operationOf(url).path).toBe(path);
  });

  it('never holds what a stranger wrote', () => {
    const strange = fc.string({ minLength: 12, maxLength: 40 }).map((text) => `${text}Zz9`);
    fc.assert(
      fc.property(strange, fc.constantFrom('/subscriptions/', '/v1.0/users/', '/x/', '/providers/Microsoft.Web/sites/'), (name, before) => {
        const { path, host } = operationOf(
          `${arm}${before}${encodeURIComponent(name.toWellFormed())}?sig=${encodeURIComponent(name.toWellFormed())}`,
        );
        expect(path).not.toContain('Zz9');
        expect(host).toBe('management.azure.com');
      }),
    );
  });
});
