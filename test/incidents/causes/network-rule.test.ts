import { assign, attached, blobDataReader, estate, host, keyVaultSecretsUser, userAssigned, vault, sub } from '../../build/estate.ts';
import {
  appSaid,
  storageId,
  vaultId,
  by,
  registryId,
  blobRefused,
  denial,
  secretRefused,
  serverId,
  change,
  armRefused,
  secretRefusedByPolicy,
} from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const world = estate({
  identities: [app],
  vaults: [vault('kv-pay')],
  assignments: [
    assign(app.principalId, blobDataReader, storageId('stpay')),
    assign(app.principalId, keyVaultSecretsUser, vaultId('kv-pay')),
  ],
});
const failure = {
  reason: 'AuthorizationFailure',
  sample: 'This request is not authorized to perform this operation.',
  callerAddresses: ['20.1.2.3'],
};

causeTable('network-rule', {
  fires: [
    {
      name: "a vault's firewall",
      estate: world,
      denials: [
        secretRefused(app, {
          reason: 'ForbiddenByFirewall',
          sample: 'Client address is not authorized and caller is not a trusted service. Client address: 20.1.2.3',
          callerAddresses: ['20.1.2.3'],
        }),
      ],
      confidence: 'certain',
      why: /20\.1\.2\.3/,
      cli: [/^az resource show --ids /],
    },
    { name: 'storage, with the role in place', estate: world, denials: [blobRefused(app, failure)], confidence: 'likely' },
    {
      name: 'storage, with the role in place and a network rule changed before',
      estate: world,
      denials: [blobRefused(app, failure)],
      input: { changes: [change('network-changed', storageId('stpay'))] },
      confidence: 'certain',
    },
    {
      name: 'a registry',
      estate: world,
      denials: [
        denial({
          service: 'container-registry',
          caller: by(app),
          target: registryId('acrpay'),
          operation: 'Pull',
          reason: 'denied',
          sample: "client with IP '20.1.2.3' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
        }),
      ],
      confidence: 'certain',
    },
    {
      name: 'a database server',
      estate: world,
      denials: [
        denial({
          service: 'sql',
          caller: by(app),
          target: serverId('sql-pay'),
          operation: 'login',
          reason: '40615',
          sample:
            "Cannot open server 'sql-pay' requested by the login. Client with IP address '20.1.2.3' is not allowed to access the server.",
        }),
      ],
      confidence: 'certain',
    },
    {
      name: "Event Hubs' word for an address",
      estate: world,
      denials: [
        denial({
          service: 'event-hubs',
          table: 'AZMSDiagnosticErrorLogs',
          caller: { kind: 'unknown' },
          reason: 'IpAddressNotAllowed',
          sample: '403 ConnectionOpen: 40301: IpAddress 20.1.1.1 is not allowed to access the namespace',
        }),
      ],
      confidence: 'certain',
    },
    {
      name: "storage's word for a network rule, printed by an application that holds a role there",
      estate: estate({
        identities: [app],
        hosts: [attached(host('web'), app)],
        assignments: [assign(app.principalId, blobDataReader, storageId('stpay'))],
      }),
      denials: [
        appSaid(host('web').id, 'AuthorizationFailure: This request is not authorized to perform this operation.', {
          operation: 'storage-network',
          reason: 'AuthorizationFailure',
          target: 'https://stpay.blob.core.windows.net',
        }),
      ],
      confidence: 'likely',
    },
  ],
  neighbours: [
    {
      name: 'storage, without the role',
      estate: estate({ identities: [app] }),
      denials: [blobRefused(app, failure)],
      instead: 'missing-role',
    },
    {
      name: 'a permission on a thing called firewall',
      estate: world,
      denials: [
        armRefused(
          app,
          'Microsoft.Network/azureFirewalls/read',
          `${sub('prod')}/resourceGroups/rg-net/providers/Microsoft.Network/azureFirewalls/firewall`,
        ),
      ],
      instead: 'missing-role',
    },
    {
      name: 'a vault called firewall',
      estate: estate({ identities: [app], vaults: [vault('kv-firewall', { rbac: false })] }),
      denials: [
        secretRefusedByPolicy(app, {
          target: vaultId('kv-firewall'),
          sample: "does not have secrets get permission on key vault 'kv-firewall;location=westeurope'.",
        }),
      ],
      instead: 'missing-role',
    },
    { name: 'a permission that is missing', estate: estate({ identities: [app] }), denials: [blobRefused(app)], instead: 'missing-role' },
  ],
});
