import type { Power } from '../access/index.ts';
import type { Assignment, ResourceKey, RoleDefinition } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { indexOf } from './estate-index.ts';
import { grantStep } from './grant-step.ts';
import { heldGrantNeeds, heldGrants, holds, type HeldGrant } from './held-grant.ts';
import { provenanceOf } from './provenance.ts';
import type { Rule, RuleInput } from './rule.ts';
import { resourceName } from './scope-name.ts';
import type { Violation } from './violation.ts';
import { principalId } from '../estate/index.ts';

export const controlPlaneRoleOnDataTarget: Rule = {
  id: 'control-plane-role-on-data-target',
  title: 'Control-plane role where data is meant',
  why: [
    'Contributor on a storage account, a vault or a namespace manages the resource and reads none of its data by token: blobs, secrets and messages need a data role. Granted directly on one such resource, it is most often a data role',
    'that somebody missed: the workload is refused, or falls back to account keys, and it may delete or reconfigure the resource, which nobody meant.',
  ].join('\n'),
  fix: 'Grant the data role that fits what the workload does, watch it work, then delete the control-plane role. Leave it where the identity really manages the resource.',
  severity: 'low',
  confidence: 'possible',
  needs: { ...heldGrantNeeds, vaults: 'hint' },
  controls: ['CIS 6.0.0 5.3.7', 'MCSB PA-7', 'NIST 800-53 r5 AC-6'],
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/role-definitions#control-and-data-actions',
    'https://learn.microsoft.com/azure/storage/blobs/assign-azure-role-data-access',
    'https://github.com/Azure/azure-cosmos-dotnet-v3/issues/2891',
  ],
  *judge(input) {
    for (const held of heldGrants(input, { role: isControlOnly, at: isTarget })) {
      const target = held.groups.length === 0 ? targetOf(held.assignment.scope) : undefined;
      if (target !== undefined && !reachesData(input, held, target)) yield violation(input, held, target);
    }
  },
};

interface Target {
  readonly what: string;
  /** Begin of the data actions of its provider. */
  readonly provider: string;
  /** The smallest data role that most workloads need; there are others for writing. */
  readonly role: { readonly id: string; readonly name: string };
}

const targets: ReadonlyMap<string, Target> = new Map([
  [
    'microsoft.storage/storageaccounts',
    {
      what: 'blobs, queues and tables',
      provider: 'microsoft.storage/',
      role: { id: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1', name: 'Storage Blob Data Reader' },
    },
  ],
  [
    'microsoft.keyvault/vaults',
    {
      what: 'secrets, keys and certificates',
      provider: 'microsoft.keyvault/',
      role: { id: '4633458b-17de-408a-b874-0445c86b69e6', name: 'Key Vault Secrets User' },
    },
  ],
  [
    'microsoft.servicebus/namespaces',
    {
      what: 'messages',
      provider: 'microsoft.servicebus/',
      role: { id: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0', name: 'Azure Service Bus Data Receiver' },
    },
  ],
  [
    'microsoft.eventhub/namespaces',
    {
      what: 'events',
      provider: 'microsoft.eventhub/',
      role: { id: 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde', name: 'Azure Event Hubs Data Receiver' },
    },
  ],
]);

/** A target granted on directly: the scope is the resource itself. */
function targetOf(scope: ResourceKey): Target | undefined {
  const at = scope.lastIndexOf('/providers/');
  if (at < 0 || !scope.startsWith('/subscriptions/')) return undefined;
  const name = scope.lastIndexOf('/');
  return targets.get(scope.slice(at + '/providers/'.length, name));
}

const isTarget = (scope: ResourceKey): boolean => targetOf(scope) !== undefined;

const isControlOnly = (power: Power, role: RoleDefinition): boolean =>
  (power.everything || power.broadWrite.length > 0 || power.secretActions.length > 0) &&
  role.blocks.every(({ dataActions }) => dataActions.length === 0);

/** A data role of the same provider at the target, above it, or on a part of it; or an access policy where the vault uses them. */
function reachesData({ estate, access }: RuleInput, { assignment }: HeldGrant, { provider }: Target): boolean {
  const vault = indexOf(estate).vaultByKey.get(assignment.scope);
  // A vault in access-policy mode is opened by policies; what it lacks there is said by the vault rules.
  if (vault !== undefined && !vault.rbac) return true;
  return access
    .grantsOf(assignment.principalId)
    .some(
      ({ assignment: other, role }) =>
        (role === undefined || reachesInto(role, provider)) &&
        (access.within(assignment.scope, other.scope) || access.within(other.scope, assignment.scope)),
    );
}

const reached = new WeakMap<RoleDefinition, Map<string, boolean>>();

/** Asked of the same few roles for every target. */
function reachesInto(role: RoleDefinition, provider: string): boolean {
  let known = reached.get(role);
  if (known === undefined) reached.set(role, (known = new Map()));
  let reaches = known.get(provider);
  if (reaches === undefined) {
    reaches = role.blocks.some(({ dataActions }) =>
      dataActions.some((action) => action.startsWith('*') || action.toLowerCase().startsWith(provider)),
    );
    known.set(provider, reaches);
  }
  return reaches;
}

function violation(input: RuleInput, held: HeldGrant, target: Target): Violation {
  const { principal, assignment, role } = held;
  const provenance = provenanceOf(input, principalId(principal.id), assignment.scope);
  return {
    rule: controlPlaneRoleOnDataTarget.id,
    subject: assignment.id,
    severity: provenance === undefined ? 'low' : 'info',
    confidence: 'possible',
    principal,
    role: { id: role.id, name: role.name },
    scope: assignment.scopeId,
    title: `${principal.name || principal.id} may manage ${resourceName(assignment.scopeId)} and read none of its data`,
    message: [
      `${holds(input, held)}. That manages the resource; with a token it reaches none of its ${target.what}, and no data role of it reaches there either.`,
      provenance === undefined
        ? 'If it is meant to work with the data, it is refused.'
        : `It is the ${provenance.text}, so that is likely what is meant.`,
    ].join(' '),
    evidence: [
      { label: 'assignment', value: assignment.id, source: 'resource-graph' },
      { label: 'data roles at, above or below', value: 'none', source: 'resource-graph' },
    ],
    fix: [
      grantStep(
        `If it works with the data, grant a data role such as ${target.role.name} (there are others for writing).`,
        dataGrant(assignment, principal.id, target),
      ),
      az.step('Then delete the control-plane role, unless the identity really manages the resource.', az.deleteAssignment(assignment.id)),
    ],
    related: [principal.id],
  };
}

const dataGrant = ({ scopeId }: Assignment, id: string, { role }: Target): az.Grant => ({ principalId: id, roleId: role.id, scopeId });
