import { blobRead, noRole, storageCalls, vaultCalls } from '../log-rows/calls.ts';
import { workload } from './place.ts';
import type { Scenario } from './scenario.ts';

/** The honest answer where nothing fits. */
export const unexplained: readonly Scenario[] = [
  {
    id: 'unexplained/role-in-place-for-a-year',
    cause: 'unexplained',
    story: 'The role has been there for a year, the account is open, and the vault still says no.',
    notCertain: true,
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      here.t.assign(identity, 'Key Vault Secrets User', vault);
      vaultCalls(here, { vault, caller: identity, answer: noRole() });
    },
  },
  {
    id: 'unexplained/neighbour-role-of-a-minute',
    cause: 'still-propagating',
    story: 'The same with a grant from six minutes ago.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      here.t.assign(identity, 'Key Vault Secrets User', vault, { createdOn: here.t.ago({ minutes: 10 }) });
      vaultCalls(here, { vault, caller: identity, answer: noRole(), from: 9, until: 4, every: 0.3 });
    },
  },
  {
    id: 'unexplained/neighbour-some-succeed',
    cause: 'stale-token',
    story: 'The same with a grant of three hours, and other replicas that succeed.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      const assignment = here.t.assign(identity, 'Storage Blob Data Reader', account, { createdOn: here.t.ago({ hours: 3 }) });
      storageCalls(here, { account, caller: identity, from: 180, until: 3, every: 3 });
      storageCalls(here, {
        account,
        caller: identity,
        from: 160,
        address: '10.20.1.8',
        status: '200',
        text: 'Success',
        decision: { action: blobRead, assignmentId: assignment.id },
      });
    },
  },
];
