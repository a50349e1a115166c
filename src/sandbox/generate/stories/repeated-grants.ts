import { owned, type Story } from '../landscape.ts';
import { finding, silent } from '../planted.ts';

/** Grants that say again what another grant says already, and pairs that only sound like it. */
export const repeatedGrants: Story = {
  name: 'repeated grants',
  plant({ t, dev, group }) {
    const home = group('pricing', 'dev');
    const account = t.storageAccount(home, 'stpricingdev');
    const worker = (name: string) => t.host('functionApp', home, `func-pricing-${name}`, { systemAssigned: true, tags: owned }).identity!;

    const pricing = worker('main');
    t.assign(pricing, 'Storage Blob Data Contributor', home);
    const repeated = t.assign(pricing, 'Storage Blob Data Reader', account);

    const planes = worker('planes');
    t.assign(planes, 'Reader', home);
    const dataPlane = t.assign(planes, 'Storage Blob Data Reader', account);

    const conditioned = worker('conditioned');
    t.assign(conditioned, 'Storage Blob Data Contributor', home, {
      condition: "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'prices'",
    });
    const unconditioned = t.assign(conditioned, 'Storage Blob Data Reader', account);

    const siblings = worker('siblings');
    t.assign(siblings, 'Reader', t.resourceGroup(dev, 'rg-app', { tags: owned }));
    const sibling = t.assign(siblings, 'Reader', t.resourceGroup(dev, 'rg-app-prod', { tags: owned }));

    return [
      finding('redundant-assignment', repeated, 'Storage Blob Data Contributor on the group above says it already'),
      silent('redundant-assignment', dataPlane, 'Reader above covers the control plane only'),
      silent('redundant-assignment', unconditioned, 'the wider grant above is narrowed by a condition'),
      silent('redundant-assignment', sibling, 'rg-app-prod is not below rg-app'),
    ];
  },
};
