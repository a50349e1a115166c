import {
  assign,
  blobDataReader,
  contributor,
  estate,
  keyVaultSecretsUser,
  owner,
  reader,
  sub,
  userAssigned,
  vault,
} from '../../build/estate.ts';
import { accountId, blobRefused, by, denial, namespaceId, secretRefused, storageId, vaultId } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const holding = (role: string, scope: string) => estate({ identities: [app], assignments: [assign(app.principalId, role, scope)] });

causeTable('control-plane-role-only', {
  fires: [
    {
      name: 'Contributor on the subscription',
      estate: holding(contributor, sub('prod')),
      denials: [blobRefused(app)],
      confidence: 'certain',
      why: /holds Contributor on .* manages the resource/,
      cli: [new RegExp(`--role ${blobDataReader} --scope '${storageId('stpay')}'$`)],
    },
    {
      name: 'Owner of the account',
      estate: holding(owner, storageId('stpay')),
      denials: [blobRefused(app, { operation: 'PutBlob' })],
      confidence: 'certain',
    },
    {
      name: 'Reader of that very account',
      estate: holding(reader, storageId('stpay')),
      denials: [blobRefused(app)],
      confidence: 'certain',
      why: /shows the resource/,
    },
    {
      name: 'Contributor of a vault that decides by roles',
      estate: { ...holding(contributor, vaultId('kv-pay')), vaults: [vault('kv-pay')] },
      denials: [secretRefused(app)],
      confidence: 'certain',
      cli: [new RegExp(`--role ${keyVaultSecretsUser} `)],
    },
    {
      name: 'Contributor on a queue namespace',
      estate: holding(contributor, sub('prod')),
      denials: [
        denial({
          service: 'service-bus',
          table: 'AZMSRunTimeAuditLogs',
          caller: by(app),
          target: namespaceId('sb-pay'),
          operation: 'SendMessage',
          statusCode: 401,
          reason: 'Unauthorized',
        }),
      ],
      confidence: 'certain',
      cli: [/69a216fc-/],
    },
    {
      name: 'Contributor, with an Activity Log that could not be read',
      estate: holding(contributor, sub('prod')),
      denials: [blobRefused(app)],
      input: { changes: undefined },
      confidence: 'likely',
    },
  ],
  neighbours: [
    { name: 'Reader of the subscription', estate: holding(reader, sub('prod')), denials: [blobRefused(app)], instead: 'missing-role' },
    {
      name: 'a data role that lacks the operation',
      estate: holding(blobDataReader, storageId('stpay')),
      denials: [blobRefused(app, { operation: 'DeleteBlob' })],
      instead: 'missing-role',
    },
    {
      name: 'Contributor on another account',
      estate: holding(contributor, storageId('stother')),
      denials: [blobRefused(app)],
      instead: 'missing-role',
    },
    {
      name: 'Contributor on a database with roles of its own',
      estate: holding(contributor, sub('prod')),
      denials: [
        denial({
          service: 'cosmos-db',
          table: 'CDBDataPlaneRequests',
          caller: by(app),
          target: accountId('cosmos-pay'),
          operation: 'Read',
          reason: '5301',
          sample: '403/5301',
        }),
      ],
      instead: 'native-role-missing',
    },
  ],
});
