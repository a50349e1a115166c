import { describe, expect, it } from 'vitest';
import { builtInRole, builtInRoles, openAccess } from '../../src/access/index.ts';
import { measure } from '../../src/access/measure.ts';
import { roleId } from '../../src/estate/index.ts';
import { builtIns, estate, guid, role } from '../build/estate.ts';

const named = (name: string) => {
  const found = builtInRoles().find((one) => one.name === name);
  if (found === undefined) throw new Error(`no built-in role ${name}`);
  return measure(found);
};
const custom = (part: Parameters<typeof role>[2]) => measure(role(guid('custom'), 'Custom', part, { custom: true }));

describe('the power of built-in roles', () => {
  it.each([
    ['Owner', { everything: true, readOnly: false, broadWrite: ['*'], dataRead: [], dataWrite: [] }],
    ['Contributor', { everything: true, escalation: [], broadWrite: ['*'], dataRead: [] }],
    ['Reader', { everything: false, escalation: [], broadWrite: [], secretActions: [], attach: [], wildcards: [], readOnly: true }],
    ['User Access Administrator', { everything: false, broadWrite: ['Microsoft.Authorization/*'], readOnly: false }],
    [
      'Role Based Access Control Administrator',
      { everything: false, escalation: ['Microsoft.Authorization/roleAssignments/write'], broadWrite: [] },
    ],
    ['Resource Policy Contributor', { escalation: ['Microsoft.Authorization/policyAssignments/write'] }],
    ['Network Contributor', { broadWrite: [], escalation: [], everything: false }],
    ['Key Vault Contributor', { broadWrite: ['Microsoft.KeyVault/*'], escalation: [] }],
    ['Virtual Machine Contributor', { broadWrite: [], escalation: [] }],
    ['Key Vault Reader', { dataRead: [], dataWrite: [], readOnly: false }],
    ['Key Vault Secrets User', { dataRead: ['Microsoft.KeyVault/vaults/secrets/getSecret/action'], dataWrite: [] }],
    ['Storage Blob Data Reader', { dataRead: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'], dataWrite: [] }],
    ['Azure Service Bus Data Sender', { dataRead: [], dataWrite: ['Microsoft.ServiceBus/*/send/action'] }],
    ['Monitoring Metrics Publisher', { dataRead: [], dataWrite: [], escalation: [], broadWrite: [] }],
    ['Log Analytics Reader', { dataRead: [], dataWrite: [], broadWrite: [] }],
    ['Managed Identity Operator', { attach: ['Microsoft.ManagedIdentity/userAssignedIdentities/identity/assign/action'] }],
    ['AcrPull', { secretActions: [], dataRead: [], readOnly: true }],
  ])('%s', (name, expected) => {
    expect(named(name)).toMatchObject(expected);
  });

  it('keeps the conditions that stand in a definition', () => {
    expect(named('Key Vault Data Access Administrator').conditions).toHaveLength(1);
    expect(named('Owner').conditions).toEqual([]);
  });

  it('finds the two roles that hold everything, and every role that grants', () => {
    const all = builtInRoles().map((one) => ({ one, power: measure(one) }));
    expect(
      all
        .filter(({ power }) => power.everything)
        .map(({ one }) => one.name)
        .toSorted(),
    ).toEqual(['Contributor', 'Owner']);
    const grants = all.filter(({ power }) => power.escalation.includes('Microsoft.Authorization/roleAssignments/write'));
    // FACTS section 6: 29 built-in roles contain roleAssignments/write or a wildcard over it.
    expect(grants).toHaveLength(29);
  });
});

describe('the power of custom roles', () => {
  it.each([
    [
      'everything but reads is taken away again',
      { actions: ['*'], notActions: ['*/write', '*/delete', '*/action'] },
      { everything: false, broadWrite: [], escalation: [], wildcards: [], readOnly: true },
    ],
    ['everything but the network', { actions: ['*'], notActions: ['Microsoft.Network/*'] }, { everything: true, broadWrite: ['*'] }],
    ['every write', { actions: ['*/write'] }, { everything: false, broadWrite: ['*/write'], wildcards: ['*/write'] }],
    ['everything under another name', { actions: ['*/*'] }, { everything: true }],
    [
      'compute and network',
      { actions: ['Microsoft.Compute/*', 'Microsoft.Network/*'] },
      { broadWrite: ['Microsoft.Compute/*', 'Microsoft.Network/*'] },
    ],
    ['a harmless provider', { actions: ['Microsoft.Insights/*'] }, { broadWrite: [], wildcards: ['Microsoft.Insights/*'] }],
    [
      'support, alerts and deployments',
      { actions: ['Microsoft.Support/*', 'Microsoft.Insights/alertRules/*', 'Microsoft.Resources/deployments/*'] },
      { wildcards: [], readOnly: true },
    ],
    ['reads by wildcard', { actions: ['Microsoft.Compute/*/read', '*/read'] }, { wildcards: [], readOnly: true }],
    ['data reads by wildcard', { dataActions: ['Microsoft.Storage/*/read'] }, { wildcards: ['Microsoft.Storage/*/read'], dataWrite: [] }],
    [
      'secrets by wildcard',
      { actions: ['Microsoft.Storage/storageAccounts/*/action'] },
      { wildcards: ['Microsoft.Storage/storageAccounts/*/action'] },
    ],
    [
      'keys',
      { actions: ['Microsoft.Storage/storageAccounts/listKeys/action'] },
      { secretActions: ['Microsoft.Storage/storageAccounts/listKeys/action'], wildcards: [], readOnly: false },
    ],
    ['a policy assignment without remediation', { actions: ['Microsoft.Authorization/policyAssignments/write'] }, { escalation: [] }],
    ['the data plane asked by a control pattern', { actions: ['Microsoft.KeyVault/vaults/secrets/*'] }, { dataRead: [], dataWrite: [] }],
    [
      'a definition in odd case',
      { actions: ['MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE'] },
      { escalation: ['Microsoft.Authorization/roleAssignments/write'] },
    ],
    ['nothing', {}, { everything: false, readOnly: true, wildcards: [] }],
  ])('%s', (_, part, expected) => {
    expect(custom(part)).toMatchObject(expected);
  });

  it('asks each block by itself', () => {
    const blocks = [
      { actions: ['*'], notActions: ['Microsoft.Authorization/*'], dataActions: [], notDataActions: [] },
      { actions: ['Microsoft.Authorization/roleAssignments/write'], notActions: [], dataActions: [], notDataActions: [] },
    ];
    expect(measure({ ...role(guid('x'), 'X', {}), blocks }).escalation).toEqual(['Microsoft.Authorization/roleAssignments/write']);
  });
});

describe('the list of built-in roles', () => {
  it('knows them by id and says where it is from', () => {
    expect(
      builtInRole(roleId('/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/8E3AF657-A8FF-443C-A75C-2FE8C4BCB635')),
    ).toMatchObject({ name: 'Owner', source: 'built-in-list' });
    expect(builtInRole(roleId(guid('none')))).toBeUndefined();
    expect(builtInRoles().length).toBeGreaterThan(900);
  });

  it('agrees with the definitions that tests use as what Azure shows', () => {
    for (const { id, name, blocks } of builtIns) {
      const listed = builtInRole(id);
      expect(listed?.name).toBe(name);
      expect(listed?.blocks.map(({ dataActions }) => dataActions)).toEqual(blocks.map(({ dataActions }) => dataActions));
    }
  });

  it('steps in where Azure shows nothing, and back where it shows something', () => {
    const shown = role('8e3af657-a8ff-443c-a75c-2fe8c4bcb635', 'Owner as shown', { actions: ['*/read'] });
    expect(openAccess(estate({ roles: [] })).powerOf(shown.id)?.everything).toBe(true);
    expect(openAccess(estate({ roles: [shown] })).powerOf(shown.id)?.everything).toBe(false);
    expect(openAccess(estate()).powerOf(roleId(guid('hidden')))).toBeUndefined();
  });
});
