import { owned, type Story } from '../landscape.ts';
import { storageCalls } from '../log-rows/calls.ts';
import { finding, incident, silent } from '../planted.ts';

/** One identity for several workloads, several identities on one host. */
export const sharedIntegration: Story = {
  name: 'shared integration',
  plant({ t, group, records }) {
    const billing = group('billing', 'prod');
    const invoicing = group('invoicing', 'prod');
    const account = t.storageAccount(billing, 'stbillingprod');
    const identity = (name: string) => t.userAssignedIdentity(billing, name, { tags: owned });

    const shared = identity('id-integration-prod');
    t.host('webApp', billing, 'app-billing-prod', { userAssigned: [shared], tags: owned });
    t.host('functionApp', invoicing, 'func-invoicing-prod', { userAssigned: [shared], spelling: 'lower', tags: owned });
    t.assign(shared, 'Storage Blob Data Contributor', account);

    const reads = identity('id-checkout-read');
    const writes = identity('id-checkout-write');
    const checkout = t.host('webApp', billing, 'app-checkout-prod', { userAssigned: [reads, writes], tags: owned });
    t.assign(reads, 'Storage Blob Data Reader', account);
    t.assign(writes, 'Storage Blob Data Contributor', account);
    storageCalls(records, {
      account,
      caller: reads,
      operation: 'PutBlob',
      path: 'receipts/2026/11/4711.json',
      decision: { action: blobWrite },
      from: 190,
    });

    const blue = identity('id-rates-blue');
    const green = identity('id-rates-green');
    const rates = t.host('containerApp', billing, 'ca-rates-prod', { userAssigned: [blue, green], tags: owned });
    t.assign(blue, 'Storage Blob Data Reader', account);
    t.assign(green, 'Storage Blob Data Reader', account);

    return [
      incident('wrong-identity', reads, 'the checkout writes receipts as the identity that only reads'),
      finding('shared-identity', shared, 'on hosts of two workloads in two resource groups'),
      silent('shared-identity', reads, 'one host'),
      finding('ambiguous-identities', checkout, 'two user-assigned identities with different roles: the wrong one can answer'),
      silent('ambiguous-identities', rates, 'two identities with the same roles: either may answer'),
    ];
  },
};

const blobWrite = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write';
