import type { Story } from '../landscape.ts';
import { finding, silent } from '../planted.ts';

/** The reporting workload was deleted; some of its grants were not. Around it, everything that only looks like an orphan. */
export const retiredReporting: Story = {
  name: 'retired reporting',
  plant({ t, group, prod }) {
    const home = group('reporting', 'prod');
    const account = t.storageAccount(home, 'streportingprod');

    const gone = t.userAssignedIdentity(home, 'id-reporting-prod');
    const contributor = t.assign(gone, 'Contributor', home);
    const blobs = t.assign(gone, 'Storage Blob Data Reader', account, { prefixedRole: true });
    t.deleteIdentity(gone);
    const leaver = t.assign(t.directory.nobody('an account that was deleted', 'User'), 'Reader', prod);

    const archive = t.userAssignedIdentity(home, 'id-reporting-archive');
    const archived = t.assign(archive, 'Storage Blob Data Reader', account);
    t.deleteIdentity(archive, { recycledAt: t.ago({ days: 5 }) });
    const idle = t.userAssignedIdentity(home, 'id-reporting-idle');
    t.deleteIdentity(idle, { recycledAt: t.ago({ days: 9 }) });

    const young = t.assign(t.directory.nobody('made a moment ago'), 'Reader', home, { createdOn: t.ago({ minutes: 20 }) });
    const stale = t.assign(t.directory.nobody('assignment already deleted'), 'Reader', home);
    t.arm({ id: stale.id, deleted: true });
    const limited = t.assign(t.directory.limitedUser('Limited User'), 'Reader', home);
    const foreignApp = t.directory.application('Backup Vendor', { ownerTenantId: t.seeded.guid('tenant', 'backup vendor') });
    const vendor = t.assign(foreignApp, 'Reader', home);

    return [
      finding('orphaned-assignment', contributor, 'Contributor of an identity that was deleted for good'),
      finding('orphaned-assignment', blobs, 'data role of the same identity; the role id is spelt with the subscription in front'),
      finding('orphaned-assignment', leaver, 'a deleted user at the subscription'),
      finding('soft-deleted-principal', archived, 'in the recycle bin for five days, still holds a data role'),
      silent('orphaned-assignment', archived, 'its principal is in the recycle bin and can be restored'),
      silent('soft-deleted-principal', { id: idle.principalId }, 'in the recycle bin, holds nothing'),
      silent('orphaned-assignment', young, 'made 20 minutes ago: the principal may not have replicated'),
      silent('orphaned-assignment', stale, 'Resource Graph still lists it, ARM says it is gone'),
      silent('orphaned-assignment', limited, 'Graph shows id and type only: it exists'),
      silent('orphaned-assignment', vendor, 'service principal of an application of another tenant: it exists here'),
    ];
  },
};
