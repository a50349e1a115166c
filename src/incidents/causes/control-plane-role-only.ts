import { ruledOut, silent, type Cause } from '../cause.ts';
import { levelOf } from '../../estate/index.ts';
import { checkGrants, confidenceIn, grantLeast, neededEvidence, refusal } from './steps.ts';

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
    const near = scene.needed.flatMap((one) => (one.data && one.answer?.verdict !== 'allowed' ? (one.answer?.nearMisses ?? []) : []));
    const reader = near.find((miss) => miss.kind === 'insufficient-role');
    if (reader !== undefined)
      return ruledOut(`${reader.role.name} on ${reader.assignment.scopeId} opens data there, only not for this operation`);
    const misses = near.filter((miss) => miss.kind === 'control-plane-only');
    const manager = misses.find((miss) => scene.access.powerOf(miss.assignment.roleId)?.readOnly !== true);
    const own = manager ?? misses.find((miss) => /^resource(?:Group)?$/.test(levelOf(miss.assignment.scope))) ?? misses[0];
    if (own === undefined)
      return scene.needed.some((one) => !one.data) && scene.refused ? ruledOut('the refused operation is on the control plane') : silent;
    // A reader of a whole subscription was not meant to open this resource's data; one of this resource may have been.
    const meant = manager !== undefined || /^resource(?:Group)?$/.test(levelOf(own.assignment.scope));
    return {
      kind: 'fits',
      confidence: meant ? confidenceIn(scene) : 'possible',
      weight: 70,
      why: `${scene.failing.label} holds ${own.role.name} on ${own.assignment.scopeId}, which ${manager ? 'manages' : 'shows'} the resource and opens none of its data.`,
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
        {
          text: `Then ask whether ${own.role.name} is still needed; ${manager ? 'it manages the resource, and with it its keys' : 'it shows settings only'}.`,
        },
      ],
      check: checkGrants(scene),
    };
  },
};
