import { describe, expect, it } from 'vitest';
import { managedIdentity, microsoftGraph, resource, sub1, subscription, userAssigned } from './rows.ts';
import { collect, guid, type Files } from './sandboxed.ts';

const account = `/subscriptions/${sub1}/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/cosmos-pay`;
const uami = userAssigned(sub1, 'app', guid(1));
const own = guid(800);
const files: Files = {
  'arg/resourcecontainers': [subscription(sub1)],
  'arg/resources': [uami, resource(sub1, 'Microsoft.DocumentDB/databaseAccounts', 'cosmos-pay')],
  'graph/servicePrincipals': [microsoftGraph, managedIdentity(guid(1), uami.id)],
};
const native = (number: number, role: string, scope = account) => ({
  id: `${account}/sqlRoleAssignments/${guid(number)}`,
  name: guid(number),
  type: 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments',
  properties: { roleDefinitionId: `${account}/sqlRoleDefinitions/${role}`, principalId: guid(1).toUpperCase(), scope },
});
const definition = {
  id: `${account}/sqlRoleDefinitions/${own}`,
  name: own,
  type: 'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions',
  properties: { roleName: 'Feed reader', permissions: [{ dataActions: ['Microsoft.DocumentDB/databaseAccounts/readMetadata'] }] },
};

describe("Cosmos DB's own roles", () => {
  it('are read where an answer is about an account, with the actions of their roles', async () => {
    const arm = [native(1, '00000000-0000-0000-0000-000000000001', `${account}/dbs/orders`), native(2, own), definition];
    const { estate } = await collect({ files: { ...files, arm }, request: { denyAssignmentsAt: [account.toLowerCase(), account] } });
    expect(estate.gaps.filter(({ why }) => /Cosmos/.test(why))).toEqual([]);
    expect(estate.nativeRoleAssignments).toMatchObject([
      { principalId: guid(1), roleName: 'Cosmos DB Built-in Data Reader', scope: `${account}/dbs/orders`.toLowerCase() },
      { principalId: guid(1), roleName: 'Feed reader', dataActions: ['Microsoft.DocumentDB/databaseAccounts/readMetadata'] },
    ]);
  });

  it('are not read for anything else, which is not "none"', async () => {
    const { estate, requests } = await collect({ files, request: { denyAssignmentsAt: [`/subscriptions/${sub1}`] } });
    expect(estate.nativeRoleAssignments).toBeUndefined();
    expect(requests.some((one) => /sqlrole/i.test(one))).toBe(false);
  });

  it('of an account that is gone are no gap', async () => {
    const { estate } = await collect({ files, request: { denyAssignmentsAt: [`${account}-gone`] } });
    expect(estate.nativeRoleAssignments).toBeUndefined();
    expect(estate.gaps.filter(({ why }) => why.startsWith("Cosmos DB's own"))).toEqual([]);
  });

  it('of which one names a role that is not there are a gap: the account is not gone, and what it allows is not known', async () => {
    const { estate } = await collect({ files: { ...files, arm: [native(2, own)] }, request: { denyAssignmentsAt: [account] } });
    expect(estate.nativeRoleAssignments).toBeUndefined();
    expect(estate.gaps.filter(({ why }) => why.startsWith("Cosmos DB's own"))).toMatchObject([
      { slice: 'roleAssignments', scope: account, why: expect.stringContaining(`its role ${own} is not there`) },
    ]);
  });

  it('that cannot be read are a gap, and nobody says that there are none', async () => {
    const { estate } = await collect({
      files,
      settings: { faults: [{ match: `GET ${account}/sqlRoleAssignments`, status: 403, code: 'AuthorizationFailed' }] },
      request: { denyAssignmentsAt: [account] },
    });
    expect(estate.nativeRoleAssignments).toBeUndefined();
    expect(estate.gaps.filter(({ why }) => why.startsWith("Cosmos DB's own"))).toMatchObject([
      { slice: 'roleAssignments', scope: account, state: 'missing' },
    ]);
  });
});
