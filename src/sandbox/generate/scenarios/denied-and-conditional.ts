import { blobRead, noRole, storageCalls, vaultCalls } from '../log-rows/calls.ts';
import { workload, type Place } from './place.ts';
import type { Placed } from '../tenant-options.ts';
import type { Scenario } from './scenario.ts';

/** An allow that somebody else's deny, or its own condition, takes back. */
export const denyAssignment: readonly Scenario[] = [
  {
    id: 'deny-assignment/deployment-stack-on-storage',
    cause: 'deny-assignment',
    story: 'A deployment stack protects the account against reading; the role is there.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(identity, 'Storage Blob Data Reader', account);
      const deny = denyAt(here, here.home, { dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*'] });
      storageCalls(here, { account, caller: identity, decision: { action: blobRead, denyAssignmentId: deny.name, reason: 'Policy' } });
    },
  },
  {
    id: 'deny-assignment/managed-application-vault',
    cause: 'deny-assignment',
    story: "The vault belongs to a managed application; the publisher's deny assignment covers secrets.",
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      here.t.assign(identity, 'Key Vault Secrets User', vault);
      const deny = denyAt(here, here.home, { dataActions: ['Microsoft.KeyVault/vaults/secrets/*'] });
      vaultCalls(here, {
        vault,
        caller: identity,
        answer: { kind: 'rbac', action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action', denyAssignmentId: deny.name },
      });
    },
  },
  {
    id: 'deny-assignment/neighbour-excluded',
    cause: 'missing-role',
    story: 'The deny assignment leaves this identity out; the role is missing.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      denyAt(here, here.home, {
        dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*'],
        excluded: [identity.principalId],
      });
      storageCalls(here, { account, caller: identity });
    },
  },
  {
    id: 'deny-assignment/neighbour-denies-deletion-only',
    cause: 'missing-role',
    story: 'What is denied is deleting the account, as deployment stacks do; reading lacks a role.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      denyAt(here, here.home, { actions: ['*/delete'] });
      vaultCalls(here, { vault, caller: identity, answer: noRole() });
    },
  },
];

const onlyContainer = (name: string): string =>
  `((!(ActionMatches{'${blobRead}'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals '${name}'))`;

export const conditionNotMet: readonly Scenario[] = [
  {
    id: 'condition-not-met/other-container',
    cause: 'condition-not-met',
    story: 'The role holds for the container reports by its condition; the calls read invoices.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(identity, 'Storage Blob Data Reader', account, { condition: onlyContainer('reports') });
      storageCalls(here, { account, caller: identity, decision: { action: blobRead, reason: 'NoApplicablePolicy' } });
    },
  },
  {
    id: 'condition-not-met/missing-attribute',
    cause: 'condition-not-met',
    story: 'The condition asks for a blob index tag that the blob does not carry.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(identity, 'Storage Blob Data Reader', here.home, {
        condition: `((!(ActionMatches{'${blobRead}'} AND NOT SubOperationMatches{'Blob.List'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags:Project<$key_case_sensitive$>] StringEquals 'Cascade'))`,
      });
      storageCalls(here, { account, caller: identity, decision: { action: blobRead, reason: 'MissingAttributes' } });
    },
  },
  {
    id: 'condition-not-met/neighbour-second-grant-allows',
    cause: 'network-rule',
    story: 'A second grant without a condition allows the call: what refuses is the firewall of the account.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.resource(here.home, 'Microsoft.Storage/storageAccounts', 'stordersprod', {
        kind: 'StorageV2',
        properties: { networkAcls: { defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [], bypass: 'None' } },
      });
      here.t.assign(identity, 'Storage Blob Data Reader', account, { condition: onlyContainer('reports') });
      here.t.assign(identity, 'Storage Blob Data Contributor', here.home);
      storageCalls(here, { account, caller: identity, text: 'AuthorizationFailure' });
    },
  },
  {
    id: 'condition-not-met/neighbour-role-too-weak-anyway',
    cause: 'missing-role',
    story: 'A conditional reader writes: the condition is not what is in the way.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(identity, 'Storage Blob Data Reader', account, { condition: onlyContainer('reports') });
      storageCalls(here, {
        account,
        caller: identity,
        operation: 'PutBlob',
        path: 'reports/2026/11.csv',
        text: 'AuthorizationPermissionMismatch',
        decision: { action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write' },
      });
    },
  },
];

function denyAt(
  { t }: Place,
  scope: { readonly id: string },
  given: { readonly actions?: readonly string[]; readonly dataActions?: readonly string[]; readonly excluded?: readonly string[] },
): Placed {
  const name = t.seeded.guid('deny', scope.id);
  const id = `${scope.id}/providers/Microsoft.Authorization/denyAssignments/${name}`;
  t.arm({
    id,
    name,
    type: 'Microsoft.Authorization/denyAssignments',
    properties: {
      denyAssignmentName:
        "Deny assignment created by Deployment Stack '/subscriptions/x/providers/Microsoft.Resources/deploymentStacks/orders'",
      description: 'Created by Deployment Stacks',
      permissions: [{ actions: given.actions ?? [], notActions: [], dataActions: given.dataActions ?? [], notDataActions: [] }],
      scope: scope.id,
      doNotApplyToChildScopes: false,
      principals: [{ id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' }],
      excludePrincipals: (given.excluded ?? []).map((one) => ({ id: one, type: 'ServicePrincipal' })),
      isSystemProtected: true,
    },
  });
  return { id, name };
}
