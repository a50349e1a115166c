import { dataAccessAtBroadScope } from '../../src/rules/data-access-at-broad-scope.ts';
import {
  assign,
  blobDataReader,
  contributor,
  estate,
  guid,
  keyVaultSecretsUser,
  managementGroup,
  mg,
  owner,
  pid,
  role,
  sub,
  subscription,
  userAssigned,
} from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const world = { identities: [app], containers: [managementGroup('corp'), subscription('prod', mg('corp'))] };
const held = (id: string, scope: string, condition?: string) =>
  estate({ ...world, assignments: [assign(app.principalId, id, scope, condition === undefined ? {} : { condition })] });
const custom = (part: Parameters<typeof role>[2]) =>
  estate({
    ...world,
    roles: [role(guid('c'), 'Custom', part, { custom: true })],
    assignments: [assign(app.principalId, guid('c'), sub('prod'))],
  });
const readBlob = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read';
const onlyLogs = `((!(ActionMatches{'${readBlob}'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'logs'))`;

ruleTable(dataAccessAtBroadScope, {
  fires: [
    {
      name: 'secrets of a subscription',
      estate: held(keyVaultSecretsUser, sub('prod')),
      violations: [{ severity: 'high', scope: sub('prod') }],
      says: ['getSecret', 'az role assignment delete'],
    },
    { name: 'secrets of a management group', estate: held(keyVaultSecretsUser, mg('corp')), violations: [{ severity: 'critical' }] },
    {
      name: 'reading the blobs of a subscription',
      estate: held(blobDataReader, sub('prod')),
      violations: [{ severity: 'medium' }],
      says: ['may read data'],
    },
    { name: 'reading the blobs of the tenant', estate: held(blobDataReader, '/'), violations: [{ severity: 'high' }] },
    {
      name: 'writing the blobs of a subscription',
      estate: held('ba92f5b4-2d11-453d-a403-e96b0029c9fe', sub('prod')),
      violations: [{ severity: 'high' }],
      says: ['read and write'],
    },
    { name: 'every data action, in a custom role', estate: custom({ dataActions: ['*'] }), violations: [{ severity: 'high' }] },
    {
      name: 'messages to every queue',
      estate: custom({ dataActions: ['Microsoft.ServiceBus/namespaces/messages/send/action'] }),
      violations: [{ severity: 'high' }],
      says: ['may write data'],
    },
    {
      name: 'a condition on the container lowers it',
      estate: held(blobDataReader, sub('prod'), onlyLogs),
      violations: [{ severity: 'low' }],
      says: ['condition tests'],
    },
    {
      name: 'a condition that is not understood does not',
      estate: held(blobDataReader, sub('prod'), 'what'),
      violations: [{ severity: 'medium', confidence: 'likely' }],
    },
    {
      name: 'through a group',
      estate: estate({
        ...world,
        memberships: new Map([[app.principalId, [pid('team')]]]),
        assignments: [assign(pid('team'), keyVaultSecretsUser, sub('prod'))],
      }),
      violations: [{ aspect: app.principalId }],
    },
  ],
  silent: [
    { name: 'secrets of a resource group', estate: held(keyVaultSecretsUser, `${sub('prod')}/resourceGroups/rg-app`) },
    { name: 'Owner, who has no data action', estate: held(owner, sub('prod')) },
    { name: 'Contributor, who has none either', estate: held(contributor, '/') },
    { name: 'Key Vault Reader, who sees names only', estate: held('21090545-7ca7-4776-b22c-e363652d74d2', sub('prod')) },
    { name: 'metrics', estate: held('3913510d-42f4-4e42-8a64-420c390055eb', sub('prod')) },
    { name: 'log tables', estate: held('3b03c2da-16b3-4a49-8834-0f8130efdd3b', sub('prod')) },
    { name: 'data actions written as control actions', estate: custom({ actions: ['Microsoft.KeyVault/vaults/secrets/*'] }) },
    {
      name: 'data actions that are taken away again',
      estate: custom({
        dataActions: ['Microsoft.KeyVault/*'],
        notDataActions: [
          'Microsoft.KeyVault/vaults/secrets/*',
          'Microsoft.KeyVault/vaults/keys/*',
          'Microsoft.KeyVault/vaults/certificates/*',
        ],
      }),
    },
    { name: 'a person', estate: estate({ ...world, assignments: [assign(pid('person'), keyVaultSecretsUser, sub('prod'))] }) },
  ],
});
