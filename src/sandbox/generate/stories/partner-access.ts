import type { Story } from '../landscape.ts';
import { silent } from '../planted.ts';

/** A managed service provider works in contoso's tenant. Its principals live elsewhere, so our directory does not hold them. */
export const partnerAccess: Story = {
  name: 'partner access',
  plant({ t, group }) {
    const home = group('monitoring', 'platform');
    const partnerTenant = t.seeded.guid('tenant', 'managed service provider');
    const partner = t.assign(t.directory.partner('msp-automation', partnerTenant), 'Monitoring Reader', home);
    const foreignGroup = t.assign(t.directory.nobody('msp operators', 'ForeignGroup'), 'Reader', home);
    const delegated = t.assign(t.directory.nobody('identity in the customer tenant'), 'Reader', home, {
      delegatedManagedIdentityResourceId: `${home.id}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-msp-collector`,
    });
    return [
      silent('orphaned-assignment', partner, 'partner reference: a principal of another tenant'),
      silent('orphaned-assignment', foreignGroup, 'principal type ForeignGroup'),
      silent('orphaned-assignment', delegated, 'delegated managed identity of a Lighthouse relation'),
    ];
  },
};
