import { owned, type Story } from '../landscape.ts';
import { finding, silent } from '../planted.ts';

/** Vaults between two permission models: entries and roles that decide nothing, and entries of principals that are gone. */
export const legacyVaults: Story = {
  name: 'legacy vaults',
  plant({ t, group }) {
    const home = group('orders', 'prod');
    const identity = t.userAssignedIdentity(home, 'id-orders-prod', { tags: owned });
    t.host('webApp', home, 'app-orders-prod', { userAssigned: [identity], tags: owned });
    const operator = t.directory.user('Operator 01');
    const secrets = ['Get', 'List'];

    const orphaned = t.vault(home, 'kv-orders-legacy', {
      rbac: false,
      policies: [
        { holder: t.directory.nobody('former orders identity'), secrets },
        { holder: identity, secrets },
      ],
    });
    const recycled = t.userAssignedIdentity(home, 'id-orders-old');
    t.deleteIdentity(recycled, { recycledAt: t.ago({ days: 12 }) });
    const restorable = t.vault(home, 'kv-orders-restorable', { rbac: false, policies: [{ holder: recycled, secrets: ['get'] }] });
    const foreign = t.vault(home, 'kv-orders-partner', {
      rbac: false,
      policies: [{ holder: t.directory.nobody('partner principal'), tenantId: t.seeded.guid('tenant', 'partner'), secrets }],
    });
    const compound = t.vault(home, 'kv-orders-compound', {
      rbac: false,
      policies: [{ holder: operator, applicationId: t.seeded.guid('some application'), secrets }],
    });

    const ineffective = t.assign(identity, 'Key Vault Secrets User', orphaned);
    const control = t.assign(identity, 'Key Vault Contributor', compound);
    const leftOver = t.vault(home, 'kv-orders-prod', { rbac: true, policies: [{ holder: identity, secrets: ['get'] }] });
    const effective = t.assign(identity, 'Key Vault Secrets User', leftOver);

    return [
      finding('orphaned-vault-policy', orphaned, 'one of two entries names a principal that no longer exists'),
      silent('orphaned-vault-policy', restorable, 'its principal is in the recycle bin'),
      silent('orphaned-vault-policy', foreign, 'entry of another tenant'),
      silent('orphaned-vault-policy', compound, 'compound identity of a live user and an application'),
      finding('vault-role-without-effect', ineffective, 'Key Vault Secrets User on a vault that access policies decide'),
      silent('vault-role-without-effect', control, 'a control-plane role works in both modes'),
      silent('vault-role-without-effect', effective, 'the same data role on an RBAC vault'),
      silent('vault-flip-breaks-identity', orphaned, 'its living holder has the role that replaces the policy'),
      finding('vault-policy-without-effect', leftOver, 'access policies left on a vault that moved to RBAC'),
      silent('vault-policy-without-effect', compound, 'access policies on a vault that uses them'),
    ];
  },
};
