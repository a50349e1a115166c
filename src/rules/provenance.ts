import type { Access } from '../access/index.ts';
import { resourceKey, subscriptionOf, type Estate, type PrincipalId, type ResourceKey } from '../estate/index.ts';
import { indexOf, policyScope } from './estate-index.ts';

/** Where a grant comes from, when Azure itself asked for it. It lowers a finding, it never hides one. */
export type Provenance =
  | { readonly kind: 'policy-remediation'; readonly policyAssignmentId: string; readonly text: string }
  | { readonly kind: 'aks-node-resource-group'; readonly clusterId: string; readonly text: string };

/**
 * Provenance of a principal's grant at a scope, by facts, never by names: an Azure Policy assignment's identity within the scope that
 * the policy is assigned at, and an AKS cluster's control plane or kubelet identity within its own node resource group.
 *
 * Reads `policyAssignments`, `hosts` and `clusters`; where they are blind nothing is excused, so rules declare them as `hint`.
 */
export function provenanceOf(
  input: { readonly estate: Estate; readonly access: Access },
  principal: PrincipalId,
  scope: ResourceKey,
): Provenance | undefined {
  return policyRemediation(input, principal, scope) ?? aksNodeGroup(input, principal, scope);
}

function policyRemediation(
  { estate, access }: { readonly estate: Estate; readonly access: Access },
  principal: PrincipalId,
  scope: ResourceKey,
): Provenance | undefined {
  const policy = indexOf(estate).policyAssignmentByPrincipal.get(principal);
  if (policy === undefined) return undefined;
  if (!access.within(scope, policyScope(policy.key))) return undefined;
  return {
    kind: 'policy-remediation',
    policyAssignmentId: policy.id,
    text: `identity of the Azure Policy assignment ${policy.name}, within the scope where the policy is assigned`,
  };
}

function aksNodeGroup(
  { estate, access }: { readonly estate: Estate; readonly access: Access },
  principal: PrincipalId,
  scope: ResourceKey,
): Provenance | undefined {
  for (const cluster of indexOf(estate).clustersByPrincipal.get(principal) ?? []) {
    const subscription = subscriptionOf(cluster.key);
    if (!cluster.nodeResourceGroup || subscription === undefined) continue;
    if (!access.within(scope, resourceKey(`${subscription}/resourcegroups/${cluster.nodeResourceGroup}`))) continue;
    return {
      kind: 'aks-node-resource-group',
      clusterId: cluster.id,
      text: `identity of the AKS cluster ${cluster.name}, on the cluster's own node resource group`,
    };
  }
  return undefined;
}
