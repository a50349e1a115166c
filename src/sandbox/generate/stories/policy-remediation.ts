import { owned, type Story } from '../landscape.ts';
import { finding, lowered, silent } from '../planted.ts';

/** Identities of Azure Policy assignments: wanted, left behind, and pretended. */
export const policyRemediation: Story = {
  name: 'policy remediation',
  plant({ t, corp, dev, prod, group, workspace }) {
    const live = t.policyAssignment(corp, 'deploy-diagnostics', { displayName: 'Deploy diagnostic settings' });
    const contributor = t.assign(live.identity, 'Contributor', corp);

    const removed = t.policyAssignment(prod, 'deploy-old-agent', { displayName: 'Deploy the retired agent' });
    t.assign(removed.identity, 'Log Analytics Contributor', prod);
    t.remove(removed.id);

    const home = group('policy', 'platform');
    const own = t.userAssignedIdentity(home, 'id-policy-tags', { tags: owned });
    t.policyAssignment(dev, 'inherit-tags', { displayName: 'Inherit tags from the resource group', userAssigned: own });
    t.assign(own, 'Log Analytics Reader', workspace);

    const impostor = t.userAssignedIdentity(home, 'policy-remediation', { tags: owned });
    t.host('virtualMachine', home, 'vm-tools-01', { userAssigned: [impostor], tags: owned });
    const pretended = t.assign(impostor, 'Owner', dev);

    return [
      lowered('privileged-role-at-broad-scope', contributor, 'remediation identity of a policy at that management group'),
      finding(
        'relict-policy-identity',
        { id: removed.identity.principalId },
        'the policy assignment is gone, its identity still holds a grant',
      ),
      silent('relict-policy-identity', { id: live.identity.principalId }, 'the policy assignment exists'),
      silent('unattached-identity', own, 'its only host is a policy assignment'),
      finding('privileged-role-at-broad-scope', pretended, 'called policy-remediation, belongs to no policy: names excuse nothing'),
    ];
  },
};
