import { owned, type Story } from '../landscape.ts';
import { finding, silent } from '../planted.ts';

/** Managing a storage account is not reading it. */
export const documentArchive: Story = {
  name: 'document archive',
  plant({ t, group }) {
    const home = group('archive', 'prod');
    const account = t.storageAccount(home, 'starchiveprod');
    const worker = (name: string) => t.host('functionApp', home, `func-archive-${name}`, { systemAssigned: true, tags: owned }).identity!;

    const manages = t.assign(worker('import'), 'Storage Account Contributor', account);
    const both = worker('export');
    const managesToo = t.assign(both, 'Storage Account Contributor', account);
    t.assign(both, 'Storage Blob Data Reader', home);

    return [
      finding('control-plane-role-on-data-target', manages, 'manages the account and reaches none of its blobs'),
      silent('control-plane-role-on-data-target', managesToo, 'a data role on the resource group gives it the blobs as well'),
    ];
  },
};
