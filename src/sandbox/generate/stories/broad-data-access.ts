import { owned, type Story } from '../landscape.ts';
import { finding, silent } from '../planted.ts';

/** Backup and scanning read everybody's data. */
export const broadDataAccess: Story = {
  name: 'broad data access',
  plant({ t, corp, prod, group }) {
    const home = group('backup', 'prod');
    const account = t.storageAccount(home, 'stbackupprod');
    const worker = (name: string) => t.host('functionApp', home, `func-${name}-prod`, { systemAssigned: true, tags: owned }).identity!;

    const everywhere = t.assign(worker('backup'), 'Storage Blob Data Contributor', prod);
    const secrets = t.assign(worker('scanner'), 'Key Vault Secrets User', corp);
    const oneAccount = t.assign(worker('restore'), 'Storage Blob Data Contributor', account);
    const oneGroup = t.assign(worker('verify'), 'Storage Blob Data Reader', home);
    const control = t.assign(worker('report'), 'Reader', prod);

    return [
      finding('data-access-at-broad-scope', everywhere, 'writes every blob of a subscription'),
      finding('data-access-at-broad-scope', secrets, 'reads every secret below a management group'),
      silent('data-access-at-broad-scope', oneAccount, 'the same role on one storage account'),
      silent('data-access-at-broad-scope', oneGroup, 'data role on one resource group'),
      silent('data-access-at-broad-scope', control, 'Reader has no data actions'),
    ];
  },
};
