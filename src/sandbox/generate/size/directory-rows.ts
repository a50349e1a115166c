import { managedIdentityPrincipal } from '../rows/identity.ts';
import type { Row } from '../world-folder.ts';
import type { TenantPlan } from './tenant-plan.ts';

/** What Microsoft Graph, ARM and the sign-in log hold of a sized tenant, one at a time. */
export function* principalRows(plan: TenantPlan, now: string): Iterable<Row> {
  const createdAt = new Date(Date.parse(now) - 400 * 86_400_000).toISOString();
  for (let number = 0; number < plan.size.identities; number++) yield managedIdentityPrincipal(plan.identity(number), createdAt);
  for (let number = 0; number < plan.systemAssignedHosts; number++) yield managedIdentityPrincipal(plan.systemIdentity(number), createdAt);
  for (const { id, number } of principalsOf(plan, 'application')) {
    yield {
      id,
      appId: plan.seeded.guid('application client', number),
      displayName: `app-${number}`,
      servicePrincipalType: 'Application',
      alternativeNames: [],
      accountEnabled: true,
      appOwnerOrganizationId: plan.tenantId,
    };
  }
}

export function* userRows(plan: TenantPlan): Iterable<Row> {
  for (const { id, number } of principalsOf(plan, 'user'))
    yield { id, displayName: `User ${number}`, userPrincipalName: `user${number}@sized.example`, accountEnabled: true };
}

export function* groupRows(plan: TenantPlan): Iterable<Row> {
  for (const { id, number } of principalsOf(plan, 'group'))
    yield { id, displayName: `grp-${number}`, securityEnabled: true, mailEnabled: false };
}

export function* groupMemberRows(plan: TenantPlan): Iterable<Row> {
  for (const { id, number } of principalsOf(plan, 'group')) {
    yield { groupId: id, memberId: plan.principal((number * 7) % plan.size.principals).id };
    yield { groupId: id, memberId: plan.seeded.guid('user', number) };
  }
}

function* principalsOf(
  plan: TenantPlan,
  kind: 'application' | 'user' | 'group',
): Iterable<{ readonly id: string; readonly number: number }> {
  const seen = new Set<string>();
  for (let number = plan.size.identities + plan.systemAssignedHosts; number < plan.size.principals; number++) {
    const principal = plan.principal(number);
    if (principal.kind !== kind || seen.has(principal.id)) continue;
    seen.add(principal.id);
    yield principal;
  }
}

/** Every tenth user-assigned identity lets a repository in. */
export function* credentialRows(plan: TenantPlan): Iterable<Row> {
  for (let number = 0; number < plan.size.identities; number += 10) {
    const identity = plan.identity(number);
    yield {
      id: `${identity.id}/federatedIdentityCredentials/github`,
      name: 'github',
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
      properties: {
        issuer: 'https://token.actions.githubusercontent.com',
        subject: `repo:contoso/${identity.name}:environment:prod`,
        audiences: ['api://AzureADTokenExchange'],
      },
    };
  }
}

/** One successful sign-in an hour for each of a few hundred identities: the quiet ground that a baseline is learnt on. */
export function* signInRows(plan: TenantPlan, now: string): Iterable<Row> {
  const until = Date.parse(now);
  const identities = Math.min(plan.size.identities, 300);
  for (let hour = (plan.size.days ?? 0) * 24; hour > 0; hour--) {
    for (let number = 0; number < identities; number++) {
      const identity = plan.identity(number);
      const at = new Date(until - hour * 3_600_000 + plan.seeded.below(3_600_000, 'sign-in', number, hour)).toISOString();
      yield {
        TimeGenerated: at,
        OperationName: 'Sign-in activity',
        Category: 'ManagedIdentitySignInLogs',
        ResultType: '0',
        ServicePrincipalId: identity.principalId,
        ServicePrincipalName: identity.name,
        AppId: identity.clientId,
        ResourceDisplayName: 'Azure Storage',
        ResourceIdentity: 'e406a681-f3d4-42a8-90b6-c2b029497af1',
        IPAddress: '',
        UniqueTokenIdentifier: plan.seeded.guid('token', number, hour),
      };
    }
  }
}
