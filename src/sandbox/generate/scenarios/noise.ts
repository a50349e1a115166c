import { authorizationFailed } from '../log-rows/activity.ts';
import { vaultChallenge, vaultDiagnosticsRow } from '../log-rows/key-vault.ts';
import { noRole, storageCalls, throwsInFunctions, vaultCalls } from '../log-rows/calls.ts';
import { usual } from '../log-rows/recorder.ts';
import { workload, type Place } from './place.ts';
import type { Caller } from '../log-rows/log-row.ts';
import type { Scenario } from './scenario.ts';

/** Refusals that are normal life, and rates that are too low or too steady to wake anybody. */
export const noise: readonly Scenario[] = [
  {
    id: 'benign/key-vault-challenge',
    cause: 'none',
    story: 'Hundreds of first requests without a token.',
    build(here) {
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      for (const at of here.instants({ from: 120, until: 5, every: 0.25 }))
        here.log(vaultDiagnosticsRow(vaultChallenge({ vault, tenantId: here.t.tenantId, at, object: 'orders-connection' })));
    },
  },
  {
    id: 'benign/scale-controller',
    cause: 'none',
    story: 'The scale controller of a function app may not count messages; the app itself receives them.',
    build(here) {
      const { identity, host } = workload(here, { host: 'functionApp' });
      const namespace = here.t.resource(here.home, 'Microsoft.ServiceBus/namespaces', 'sb-orders-prod', { sku: { name: 'Premium' } });
      here.t.assign(identity, 'Azure Service Bus Data Receiver', namespace);
      throwsInFunctions(here, {
        host,
        exception: 'System.UnauthorizedAccessException',
        text: "Unauthorized access. 'Manage,EntityRead' claim(s) are required to perform this operation. Resource: 'sb://sb-orders-prod.servicebus.windows.net/orders'. TrackingId:6f0b2c5e, SystemTracker:NoSystemTracker, Timestamp:2026-11-20T07:30:00",
      });
    },
  },
  {
    id: 'benign/app-service-reference-probe',
    cause: 'none',
    story: 'App Service tries each Key Vault reference once over the public network before it takes the way through the virtual network.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      here.t.assign(identity, 'Key Vault Secrets User', vault);
      // Microsoft.Azure.WebSites, which asks on behalf of the app.
      const appService: Caller = {
        principalId: here.t.seeded.guid('App Service'),
        clientId: 'abfa0a7c-a6b6-4736-8310-5855508787cd',
        id: '',
      };
      vaultCalls(here, { vault, caller: appService, every: 5, address: '20.61.7.9', answer: { kind: 'firewall' } });
    },
  },
  {
    id: 'benign/first-party-vault-get',
    cause: 'none',
    story: 'Azure Policy and Resource Graph read properties of a vault that does not let them.',
    build(here) {
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      for (const clientId of ['1d78a85d-813d-46f0-b496-dd72f50a3ec0', '509e4652-da8d-478d-a730-e9d4a1996ca4'])
        vaultCalls(here, {
          vault,
          caller: { principalId: here.t.seeded.guid(clientId), clientId, id: '' },
          operation: 'VaultGet',
          object: '',
          answer: { kind: 'firewall' },
          every: 3,
        });
    },
  },
  {
    id: 'benign/pim',
    cause: 'none',
    story: 'Privileged Identity Management records refusals of its own.',
    build(here) {
      here.sendsActivityToWorkspace();
      const pim = { upn: 'MS-PIM', principalId: here.t.seeded.guid('MS-PIM') };
      const id = `${here.prod.id}/providers/Microsoft.Authorization/roleAssignments/${here.t.seeded.guid('activation')}`;
      for (const at of here.instants({ ...usual, every: 4 }))
        here.did({
          operation: 'Microsoft.Authorization/roleAssignments/write',
          resourceId: id,
          at,
          by: pim,
          failure: authorizationFailed(pim, 'Microsoft.Authorization/roleAssignments/write', id),
        });
    },
  },
  {
    id: 'people/arm',
    cause: 'none',
    story: "A person's own refusals in ARM.",
    build(here) {
      here.sendsActivityToWorkspace();
      const machine = here.t.host('virtualMachine', here.nextDoor, 'vm-billing-01');
      const action = 'Microsoft.Compute/virtualMachines/start/action';
      for (const at of here.instants({ ...usual, every: 2 }))
        here.did({ operation: action, resourceId: machine.id, at, failure: authorizationFailed(here.operator, action, machine.id) });
    },
  },
  {
    id: 'people/storage-known-by-directory-only',
    cause: 'none',
    story: 'A person browses an account in the portal without a data role; the log has an object id, and a name in none of its columns.',
    build(here) {
      const account = here.t.storageAccount(here.home, 'stordersprod');
      storageCalls(here, {
        account,
        caller: { principalId: here.operator.principalId, clientId: 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c', id: '' },
      });
    },
  },
  {
    id: 'quiet/four-only',
    cause: 'none',
    story: 'Four refusals, and no more.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      vaultCalls(here, { vault, caller: identity, answer: noRole(), from: 40, until: 34, every: 2 });
    },
  },
  {
    id: 'quiet/one-an-hour-for-two-days',
    cause: 'none',
    story: 'A health probe that has been refused once an hour for as long as anybody remembers.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      vaultCalls(here, { vault, caller: identity, answer: noRole(), from: 2_860, until: 10, every: 60 });
    },
  },
  {
    id: 'quiet/random-at-a-constant-low-rate',
    cause: 'none',
    story: 'Refusals at random, three an hour for two days.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      for (const from of randomMinutes(here, 2_870, 20))
        vaultCalls(here, { vault, caller: identity, answer: noRole(), from, until: from, every: 1 });
    },
  },
  {
    id: 'quiet/random-then-a-burst',
    cause: 'missing-role',
    story: 'The same noise, and forty refusals within ten minutes at its end.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      for (const from of randomMinutes(here, 2_870, 20))
        vaultCalls(here, { vault, caller: identity, answer: noRole(), from, until: from, every: 1 });
      vaultCalls(here, { vault, caller: identity, answer: noRole(), from: 15, until: 5, every: 0.25 });
    },
  },
  {
    id: 'steady/retry-loop-for-days',
    cause: 'missing-role',
    story: 'A job that has been refused once a minute for two days: one open incident, however often the watch looks.',
    passes: [2_400, 1_200, 600, 60],
    build(here) {
      const { identity } = workload(here, { host: 'functionApp' });
      const vault = here.t.vault(here.home, 'kv-orders-prod', { rbac: true });
      vaultCalls(here, { vault, caller: identity, answer: noRole(), from: 2_860, until: 4, every: 1 });
    },
  },
  {
    id: 'steady/burst-that-ended-yesterday',
    cause: 'none',
    story: 'An outage of an hour, over for twenty hours.',
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      storageCalls(here, { account, caller: identity, from: 1_260, until: 1_200 });
    },
  },
  {
    id: 'steady/resolved-between-two-passes',
    cause: 'none',
    story: 'The first pass saw the outage; by the second one it has been silent for seven hours.',
    passes: [460],
    build(here) {
      const { identity } = workload(here);
      const account = here.t.storageAccount(here.home, 'stordersprod');
      storageCalls(here, { account, caller: identity, from: 520, until: 465 });
    },
  },
  {
    id: 'spread/many-vaults-once-each',
    cause: 'missing-role',
    kind: 'spread',
    story: 'Somebody with the token of a workload knocks at thirty vaults, once each, within twenty minutes.',
    build(here) {
      const { identity } = workload(here);
      for (const index of Array.from({ length: 30 }, (_, each) => each)) {
        const vault = here.t.vault(index % 2 === 0 ? here.home : here.nextDoor, `kv-prod-${String(index).padStart(2, '0')}`, {
          rbac: true,
        });
        const from = 40 - index * 0.6;
        vaultCalls(here, {
          vault,
          caller: identity,
          operation: 'SecretList',
          object: '',
          answer: noRole('Microsoft.KeyVault/vaults/secrets/readMetadata/action'),
          from,
          until: from,
          every: 1,
        });
      }
    },
  },
  {
    id: 'spread/neighbour-one-vault-many-times',
    cause: 'missing-role',
    kind: 'outage',
    story: 'As many refusals, at one vault.',
    build(here) {
      const { identity } = workload(here);
      const vault = here.t.vault(here.home, 'kv-prod-00', { rbac: true });
      vaultCalls(here, { vault, caller: identity, answer: noRole(), from: 40, until: 10 });
    },
  },
];

/** Instants of a Poisson process in minutes before now: exponential gaps around `mean`. */
function randomMinutes({ t }: Place, from: number, mean: number): readonly number[] {
  const minutes: number[] = [];
  for (let at = from, index = 0; at > 5; index++) {
    const uniform = (t.seeded.below(1_000_000, 'gap', index) + 1) / 1_000_001;
    at += mean * Math.log(uniform);
    if (at > 5) minutes.push(at);
  }
  return minutes;
}
