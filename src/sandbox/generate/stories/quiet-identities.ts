import { owned, type Story } from '../landscape.ts';
import { finding, silent } from '../planted.ts';

/** Identities without a role of their own; most of them get their access elsewhere. */
export const quietIdentities: Story = {
  name: 'quiet identities',
  plant({ t, group }) {
    const home = group('internal-tools', 'dev');
    const app = (name: string) => t.host('webApp', home, `app-tools-${name}`, { systemAssigned: true, tags: owned }).identity!;
    const subject = (identity: { readonly principalId: string }) => ({ id: identity.principalId });

    const nothing = app('status');
    const byPolicy = app('by-policy');
    const vault = t.vault(home, 'kv-tools-dev', { rbac: false, policies: [{ holder: byPolicy, secrets: ['get'] }] });
    const byGroup = app('by-group');
    t.assign(t.directory.group('grp-tools-readers', [{ ...byGroup, principalType: 'ServicePrincipal' }]), 'Reader', home);
    const byAppRole = app('by-app-role');
    // User.Read.All of Microsoft Graph.
    t.directory.appRole(byAppRole, 'df021288-bdef-4463-88db-98f22de89214', t.directory.microsoftGraph());
    const byDirectoryRole = app('by-directory-role');
    t.directory.directoryRole(byDirectoryRole, { templateId: '88d8e3e3-8f55-4a1e-953a-9b9898b8876b', name: 'Directory Readers' });

    return [
      finding('vault-flip-breaks-identity', vault, 'an access policy is all that its holder has'),
      finding('identity-without-role', subject(nothing), 'gets tokens and may do nothing with them'),
      silent('identity-without-role', subject(byPolicy), 'a vault access policy names it'),
      silent('identity-without-role', subject(byGroup), 'holds a role through a group'),
      silent('identity-without-role', subject(byAppRole), 'holds an application permission of Microsoft Graph'),
      silent('identity-without-role', subject(byDirectoryRole), 'holds a directory role'),
    ];
  },
};
