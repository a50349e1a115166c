import { resourceKey } from '../../../src/estate/index.ts';
import { assign, contributor, estate, sub, userAssigned } from '../../build/estate.ts';
import { accountId, blobRefused, by, denial } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const data = (operation: string, sample: string, reason = '5301') =>
  denial({
    service: 'cosmos-db',
    table: 'CDBDataPlaneRequests',
    caller: by(app),
    target: accountId('cosmos-pay'),
    operation,
    reason,
    sample,
  });
const reads = {
  id: `${accountId('cosmos-pay')}/sqlRoleAssignments/a`,
  account: resourceKey(accountId('cosmos-pay')),
  principalId: app.principalId,
  roleName: 'Reader',
  dataActions: ['Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/read'],
  scope: resourceKey(accountId('cosmos-pay')),
};
const said =
  'Request blocked by Auth: principal does not have required RBAC permissions to perform action [Microsoft.DocumentDB/databaseAccounts/readMetadata] on resource [/].';

causeTable('native-role-missing', {
  fires: [
    {
      name: 'a reader',
      estate: estate({ identities: [app] }),
      denials: [data('Read', said)],
      confidence: 'certain',
      cli: [
        new RegExp(
          `^az cosmosdb sql role assignment create --account-name cosmos-pay .*--role-definition-id 00000000-0000-0000-0000-000000000001 --principal-id ${app.principalId} --scope '/'$`,
        ),
      ],
    },
    {
      name: 'a writer',
      estate: estate({ identities: [app] }),
      denials: [data('Upsert', said)],
      confidence: 'certain',
      cli: [/000000000002/],
    },
    {
      name: 'Contributor, which opens nothing',
      estate: estate({ identities: [app], assignments: [assign(app.principalId, contributor, sub('prod'))] }),
      denials: [data('Read', said)],
      confidence: 'certain',
      why: /Contributor there manages/,
    },
    {
      name: 'a refusal without words, where nobody read the roles of the account',
      estate: estate({ identities: [app], assignments: [assign(app.principalId, contributor, sub('prod'))] }),
      denials: [data('Read', '', 'Forbidden')],
      confidence: 'likely',
    },
    {
      name: 'a refusal without words, and nothing in the account',
      estate: estate({ identities: [app], nativeRoleAssignments: [] }),
      denials: [data('Read', '', 'Forbidden')],
      confidence: 'certain',
    },
    {
      name: 'a writer that holds the reader',
      estate: estate({ identities: [app], nativeRoleAssignments: [reads] }),
      denials: [data('Upsert', '', 'Forbidden')],
      confidence: 'certain',
      why: /holds Reader on cosmos-pay, which does not include the call/,
      cli: [/000000000002/],
    },
  ],
  neighbours: [
    {
      name: 'a firewall',
      estate: estate({ identities: [app] }),
      denials: [
        data(
          'Read',
          'Request originated from IP 20.1.2.3 through public internet. This is blocked by your Cosmos DB account firewall settings.',
        ),
      ],
      instead: 'network-rule',
    },
    {
      name: 'a role that is there',
      estate: estate({ identities: [app], nativeRoleAssignments: [reads] }),
      denials: [data('Read', '', 'Forbidden')],
      instead: 'stale-token',
    },
    { name: 'storage', estate: estate({ identities: [app] }), denials: [blobRefused(app)], instead: 'missing-role' },
  ],
});
