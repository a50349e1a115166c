import { grantMade } from '../log-rows/changes.ts';
import { noRole, storageCalls, vaultCalls } from '../log-rows/calls.ts';
import { workload } from './place.ts';
import type { Scenario } from './scenario.ts';

/** Granted, and not yet known everywhere. */
export const stillPropagating: readonly Scenario[] = [
  {
    id: 'still-propagating/granted-a-minute-before',
    cause: 'still-propagating',
    story: 'The role was granted, the app started one minute later and has been refused for six minutes.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      const at = here.t.ago({ minutes: 10 });
      const assignment = here.t.assign(identity, 'Storage Blob Data Reader', account, {
        createdOn: at,
        createdBy: here.operator.principalId,
      });
      grantMade(here, { assignment, principalId: identity.principalId, role: 'Storage Blob Data Reader', scope: account, at });
      storageCalls(here, { account, caller: identity, from: 9, until: 3, every: 0.25 });
    },
  },
  {
    id: 'still-propagating/by-management-group',
    cause: 'still-propagating',
    story: 'Granted at the management group 25 minutes ago: those take up to half an hour.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      const at = here.t.ago({ minutes: 25 });
      here.t.assign(identity, 'Key Vault Secrets User', here.corp, { createdOn: at, createdBy: here.operator.principalId });
      vaultCalls(here, { vault, caller: identity, answer: noRole(), from: 24, until: 4, every: 0.5 });
    },
  },
  {
    id: 'still-propagating/granted-while-it-failed',
    cause: 'still-propagating',
    story: 'It failed for twenty minutes, then somebody granted the role three minutes ago; the last refusals are from just now.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      const at = here.t.ago({ minutes: 5 });
      const assignment = here.t.assign(identity, 'Storage Blob Data Reader', account, {
        createdOn: at,
        createdBy: here.operator.principalId,
      });
      grantMade(here, { assignment, principalId: identity.principalId, role: 'Storage Blob Data Reader', scope: account, at });
      storageCalls(here, { account, caller: identity, from: 25, until: 2, every: 0.5 });
    },
  },
  {
    id: 'still-propagating/neighbour-granted-yesterday',
    cause: 'unexplained',
    story: 'The same grant, a day old, no replica that succeeds and nothing else that would explain it: propagation is over.',
    notCertain: true,
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      here.t.assign(identity, 'Storage Blob Data Reader', account, { createdOn: here.t.ago({ days: 30 }) });
      storageCalls(here, { account, caller: identity });
    },
  },
  {
    id: 'still-propagating/neighbour-weaker-grant-a-minute-ago',
    cause: 'missing-role',
    story: 'What was granted a minute before is Reader: it will never suffice.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      const at = here.t.ago({ minutes: 10 });
      here.t.assign(identity, 'Storage Queue Data Contributor', account, { createdOn: at });
      storageCalls(here, { account, caller: identity, from: 9, until: 3, every: 0.25 });
    },
  },
];
