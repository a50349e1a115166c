import * as az from '../remedy/az.ts';
import { broadGrantsOf, describeGrants } from './broad-grant.ts';
import { indexOf } from './estate-index.ts';
import { principalRef } from './principal-ref.ts';
import type { Rule } from './rule.ts';
import { areKindsUnseen, isUnattached, noHosts } from './unattached-identity.ts';

export const dormantDoor: Rule = {
  id: 'dormant-door',
  title: 'Unattached identity with a broad grant that outsiders can sign in to',
  why: [
    'No resource in Azure uses this identity, yet it holds a broad grant and trusts tokens from outside: a repository, a cluster, another cloud. Whoever controls that outside subject holds the grant, with no',
    'secret to steal, no host to break into and no sign of it in Azure’s resource lists. Deployment pipelines look exactly like this; so do the ones that were abandoned.',
  ].join('\n'),
  fix: 'If nobody signs in through the credential any more, delete the credential, then the grants. If a pipeline uses it, narrow its grant to what it deploys and pin the credential to one environment.',
  severity: 'high',
  confidence: 'certain',
  needs: {
    identities: 'each',
    hosts: 'whole',
    federatedCredentials: 'each',
    roleAssignments: 'anywhere',
    roleDefinitions: 'anywhere',
    groupMembers: 'kept',
    principals: 'hint',
  },
  controls: ['CIS 6.0.0 5.3.4', 'CIS 6.0.0 5.3.7', 'MCSB IM-3', 'MCSB PA-3', 'MCSB PA-7', 'NIST 800-53 r5 AC-6'],
  references: [
    'https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust-user-assigned-managed-identity',
    'https://github.com/prowler-cloud/prowler/issues/12747',
  ],
  *judge(input) {
    const index = indexOf(input.estate);
    for (const identity of input.estate.identities) {
      const credentials = index.credentialsByIdentity.get(identity.key);
      if (identity.kind !== 'user-assigned' || credentials === undefined || !isUnattached(input, identity)) continue;
      const broad = broadGrantsOf(input, identity.principalId);
      if (broad.length === 0) continue;
      const doors = [...credentials].sort((a, b) => (a.id < b.id ? -1 : 1));
      const above = broad.some(({ assignment }) => !assignment.scope.startsWith('/subscriptions/'));
      yield {
        rule: dormantDoor.id,
        subject: identity.resourceId,
        severity: above ? 'critical' : 'high',
        confidence: areKindsUnseen(input) ? 'likely' : 'certain',
        principal: principalRef(input, identity.principalId),
        scope: identity.resourceId,
        title: `${identity.name} is used by no resource, holds a broad grant, and lets outsiders in`,
        message: `${identity.name} is attached to nothing, holds ${describeGrants(broad)}, and can be signed in to with ${doors.map((door) => `tokens of ${door.issuer} for ${door.subject ?? door.expression ?? 'an unnamed subject'}`).join('; ')}. Whoever controls that holds the grant.`,
        evidence: [
          noHosts(input),
          ...doors.map((door) => ({
            label: 'federated credential',
            value: `${door.name}: ${door.issuer}, ${door.subject ?? door.expression ?? ''} (read at ${door.readAt})`,
            source: 'arm' as const,
          })),
          ...broad.map((grant) => ({ label: 'broad grant', value: describeGrants([grant]), source: 'resource-graph' as const })),
        ],
        fix: [
          { text: 'Find out whether anybody still signs in through it (AADManagedIdentitySignInLogs, FederatedCredentialId).' },
          ...doors.map((door) => az.step(`If not, close the door ${door.name}.`, az.deleteCredential(door.id))),
          ...broad
            .filter((grant) => grant.groups.length === 0)
            .map(({ assignment, role }) =>
              az.step(
                `Then delete ${role?.name ?? 'the grant'} at ${assignment.scopeId}, or replace it by one at what is really deployed.`,
                az.deleteAssignment(assignment.id),
              ),
            ),
        ],
        related: [...doors.map((door) => door.id), ...broad.map(({ assignment }) => assignment.id)],
      };
    }
  },
};
