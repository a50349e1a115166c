import { assign, estate, guid, keyVaultSecretsUser, userAssigned, vault } from '../../build/estate.ts';
import { blobRefused, by, denial, secretRefused, signInRefused, vaultId } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const world = estate({
  identities: [app],
  vaults: [vault('kv-pay')],
  assignments: [assign(app.principalId, keyVaultSecretsUser, vaultId('kv-pay'))],
});
const unauthorized = { statusCode: 401, reason: 'Unauthorized' };

causeTable('wrong-audience', {
  fires: [
    {
      name: 'a vault',
      estate: world,
      denials: [
        secretRefused(app, {
          ...unauthorized,
          sample: 'AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://management.azure.com/.',
        }),
      ],
      confidence: 'certain',
      why: /accepts https:\/\/vault\.azure\.net/,
      cli: [],
    },
    {
      name: 'storage that says so',
      estate: world,
      denials: [
        blobRefused(app, {
          statusCode: 401,
          reason: 'InvalidAuthenticationInfo',
          sample: 'Audience validation failed. Audience did not match.',
        }),
      ],
      confidence: 'certain',
    },
    {
      name: 'storage that says less',
      estate: world,
      denials: [blobRefused(app, { statusCode: 401, reason: 'InvalidAuthenticationInfo' })],
      confidence: 'likely',
    },
    {
      name: 'a resource that the tenant does not know',
      estate: world,
      denials: [
        signInRefused(
          app,
          'AADSTS500011',
          'The resource principal named https://kv-pay.vault.azure.net/ was not found in the tenant named Contoso.',
        ),
      ],
      confidence: 'certain',
      why: /accepts https:\/\/vault\.azure\.net/,
    },
    {
      name: 'Resource Manager',
      estate: world,
      denials: [
        denial({
          service: 'arm',
          caller: by(app),
          target: vaultId('kv-pay'),
          operation: '',
          statusCode: 401,
          reason: 'InvalidAuthenticationTokenAudience',
          sample: 'The access token has been obtained for wrong audience or resource.',
        }),
      ],
      confidence: 'certain',
    },
  ],
  neighbours: [
    {
      name: 'an issuer of another tenant',
      estate: world,
      denials: [
        secretRefused(app, {
          ...unauthorized,
          sample: `AKV10032: Invalid issuer. Expected one of https://sts.windows.net/${guid('contoso tenant')}/, found https://sts.windows.net/${guid('fabrikam')}/.`,
        }),
      ],
      instead: 'foreign-tenant',
    },
    {
      name: 'a lifetime',
      estate: world,
      denials: [
        blobRefused(app, {
          statusCode: 401,
          reason: 'InvalidAuthenticationInfo',
          sample: 'Lifetime validation failed. The token is expired.',
        }),
      ],
      instead: 'stale-token',
    },
    {
      name: 'an audience of a federated token',
      estate: world,
      denials: [
        signInRefused(
          app,
          'AADSTS700212',
          "No matching federated identity record found for presented assertion audience 'https://storage.azure.com'. It does not match.",
        ),
      ],
      instead: 'federation-mismatch',
    },
    {
      name: 'an audience that storage takes',
      estate: world,
      denials: [
        blobRefused(app, {
          statusCode: 401,
          reason: 'InvalidAuthenticationInfo',
          sample: '401 InvalidAuthenticationInfo GetBlob https://stpay.blob.core.windows.net/a (audience https://storage.azure.com/)',
        }),
      ],
      instead: 'missing-role',
    },
  ],
});
