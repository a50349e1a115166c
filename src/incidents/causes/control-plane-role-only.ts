import { ruledOut, silent, type Cause } from '../cause.ts';
import { checkGrants, grantLeast, neededEvidence, refusal } from './steps.ts';

export const controlPlaneRoleOnly: Cause = {
  id: 'control-plane-role-only',
  title: 'A role that manages the resource, none that opens its data',
  explain: `Owner and Contributor manage a storage account, a vault, a namespace; they do not read what is inside. Data needs a role with data actions: Storage Blob Data Reader, Key Vault Secrets User, …

**Recognise it** by a 403 on a data operation while the identity holds Owner, Contributor or another management role on that very target.

**Fix it** by granting the matching data role on the resource. Then ask whether the management role is needed at all: it may list keys, which is a back door to the same data.`,
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/role-definitions#control-and-data-actions',
    'https://learn.microsoft.com/azure/storage/blobs/authorize-access-azure-active-directory',
  ],
  needs: ['estate'],
  judge: (scene) => {
    if (scene.allowed) return silent;
    const misses = scene.needed
      .flatMap((one) => (one.data ? (one.answer?.nearMisses ?? []) : []))
      .filter((near) => near.kind === 'control-plane-only');
    const own =
      misses.find((near) => near.kind === 'control-plane-only' && !isReadOnly(near.role.blocks)) ??
      misses.find((near) => near.assignment.scope === scene.targetKey);
    if (own === undefined)
      return scene.needed.some((one) => !one.data) && scene.refused ? ruledOut('the refused operation is on the control plane') : silent;
    return {
      kind: 'fits',
      confidence: 'certain',
      weight: 70,
      why: `${scene.failing.label} holds ${own.role.name} on ${own.assignment.scopeId}, which manages the resource and opens none of its data.`,
      evidence: [
        refusal(scene),
        ...neededEvidence(scene),
        {
          label: 'role without data actions',
          value: `${own.role.name} on ${own.assignment.scopeId} (${own.assignment.id})`,
          source: 'resource-graph',
        },
      ],
      fix: [
        ...grantLeast(scene),
        { text: `Then ask whether ${own.role.name} is still needed; it manages the resource, and with it its keys.` },
      ],
      check: checkGrants(scene),
    };
  },
};

const isReadOnly = (blocks: readonly { readonly actions: readonly string[] }[]): boolean =>
  blocks.every((block) => block.actions.every((action) => /\/read$/i.test(action)));
