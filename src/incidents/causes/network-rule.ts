import * as az from '../../remedy/az.ts';
import { ruledOut, silent, type Cause } from '../cause.ts';
import { resourceKey } from '../../estate/index.ts';
import { changesBefore } from '../scene.ts';
import { heldNear, refusal } from './steps.ts';

const signs =
  /\bclient with ip\b.{0,60}not allowed|47073|deny public network access|ip has been prevented|forbiddenbyfirewall|forbiddenbyconnection|forbiddenbynsp|client address is not authorized|not authorized and caller is not a trusted service|ipauthorizationerror|networkacl|network (?:security perimeter|rule|acl)|public network access|firewall|virtual network rule|is not allowed to access the server|40615|sourceip|ip ?address .{0,60}not allowed|ipaddressnotallowed|from a(?:n)? (?:private link|public network)|public endpoint is disabled|ip_not_allowed|nspdenied/;

export const networkRule: Cause = {
  id: 'network-rule',
  title: 'A network rule refused the address',
  explain: `The answer is 403, but the service never looked at the identity's roles: the caller's address is outside of the target's firewall, public access is off, or the private endpoint is not used.
Storage says only \`AuthorizationFailure\` in this case, which reads like a missing role and is not.

**Recognise it** by \`ForbiddenByFirewall\` or "Client address is not authorized", by a role that is in place while every call is refused, and by the caller's address in the log. It starts with a
firewall that was switched on, with a host that got a new outbound address, or with DNS that stopped resolving to the private endpoint.

**Fix it** at the network: a private endpoint or a virtual network rule for the host, or an address rule. A role changes nothing.`,
  references: [
    'https://learn.microsoft.com/azure/key-vault/general/network-security',
    'https://learn.microsoft.com/azure/storage/common/storage-network-security',
    'https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes',
  ],
  needs: ['logs', 'estate'],
  judge: (scene) => {
    if (scene.burst.service === 'arm' || scene.burst.service === 'graph' || scene.burst.service === 'entra') return silent;
    const said = signs.test(scene.words);
    const storageFailure = scene.refusedBy === 'storage' && /authorizationfailure\b/.test(scene.words);
    const conditioned = scene.needed.length > 0 && scene.needed.every((one) => /^(?:allowed|conditioned)$/.test(one.answer?.verdict ?? ''));
    const open = scene.allowed || conditioned || heldNear(scene).length > 0;
    if (!said && !(storageFailure && open)) {
      if (
        /permissionmismatch|forbiddenbyrbac|assignment: \(not found\)|does not have secrets|does not have authorization to perform action/.test(
          scene.words,
        )
      ) {
        return ruledOut('the refusal names a missing permission, not an address');
      }
      if (!storageFailure) return silent;
    }
    const addresses = [...new Set(scene.burst.denials.flatMap((denial) => denial.callerAddresses))].slice(0, 5);
    const recent = changesBefore(scene, ['network-changed'], 24).find((change) =>
      scene.targets.some((target) => resourceKey(change.resourceId).startsWith(target.key)),
    );
    return {
      kind: 'fits',
      confidence: said ? 'certain' : open ? (recent ? 'certain' : 'likely') : 'possible',
      weight: 85,
      why: said
        ? `The target refused the address${addresses.length > 0 ? ` ${addresses.join(', ')}` : ''}, not the identity.`
        : open
          ? `${scene.failing.label} holds a role that allows the call, and storage answers AuthorizationFailure: a network rule of the account refuses the address${addresses.length > 0 ? ` ${addresses.join(', ')}` : ''}.`
          : 'Storage answers AuthorizationFailure, which is what its network rules say; a missing data role would say AuthorizationPermissionMismatch.',
      evidence: [
        refusal(scene),
        ...addresses.map((value) => ({ label: 'caller address', value, source: 'logs' as const })),
        ...(recent
          ? [{ label: 'changed', value: `${recent.resourceId} by ${recent.caller} at ${recent.at}`, source: 'activity' as const }]
          : []),
      ],
      fix: [
        az.step(
          'Let the host reach the target by a private endpoint or a network rule. Look at the rules in force first; no role will help.',
          scene.targetId && az.showResource(scene.targetId),
        ),
      ],
      check: [scene.targetId && az.showResource(scene.targetId)],
    };
  },
};
