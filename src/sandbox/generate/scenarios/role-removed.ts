import { grantMade, grantRemoved, vaultWritten } from '../log-rows/changes.ts';
import { messagingCalls, noRole, storageCalls, vaultCalls } from '../log-rows/calls.ts';
import { workload } from './place.ts';
import type { Scenario } from './scenario.ts';

/** It worked until somebody took the grant away. */
export const roleRemoved: readonly Scenario[] = [
  {
    id: 'role-removed/vault',
    cause: 'role-removed',
    story: 'Key Vault Secrets User was removed an hour ago; refusals since.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      const assignment = here.t.assign(identity, 'Key Vault Secrets User', vault);
      here.t.remove(assignment.id);
      grantRemoved(here, {
        assignment,
        principalId: identity.principalId,
        role: 'Key Vault Secrets User',
        scope: vault,
        at: here.t.ago({ minutes: 60 }),
      });
      vaultCalls(here, { vault, caller: identity, from: 600, until: 62, every: 10, answer: { kind: 'ok' } });
      vaultCalls(here, { vault, caller: identity, answer: noRole() });
    },
  },
  {
    id: 'role-removed/group-scope-seen-in-the-workspace',
    cause: 'role-removed',
    story: 'The grant was at the resource group; its removal is in AzureActivity.',
    build(here) {
      here.sendsActivityToWorkspace();
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      const assignment = here.t.assign(identity, 'Storage Blob Data Reader', here.home);
      here.t.remove(assignment.id);
      grantRemoved(here, {
        assignment,
        principalId: identity.principalId,
        role: 'Storage Blob Data Reader',
        scope: here.home,
        at: here.t.ago({ minutes: 70 }),
      });
      storageCalls(here, { account, caller: identity });
    },
  },
  {
    id: 'role-removed/deletion-without-a-body',
    cause: 'role-removed',
    story: "The deletion's record says which assignment went, not whose it was.",
    notCertain: true,
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      const assignment = here.t.assign(identity, 'Key Vault Secrets User', vault);
      here.t.remove(assignment.id);
      grantRemoved(here, {
        assignment,
        principalId: identity.principalId,
        role: 'Key Vault Secrets User',
        scope: vault,
        at: here.t.ago({ minutes: 60 }),
        answer: false,
      });
      vaultCalls(here, { vault, caller: identity, answer: noRole() });
    },
  },
  {
    id: 'role-removed/still-listed-by-resource-graph',
    cause: 'role-removed',
    story: 'Resource Graph still lists the assignment, ARM answers 404.',
    build(here) {
      const { identity } = workload(here);
      const namespace = here.t.resource(here.home, 'Microsoft.ServiceBus/namespaces', 'sb-orders-prod', {
        sku: { name: 'Premium', tier: 'Premium' },
      });
      const assignment = here.t.assign(identity, 'Azure Service Bus Data Sender', namespace);
      here.t.arm({ id: assignment.id, deleted: true });
      grantRemoved(here, {
        assignment,
        principalId: identity.principalId,
        role: 'Azure Service Bus Data Sender',
        scope: namespace,
        at: here.t.ago({ minutes: 58 }),
      });
      messagingCalls(here, { caller: identity, namespace, activity: 'SendMessage' });
    },
  },
  {
    id: 'role-removed/access-policy-dropped',
    cause: 'role-removed',
    story: 'A deployment rewrote the vault with a shorter list of access policies.',
    build(here) {
      const { identity } = workload(here);
      const kept = here.t.directory.user('Operator 02');
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: false, policies: [{ holder: kept, secrets: ['get', 'list'] }] });
      vaultWritten(here, {
        vault,
        rbac: false,
        at: here.t.ago({ minutes: 58 }),
        policies: [{ tenantId: here.t.tenantId, objectId: kept.principalId, permissions: { secrets: ['get', 'list'] } }],
      });
      vaultCalls(here, { vault, caller: identity, from: 600, until: 62, every: 10, answer: { kind: 'ok' } });
      vaultCalls(here, { vault, caller: identity, answer: { kind: 'policy', permission: 'secrets get' } });
    },
  },
  {
    id: 'role-removed/neighbour-another-identitys-role',
    cause: 'missing-role',
    story: "An assignment at the same vault was removed at the same time: somebody else's.",
    build(here) {
      const { identity } = workload(here);
      const other = workload(here, { name: 'billing', group: here.nextDoor });
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      const assignment = here.t.assign(other.identity, 'Key Vault Secrets User', vault);
      here.t.remove(assignment.id);
      grantRemoved(here, {
        assignment,
        principalId: other.identity.principalId,
        role: 'Key Vault Secrets User',
        scope: vault,
        at: here.t.ago({ minutes: 60 }),
      });
      vaultCalls(here, { vault, caller: identity, answer: noRole() });
    },
  },
  {
    id: 'role-removed/neighbour-role-that-would-not-have-helped',
    cause: 'missing-role',
    story: 'What was removed from this identity an hour ago was a role for queues; the refused calls read blobs.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      const assignment = here.t.assign(identity, 'Storage Queue Data Contributor', account);
      here.t.remove(assignment.id);
      grantRemoved(here, {
        assignment,
        principalId: identity.principalId,
        role: 'Storage Queue Data Contributor',
        scope: account,
        at: here.t.ago({ minutes: 60 }),
      });
      storageCalls(here, { account, caller: identity });
    },
  },
  {
    id: 'role-removed/neighbour-removed-and-restored',
    cause: 'still-propagating',
    story: 'Removed an hour ago, restored four minutes ago; the refusals still run.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      const old = here.t.assign(identity, 'Key Vault Secrets User', vault);
      here.t.remove(old.id);
      grantRemoved(here, {
        assignment: old,
        principalId: identity.principalId,
        role: 'Key Vault Secrets User',
        scope: vault,
        at: here.t.ago({ minutes: 60 }),
      });
      const at = here.t.ago({ minutes: 6 });
      const assignment = here.t.assign(identity, 'Key Vault Secrets User', vault, { createdOn: at, createdBy: here.operator.principalId });
      grantMade(here, { assignment, principalId: identity.principalId, role: 'Key Vault Secrets User', scope: vault, at });
      vaultCalls(here, { vault, caller: identity, answer: noRole(), until: 4 });
    },
  },
  {
    id: 'role-removed/neighbour-restored-in-the-night',
    cause: 'none',
    story: 'Removed twelve hours ago, restored eleven hours ago, silent since: over.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      const old = here.t.assign(identity, 'Key Vault Secrets User', vault);
      here.t.remove(old.id);
      grantRemoved(here, {
        assignment: old,
        principalId: identity.principalId,
        role: 'Key Vault Secrets User',
        scope: vault,
        at: here.t.ago({ hours: 12 }),
      });
      const at = here.t.ago({ hours: 11 });
      const assignment = here.t.assign(identity, 'Key Vault Secrets User', vault, { createdOn: at });
      grantMade(here, { assignment, principalId: identity.principalId, role: 'Key Vault Secrets User', scope: vault, at });
      vaultCalls(here, { vault, caller: identity, answer: noRole(), from: 715, until: 655 });
      vaultCalls(here, { vault, caller: identity, answer: { kind: 'ok' }, from: 650, until: 5, every: 5 });
    },
  },
];
