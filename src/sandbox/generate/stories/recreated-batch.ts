import { owned, type Story } from '../landscape.ts';
import { storageCalls } from '../log-rows/calls.ts';
import { finding, incident, silent } from '../planted.ts';

/** Hosts and identities that were deleted and made again: same name, new principal. */
export const recreatedBatch: Story = {
  name: 'recreated batch',
  plant({ t, group, records }) {
    const home = group('batch', 'prod');
    const account = t.storageAccount(home, 'stbatchprod');
    const vault = t.vault(home, 'kv-batch-prod', { rbac: true });
    const bus = t.resource(home, 'Microsoft.ServiceBus/namespaces', 'sb-batch-prod', { sku: { name: 'Premium' } });
    const machine = (name: string) => t.host('virtualMachine', home, name, { systemAssigned: true, tags: owned });
    const recycled = { recycledAt: t.ago({ days: 3 }) };

    const lacking = machine('vm-batch-01');
    t.assign(lacking.identity!, 'Storage Blob Data Contributor', account);
    t.assign(lacking.identity!, 'Key Vault Secrets User', vault);
    const lackingNow = t.recreateHost(lacking, recycled);
    // The batch runs once a day, and today it met its new self.
    storageCalls(records, {
      account,
      caller: lackingNow.identity!,
      operation: 'PutBlob',
      path: 'runs/2026-11-20.csv',
      decision: { action: blobWrite },
      from: 130,
    });

    const settlement = t.userAssignedIdentity(home, 'id-settlement-prod', { tags: owned });
    t.host('functionApp', home, 'func-settlement-prod', { userAssigned: [settlement], tags: owned });
    const orphan = t.assign(settlement, 'Azure Service Bus Data Receiver', bus);
    const settlementNow = t.recreateIdentity(settlement, home);
    t.assign(settlementNow, 'Storage Blob Data Reader', account);

    const restored = machine('vm-batch-02');
    t.assign(restored.identity!, 'Storage Blob Data Contributor', account);
    const restoredNow = t.recreateHost(restored, recycled);
    t.assign(restoredNow.identity!, 'Storage Blob Data Contributor', account, { createdOn: t.ago({ days: 2 }) });

    const covered = machine('vm-batch-03');
    t.assign(covered.identity!, 'Storage Blob Data Reader', account);
    const coveredNow = t.recreateHost(covered, recycled);
    t.assign(coveredNow.identity!, 'Storage Blob Data Contributor', home, { createdOn: t.ago({ days: 2 }) });

    return [
      incident('recreated-identity', lackingNow.identity!, 'its nightly run cannot write since it was redeployed'),
      finding('recreated-identity', lackingNow, 'machine redeployed three days ago; two grants went with the old principal'),
      finding(
        'recreated-identity',
        settlementNow,
        "user-assigned identity made again; its function app's bag still names the old principal",
      ),
      finding('orphaned-assignment', orphan, 'grant of the former principal: re-create it for the new one first'),
      silent('recreated-identity', restoredNow, 'redeployed, all grants made again'),
      silent('recreated-identity', coveredNow, 'redeployed, a wider role above covers the old grant'),
    ];
  },
};

const blobWrite = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write';
