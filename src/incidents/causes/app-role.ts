import * as az from '../../remedy/az.ts';
import type { CauseFix } from '../cause.ts';
import type { Scene } from '../scene.ts';

/**
 * Application permissions of Microsoft Graph by the path that was refused, the reading one first.
 * https://learn.microsoft.com/graph/permissions-reference
 */
const permissions: readonly (readonly [path: RegExp, name: string, id: string])[] = [
  [/\/users\b.*\/sendmail|\bsendmail\b/i, 'Mail.Send', 'b633e1c5-b582-4048-a93e-9f11b44c7e96'],
  [/\/auditlogs\//i, 'AuditLog.Read.All', 'b0afded3-3588-46d8-8b3d-9842eff778da'],
  [/\/rolemanagement\//i, 'RoleManagement.Read.Directory', '483bed4a-2ad3-4361-a73b-c83ccdbdc53c'],
  [/\/(?:applications|serviceprincipals)\b/i, 'Application.Read.All', '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30'],
  [/\/groups\/[^/\s?]+\/(?:transitive)?members/i, 'GroupMember.Read.All', '98830695-27a2-44f7-8c18-0c3ebc9698f6'],
  [/\/groups\b/i, 'Group.Read.All', '5b567255-7703-4780-807c-7be8301ae99b'],
  [/\/users\b/i, 'User.Read.All', 'df021288-bdef-4463-88db-98f22de89214'],
];

/** Microsoft Graph decides by application permissions, which no Azure role replaces and only an administrator of the directory grants. */
export function appRoleFix(scene: Scene): readonly CauseFix[] {
  const { principalId, label } = scene.failing;
  const calls = scene.burst.denials.map(({ operation, object, target, sample }) => `${operation} ${object} ${target} ${sample}`);
  const writes = calls.some((call) => /\b(?:POST|PATCH|PUT|DELETE)\b/.test(call)) && !calls.some((call) => /sendmail/i.test(call));
  const found = writes ? undefined : permissions.find(([path]) => calls.some((call) => path.test(call)));
  const who = 'This needs a Privileged Role Administrator; an owner of the subscription cannot do it.';
  const graph = scene.estate.appRoleGrants.find((grant) => /^microsoft graph$/i.test(grant.resourceName))?.resourceId;
  if (found === undefined) {
    return [
      {
        text: `Grant ${label} the least application permission (app role) of Microsoft Graph that the call's reference page names. ${who}`,
      },
    ];
  }
  const text = `Grant ${label} the application permission ${found[1]} of Microsoft Graph. ${who}`;
  if (principalId === undefined || graph === undefined) return [{ text }];
  return [
    az.step(
      text,
      az.command('rest', {
        method: 'post',
        url: `https://graph.microsoft.com/v1.0/servicePrincipals/${principalId}/appRoleAssignments`,
        body: JSON.stringify({ principalId, resourceId: graph, appRoleId: found[2] }),
      }),
    ),
  ];
}
