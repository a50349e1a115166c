import { owned, type Story } from '../landscape.ts';
import { finding, silent } from '../planted.ts';

/** User-assigned identities that nothing uses any more, or that only look it. */
export const leftOverIdentities: Story = {
  name: 'left-over identities',
  plant({ t, dev, prod, group, registry }) {
    const home = group('portal', 'dev');
    const account = t.storageAccount(home, 'stportaldev');
    const identity = (name: string) => t.userAssignedIdentity(home, name, { tags: owned });
    const github = { issuer: 'https://token.actions.githubusercontent.com' };

    const idle = identity('id-portal-old');
    t.assign(idle, 'Storage Blob Data Reader', account);
    const powerful = identity('id-portal-migration');
    t.assign(powerful, 'Contributor', prod, { createdOn: t.ago({ days: 12 }) });

    const door = identity('id-portal-bootstrap');
    t.assign(door, 'Owner', dev, { createdOn: t.ago({ days: 300 }) });
    t.federatedCredential(door, 'github-bootstrap', { ...github, subject: 'repo:contoso/bootstrap:environment:dev' });

    const narrow = identity('id-portal-ci');
    t.assign(narrow, 'AcrPush', registry);
    t.federatedCredential(narrow, 'github-main', { ...github, subject: 'repo:contoso/portal:ref:refs/heads/main' });

    const used = identity('id-portal-deploy');
    t.host('containerJob', home, 'job-portal-deploy', { userAssigned: [used], tags: owned });
    t.assign(used, 'Contributor', dev, { createdOn: t.ago({ days: 8 }) });
    t.federatedCredential(used, 'github-deploy', { ...github, subject: 'repo:contoso/portal:environment:dev' });

    const shouted = identity('id-portal-dev');
    t.host('virtualMachine', home, 'vm-portal-01', { userAssigned: [shouted], spelling: 'upper-group', tags: owned });
    t.assign(shouted, 'Storage Blob Data Reader', account);

    return [
      finding('unattached-identity', idle, 'no host, no federated credential'),
      finding('unattached-identity', powerful, 'no host, and Contributor of a subscription'),
      finding('dormant-door', door, 'no host, Owner of a subscription, and a federated credential that still lets it in'),
      silent('unattached-identity', narrow, 'no host, but a federated credential is its use'),
      silent('dormant-door', narrow, 'federated credential with one narrow role'),
      silent('dormant-door', used, 'broad grant and federated credential, but in use on a host'),
      silent('unattached-identity', shouted, "its host's bag spells the resource group in capitals"),
    ];
  },
};
