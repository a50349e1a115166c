import { estate, guid, userAssigned, vault } from '../../build/estate.ts';
import { by, blobRefused, secretRefused, signInRefused } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const world = estate({ identities: [app], vaults: [vault('kv-pay')] });

causeTable('foreign-tenant', {
  fires: [
    {
      name: 'AADSTS50020',
      estate: world,
      denials: [signInRefused(app, 'AADSTS50020', 'User account from identity provider does not exist in tenant.')],
      confidence: 'certain',
    },
    {
      name: 'AADSTS90002',
      estate: world,
      denials: [signInRefused(app, 'AADSTS90002', "Tenant 'fabrikam' not found.")],
      confidence: 'certain',
    },
    {
      name: 'an issuer that the vault does not take',
      estate: world,
      denials: [
        secretRefused(app, {
          statusCode: 401,
          reason: 'Unauthorized',
          sample: 'AKV10032: Invalid issuer. Expected one of https://sts.windows.net/a/, found https://sts.windows.net/b/.',
        }),
      ],
      confidence: 'certain',
    },
    {
      name: 'a token of another tenant in the log',
      estate: world,
      denials: [blobRefused(app, { caller: { ...by(app), tenantId: guid('fabrikam') } })],
      confidence: 'certain',
      why: new RegExp(guid('fabrikam')),
    },
    {
      name: 'a look-up in another directory',
      estate: world,
      denials: [
        signInRefused(
          undefined,
          'AADSTS700016',
          `Application with identifier '${guid('x')}' was not found in the directory '${guid('fabrikam')}'.`,
        ),
      ],
      confidence: 'certain',
    },
  ],
  neighbours: [
    {
      name: 'a token of our own tenant',
      estate: world,
      denials: [blobRefused(app, { caller: { ...by(app), tenantId: guid('contoso tenant').toUpperCase() } })],
      instead: 'missing-role',
    },
    {
      name: 'a stray token among our own',
      estate: world,
      denials: [
        blobRefused(app, { caller: { ...by(app), tenantId: guid('contoso tenant') } }),
        blobRefused(app, { caller: { ...by(app), tenantId: guid('fabrikam') } }),
      ],
      instead: 'missing-role',
    },
    {
      name: 'an application that is gone',
      estate: world,
      denials: [
        signInRefused(undefined, 'AADSTS700016', `Application with identifier '${guid('x')}' was not found in the directory 'Contoso'.`),
      ],
      instead: 'deleted-identity',
    },
  ],
});
