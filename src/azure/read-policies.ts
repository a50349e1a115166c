import { z } from 'zod';
import { principalId, type Gap, type Host, type Identity, type PolicyAssignment } from '../estate/index.ts';
import type { Area } from './areas.ts';
import type { AzureClients } from './clients.ts';
import { identityBag, systemAssigned, userAssigned } from './identity-bag.ts';
import { readRows } from './read-rows.ts';
import { armId, shortText, text } from './row.ts';

export interface PolicyReading {
  readonly policyAssignments: readonly PolicyAssignment[];
  /** Assignments that carry an identity are hosts like any other. */
  readonly hosts: readonly Host[];
  readonly identities: readonly Identity[];
  readonly gaps: readonly Gap[];
}

const row = z.object({ id: armId, name: shortText, location: text, identity: identityBag, displayName: shortText });

export async function readPolicies(
  clients: AzureClients,
  areas: readonly Area[],
  progress: (line: string) => void,
): Promise<PolicyReading> {
  const policyAssignments: PolicyAssignment[] = [];
  const hosts: Host[] = [];
  const identities: Identity[] = [];
  const gaps = await readRows({
    clients,
    areas,
    query: 'policy-assignments',
    slices: ['policyAssignments'],
    schema: row,
    progress,
    take: (given, key) => {
      const name = given.displayName ?? given.name ?? given.id.slice(given.id.lastIndexOf('/') + 1);
      const system = systemAssigned(given.identity);
      const attached = userAssigned(given.identity);
      policyAssignments.push({ id: given.id, key, name, principalId: system });
      if (system === undefined && attached.length === 0) return true;
      const location = given.location ?? undefined;
      hosts.push({
        id: given.id,
        key,
        name,
        type: 'microsoft.authorization/policyassignments',
        location,
        tags: {},
        systemAssigned: system,
        userAssigned: attached,
      });
      if (system !== undefined)
        identities.push({ kind: 'system-assigned', principalId: principalId(system), resourceId: given.id, key, name, location, tags: {} });
      return true;
    },
  });
  return { policyAssignments, hosts, identities, gaps };
}
