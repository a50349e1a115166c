import { owned, type Story } from '../landscape.ts';
import { noRole, storageCalls, throwsInFunctions, vaultCalls } from '../log-rows/calls.ts';
import { vaultChallenge, vaultDiagnosticsRow } from '../log-rows/key-vault.ts';
import { calm } from '../planted.ts';

/** 401s and 403s that every tenant has and nobody should be woken for. */
export const everydayRefusals: Story = {
  name: 'everyday refusals',
  plant({ t, group, records }) {
    const home = group('probes', 'prod');
    const probe = t.userAssignedIdentity(home, 'id-probes-prod', { tags: owned });
    const host = t.host('functionApp', home, 'func-probes-prod', { userAssigned: [probe], tags: owned });
    const vault = t.vault(home, 'kv-probes-prod', { rbac: true });
    const bus = t.resource(home, 'Microsoft.ServiceBus/namespaces', 'sb-probes-prod', { sku: { name: 'Premium', tier: 'Premium' } });
    const account = t.storageAccount(home, 'stprobesprod');
    t.assign(probe, 'Azure Service Bus Data Receiver', bus);

    // A client's first request carries no token.
    for (const at of records.instants({ from: 1_440, until: 5, every: 10 }))
      records.log(vaultDiagnosticsRow(vaultChallenge({ vault, tenantId: t.tenantId, at, object: 'probe' })));

    // The scale controller may not count messages; the function receives them all the same.
    throwsInFunctions(records, {
      host,
      from: 300,
      every: 5,
      exception: 'System.UnauthorizedAccessException',
      text: "Unauthorized access. 'Manage,EntityRead' claim(s) are required to perform this operation. Resource: 'sb://sb-probes-prod.servicebus.windows.net/heartbeats'.",
    });

    // Azure Resource Graph looks at every vault.
    const resourceGraph = { principalId: t.seeded.guid('Azure Resource Graph'), clientId: '509e4652-da8d-478d-a730-e9d4a1996ca4', id: '' };
    vaultCalls(records, {
      vault,
      caller: resourceGraph,
      operation: 'VaultGet',
      object: '',
      from: 600,
      every: 30,
      answer: { kind: 'firewall' },
    });

    // A person in the portal, without a data role.
    const person = t.directory.user('Operator 10');
    storageCalls(records, {
      account,
      caller: { principalId: person.principalId, clientId: 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c', id: '' },
      from: 90,
      until: 60,
    });

    // A probe that has been refused once an hour for as long as the log goes back.
    vaultCalls(records, { vault, caller: probe, object: 'canary', from: 2_860, until: 10, every: 60, answer: noRole() });

    return [
      calm('key-vault-challenge', { principalId: vault.id }, '401 of first requests without a token'),
      calm('scale-controller-entity-read', probe, 'the scale controller asks for more than the receiver has'),
      calm('first-party-vault-get', resourceGraph, 'Azure Resource Graph may not look at the vault'),
      calm('people', person, 'a person opens containers in the portal'),
      calm('steady rate', probe, 'one refusal an hour, for days'),
    ];
  },
};
