import { owned, type Story } from '../landscape.ts';
import { noRole, storageCalls, vaultCalls } from '../log-rows/calls.ts';
import { grantRemoved, vaultWritten } from '../log-rows/changes.ts';
import { finding, incident } from '../planted.ts';

/** Three workloads that were refused this morning, each for a reason of its own. */
export const refusedCalls: Story = {
  name: 'refused calls',
  plant({ t, group, records }) {
    const tickets = group('tickets', 'prod');
    const seller = t.userAssignedIdentity(tickets, 'id-tickets-prod', { tags: owned });
    t.host('webApp', tickets, 'app-tickets-prod', { userAssigned: [seller], tags: owned });
    const ticketVault = t.vault(tickets, 'kv-tickets-prod', { rbac: true });
    t.assign(seller, 'Storage Blob Data Reader', t.storageAccount(tickets, 'stticketsprod'));
    const removed = t.assign(seller, 'Key Vault Secrets User', ticketVault);
    t.remove(removed.id);
    grantRemoved(records, {
      assignment: removed,
      principalId: seller.principalId,
      role: 'Key Vault Secrets User',
      scope: ticketVault,
      at: t.ago({ minutes: 61 }),
    });
    vaultCalls(records, {
      vault: ticketVault,
      caller: seller,
      object: 'payment-key',
      from: 1_380,
      until: 62,
      every: 20,
      answer: { kind: 'ok' },
    });
    vaultCalls(records, { vault: ticketVault, caller: seller, object: 'payment-key', answer: noRole() });

    const fulfilment = group('fulfilment', 'prod');
    const packer = t.userAssignedIdentity(fulfilment, 'id-fulfilment-prod', { tags: owned });
    t.host('functionApp', fulfilment, 'func-fulfilment-prod', { userAssigned: [packer], tags: owned });
    t.assign(packer, 'Storage Queue Data Message Processor', t.storageAccount(fulfilment, 'stfulfilmentprod'));
    const flipped = t.vault(fulfilment, 'kv-fulfilment-prod', { rbac: true, policies: [{ holder: packer, secrets: ['Get', 'List'] }] });
    vaultWritten(records, { vault: flipped, rbac: true, at: t.ago({ minutes: 182 }) });
    vaultCalls(records, {
      vault: flipped,
      caller: packer,
      object: 'carrier-token',
      from: 1_380,
      until: 190,
      every: 20,
      answer: { kind: 'ok' },
    });
    vaultCalls(records, { vault: flipped, caller: packer, object: 'carrier-token', from: 180, every: 2, answer: noRole() });

    const media = group('media', 'prod');
    const resizer = t.userAssignedIdentity(media, 'id-media-prod', { tags: owned });
    t.host('containerApp', media, 'ca-media-prod', { userAssigned: [resizer], tags: owned });
    const guarded = t.resource(media, 'Microsoft.Storage/storageAccounts', 'stmediaprod', {
      kind: 'StorageV2',
      sku: { name: 'Standard_ZRS', tier: 'Standard' },
      properties: {
        allowSharedKeyAccess: false,
        publicNetworkAccess: 'Enabled',
        networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] },
      },
    });
    t.assign(resizer, 'Storage Blob Data Contributor', guarded);
    storageCalls(records, {
      account: guarded,
      caller: resizer,
      path: 'originals/0001.jpg',
      text: 'AuthorizationFailure',
      address: '20.61.7.9',
      from: 75,
    });

    return [
      incident('role-removed', seller, 'its role on the vault was removed an hour ago'),
      incident('vault-on-rbac', packer, 'the vault was moved to RBAC three hours ago; its access policy counts no more'),
      finding('vault-policy-without-effect', flipped, 'access policy left on the vault that was moved this morning'),
      incident('network-rule', resizer, "the account's firewall does not know the container app's address; the role is there"),
    ];
  },
};
