import type { PrincipalId } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { directoryRoles, graphPermissions, type DirectoryPower } from './directory-powers.ts';
import { lowered } from './held-grant.ts';
import { nameOf, ofConcern, principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import type { Fix, Violation } from './violation.ts';

export const directoryPower: Rule = {
  id: 'directory-power',
  title: 'Identity with power over the directory',
  why: [
    'Application permissions of Microsoft Graph and directory roles reach over the whole tenant: no scope narrows them. An identity that may manage roles, applications, groups or sign-in methods can make itself more than any role',
    'assignment in Azure would give it, and whoever runs code on its host can do the same. There is no page in the portal that shows these permissions next to the identity.',
  ].join('\n'),
  fix: 'Replace the permission by the smallest one that does the job (`Application.ReadWrite.OwnedBy`, a permission on selected sites, a role scoped to an administrative unit), or take it away.',
  severity: 'high',
  confidence: 'certain',
  needs: {
    appRoleGrants: 'each',
    directoryRoles: 'each',
    groupMembers: 'kept',
    identities: 'each',
    principals: 'hint',
    deletedPrincipals: 'hint',
  },
  controls: ['CIS 6.0.0 5.3.4', 'MCSB PA-1', 'MCSB PA-7', 'NIST 800-53 r5 AC-6', 'NIST 800-53 r5 AC-6(5)'],
  references: [
    'https://learn.microsoft.com/graph/permissions-reference',
    'https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference',
    'https://learn.microsoft.com/entra/identity/role-based-access-control/privileged-roles-permissions',
  ],
  *judge(input) {
    for (const grant of input.estate.appRoleGrants) {
      const power = graphPermissions.get(grant.appRoleId.toLowerCase());
      if (power !== undefined)
        yield* violation(input, grant.principalId, power, {
          kind: `application permission of ${grant.resourceName}`,
          id: grant.appRoleId,
          fix: removePermission(grant.principalId, power),
        });
    }
    const members = membersByGroup(input);
    for (const grant of input.estate.directoryRoles) {
      const power = directoryRoles.get(grant.roleTemplateId.toLowerCase());
      if (power === undefined) continue;
      yield* violation(input, grant.principalId, power, {
        kind: 'directory role',
        id: grant.roleTemplateId,
        scope: grant.scope,
        fix: removeRole(grant.principalId, power),
      });
      for (const member of members.get(grant.principalId) ?? [])
        yield* violation(input, member, power, {
          kind: 'directory role',
          id: grant.roleTemplateId,
          scope: grant.scope,
          group: grant.principalId,
          fix: leaveGroup(grant.principalId, member),
        });
    }
  },
};

/** Workloads by the groups that they are in. People in those groups are not read. */
function membersByGroup({ estate }: RuleInput): ReadonlyMap<PrincipalId, readonly PrincipalId[]> {
  const members = new Map<PrincipalId, PrincipalId[]>();
  for (const [member, groups] of estate.memberships)
    for (const group of groups) {
      const others = members.get(group);
      if (others === undefined) members.set(group, [member]);
      else others.push(member);
    }
  return members;
}

interface Held {
  readonly kind: string;
  readonly id: string;
  /** Where it holds, if not in the whole directory. */
  readonly scope?: string | undefined;
  /** Where it comes through one. */
  readonly group?: PrincipalId;
  readonly fix: Fix;
}

function* violation(input: RuleInput, id: PrincipalId, power: DirectoryPower, held: Held): Iterable<Violation> {
  const principal = principalRef(input, id);
  if (!ofConcern(principal, input.settings)) return;
  yield {
    rule: directoryPower.id,
    subject: id,
    aspect: [held.id.toLowerCase(), held.group, held.scope].filter((part) => part !== undefined).join('/'),
    severity: held.scope === undefined ? power.severity : lowered(power.severity, 1),
    confidence: 'certain',
    principal,
    role: { id: held.id, name: power.name },
    scope: principal.resourceId || '/',
    title: `${principal.name || id} holds ${power.name}`,
    message: `${nameOf(principal)} holds the ${held.kind} ${power.name}${held.group === undefined ? '' : ` through group ${held.group}`}: whoever runs code as it ${power.can}. ${held.scope === undefined ? 'It reaches over the whole tenant' : `It holds in ${held.scope} only`}.`,
    evidence: [
      { label: held.kind, value: `${power.name} (${held.id})`, source: 'graph' },
      ...(held.scope === undefined ? [] : [{ label: 'holds in', value: held.scope, source: 'graph' } as const]),
      ...(held.group === undefined ? [] : [{ label: 'through group', value: held.group, source: 'graph' } as const]),
    ],
    fix: [
      {
        text: 'Find out which call of the workload needs it (MicrosoftGraphActivityLogs, by service principal), and which smaller permission allows that call.',
      },
      held.fix,
    ],
    related: [...(principal.resourceId === '' ? [] : [principal.resourceId]), ...(held.group === undefined ? [] : [held.group])],
  };
}

const graph = 'https://graph.microsoft.com/v1.0';

const removePermission = (id: PrincipalId, power: DirectoryPower): Fix =>
  az.step(
    `Find the id of the assignment of ${power.name} in this list, then delete it under the same address.`,
    az.command('rest', { method: 'get', url: `${graph}/servicePrincipals/${id}/appRoleAssignments` }),
  );

const removeRole = (id: PrincipalId, power: DirectoryPower): Fix =>
  az.step(
    `Find the id of the assignment of ${power.name} in this list, then delete it under roleManagement/directory/roleAssignments.`,
    az.command('rest', { method: 'get', url: `${graph}/roleManagement/directory/roleAssignments?$filter=principalId%20eq%20'${id}'` }),
  );

const leaveGroup = (group: PrincipalId, member: PrincipalId): Fix =>
  az.step(
    'Take the identity out of the group, unless the group is there for it.',
    az.command('ad group member remove', { group, 'member-id': member }),
  );
