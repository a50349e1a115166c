import { vaultWritten } from '../log-rows/changes.ts';
import { noRole, vaultCalls } from '../log-rows/calls.ts';
import { workload } from './place.ts';
import type { Scenario } from './scenario.ts';

/** A vault decides by roles or by access policies, never by both; the grant is in the world that does not count. */
export const vaultOnAccessPolicies: readonly Scenario[] = [
  {
    id: 'vault-on-access-policies/role-without-effect',
    cause: 'vault-on-access-policies',
    story: 'Key Vault Secrets User on a vault that decides by access policies.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: false, policies: [] });
      here.t.assign(identity, 'Key Vault Secrets User', vault);
      vaultCalls(here, { vault, caller: identity, answer: { kind: 'policy', permission: 'secrets get' } });
    },
  },
  {
    id: 'vault-on-access-policies/flipped-back',
    cause: 'vault-on-access-policies',
    story: 'An old template was deployed an hour ago and turned RBAC off.',
    build(here) {
      const { identity } = workload(here);
      const keeper = here.t.directory.user('Operator 02');
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: false, policies: [{ holder: keeper, secrets: ['get'] }] });
      here.t.assign(identity, 'Key Vault Secrets User', here.home);
      vaultWritten(here, { vault, rbac: false, at: here.t.ago({ minutes: 58 }) });
      vaultCalls(here, { vault, caller: identity, from: 600, until: 62, every: 10, answer: { kind: 'ok' } });
      vaultCalls(here, { vault, caller: identity, answer: { kind: 'policy', permission: 'secrets get' } });
    },
  },
  {
    id: 'vault-on-access-policies/neighbour-nothing-granted',
    cause: 'missing-role',
    story: 'The vault decides by access policies, and the identity has neither an entry nor a role.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: false, policies: [] });
      vaultCalls(here, { vault, caller: identity, answer: { kind: 'policy', permission: 'secrets get' } });
    },
  },
  {
    id: 'vault-on-access-policies/neighbour-entry-without-this-permission',
    cause: 'missing-role',
    story: 'It has an entry for get; it lists.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: false, policies: [{ holder: identity, secrets: ['Get'] }] });
      vaultCalls(here, {
        vault,
        caller: identity,
        operation: 'SecretList',
        object: '',
        answer: { kind: 'policy', permission: 'secrets list' },
      });
    },
  },
];

export const vaultOnRbac: readonly Scenario[] = [
  {
    id: 'vault-on-rbac/flipped',
    cause: 'vault-on-rbac',
    story: 'The vault was moved to RBAC an hour ago; the access policy that worked until then counts no more.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true, policies: [{ holder: identity, secrets: ['Get', 'List'] }] });
      vaultWritten(here, { vault, rbac: true, at: here.t.ago({ minutes: 58 }) });
      vaultCalls(here, { vault, caller: identity, from: 600, until: 62, every: 10, answer: { kind: 'ok' } });
      vaultCalls(here, { vault, caller: identity, answer: noRole() });
    },
  },
  {
    id: 'vault-on-rbac/policy-without-effect',
    cause: 'vault-on-rbac',
    story: 'A new vault, RBAC by default, and an access policy that somebody added to it. The flip, if there was one, is long past.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true, policies: [{ holder: identity, keys: ['sign', 'get'] }] });
      vaultCalls(here, {
        vault,
        caller: identity,
        operation: 'KeySign',
        object: 'token-signing',
        table: 'AZKVAuditLogs',
        answer: noRole('Microsoft.KeyVault/vaults/keys/sign/action'),
      });
    },
  },
  {
    id: 'vault-on-rbac/neighbour-policy-for-something-else',
    cause: 'missing-role',
    story: 'The entry left on the RBAC vault is for keys, the calls read secrets: it would not have helped in either mode.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true, policies: [{ holder: identity, keys: ['get'] }] });
      vaultCalls(here, { vault, caller: identity, answer: noRole() });
    },
  },
  {
    id: 'vault-on-rbac/neighbour-somebody-elses-entry',
    cause: 'missing-role',
    story: 'The entry left on the RBAC vault is of another identity.',
    build(here) {
      const { identity } = workload(here);
      const other = workload(here, { name: 'invoices' });
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true, policies: [{ holder: other.identity, secrets: ['get'] }] });
      vaultCalls(here, { vault, caller: identity, answer: noRole() });
    },
  },
];
