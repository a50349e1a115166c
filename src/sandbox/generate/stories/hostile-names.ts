import { owned, type Story } from '../landscape.ts';
import { finding, silent } from '../planted.ts';

/** Names are text that others chose. Azure refuses some of these and accepts others; a reader must live with all of them. */
export const hostileNames: Story = {
  name: 'hostile names',
  plant({ t, dev, group, registry }) {
    const home = group('research', 'dev');
    const hostile = t.userAssignedIdentity(home, `id-'$(touch owned)'-"<b>&|@SUM(1)`, {
      tags: { owner: '=HYPERLINK("http://evil.example","click")' },
    });
    t.host('webApp', home, 'app-research-dev', { userAssigned: [hostile], tags: { ...owned, note: '<script>alert(1)</script>' } });
    const contributor = t.assign(hostile, 'Contributor', dev, {
      createdOn: t.ago({ days: 45 }),
      description: '"; DROP TABLE findings; --',
    });

    const formula = t.directory.application(`=cmd|' /C calc'!A0`, { ownerTenantId: t.tenantId });
    const reads = t.assign(formula, 'Reader', home);
    const harmless = t.userAssignedIdentity(home, 'id-*bold*_[link](evil.example)_\u202Egnp.exe', { tags: owned });
    t.host('containerApp', home, 'ca-research-dev', { userAssigned: [harmless], tags: owned });
    t.assign(harmless, 'AcrPull', registry);

    return [
      finding('privileged-role-at-broad-scope', contributor, 'Contributor of a subscription, held by an identity whose name is an attack'),
      finding('unnarrowed-broad-grant', contributor, 'the same grant, 45 days old'),
      silent('orphaned-assignment', reads, 'application whose display name is a spreadsheet formula'),
      silent('unattached-identity', harmless, 'markup and a right-to-left override in its name, nothing else wrong'),
    ];
  },
};
