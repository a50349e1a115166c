import { assign, blobDataReader, estate, keyVaultSecretsUser, owner, sub, userAssigned, vault } from '../../build/estate.ts';
import { armRefused, blobRefused, by, denial, namespaceId, removal, secretRefused, storageId, vaultId } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const holding = (role: string, scope: string) =>
  estate({ identities: [app], assignments: [assign(app.principalId, role, scope)], vaults: [vault('kv-pay'), vault('kv-other')] });
const queue = (name: string) => `${namespaceId('sb-pay')}/queues/${name}`;
const sender = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39';
const sent = (object: string) =>
  denial({
    service: 'service-bus',
    table: 'AZMSRunTimeAuditLogs',
    caller: by(app),
    target: namespaceId('sb-pay'),
    object,
    operation: 'SendMessage',
    statusCode: 401,
    reason: 'Unauthorized',
  });

causeTable('role-at-wrong-scope', {
  fires: [
    {
      name: 'the role on a sibling account',
      estate: holding(blobDataReader, storageId('stother')),
      denials: [blobRefused(app)],
      confidence: 'certain',
      why: /not on .*stpay/,
      cli: [new RegExp(`--role ${blobDataReader} --scope '${storageId('stpay')}'$`)],
    },
    {
      name: 'the role on another vault',
      estate: holding(keyVaultSecretsUser, vaultId('kv-other')),
      denials: [secretRefused(app)],
      confidence: 'certain',
    },
    {
      name: 'the role in another group of resources',
      estate: holding(blobDataReader, `${sub('prod')}/resourceGroups/rg-old`),
      denials: [blobRefused(app)],
      confidence: 'certain',
    },
    {
      name: 'a wider role elsewhere: the least one is granted here',
      estate: holding('b7e6dc6d-f1e8-4753-8033-0f276bb0955b', storageId('stother')),
      denials: [blobRefused(app)],
      confidence: 'certain',
      cli: [new RegExp(`--role ${blobDataReader} `)],
    },
    {
      name: 'Owner elsewhere: never Owner here',
      estate: holding(owner, sub('dev')),
      denials: [armRefused(app, 'Microsoft.Resources/deployments/write', `${sub('prod')}/resourceGroups/rg-app`)],
      confidence: 'certain',
      cli: [],
    },
    {
      name: 'another queue of the namespace',
      estate: holding(sender, queue('orders')),
      denials: [sent('invoices')],
      confidence: 'certain',
      why: /only a part of/,
    },
    {
      name: 'a part of the namespace, and a log that names no queue',
      estate: holding(sender, queue('orders')),
      denials: [sent('')],
      confidence: 'likely',
    },
  ],
  neighbours: [
    { name: 'the very queue', estate: holding(sender, queue('orders')), denials: [sent('orders')], instead: 'unexplained' },
    {
      name: 'a lesser role elsewhere',
      estate: holding(blobDataReader, storageId('stother')),
      denials: [blobRefused(app, { operation: 'PutBlob' })],
      instead: 'missing-role',
    },
    {
      name: 'the role above the target',
      estate: holding(blobDataReader, sub('prod')),
      denials: [blobRefused(app)],
      instead: 'unexplained',
    },
    {
      name: 'the role elsewhere, and the one here removed',
      estate: holding(blobDataReader, storageId('stother')),
      denials: [blobRefused(app)],
      input: { changes: [removal(storageId('stpay'), { principalId: app.principalId, roleDefinitionId: blobDataReader })] },
      instead: 'role-removed',
    },
  ],
});
