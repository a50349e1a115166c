import { assign, attached, blobDataReader, estate, host, keyVaultSecretsUser, userAssigned, vault } from '../../build/estate.ts';
import { appSaid, blobRefused, minutes, secretRefused, signInRefused, storageId, vaultId } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const web = attached(host('web'), app);
const given = (createdAt: string) =>
  estate({
    identities: [app],
    hosts: [web],
    vaults: [vault('kv-pay')],
    assignments: [
      assign(app.principalId, blobDataReader, storageId('stpay'), { createdAt }),
      assign(app.principalId, keyVaultSecretsUser, vaultId('kv-pay'), { createdAt }),
    ],
  });
const old = '2026-01-15T09:00:00Z';

causeTable('stale-token', {
  fires: [
    {
      name: 'a grant of this morning and refusals that go on',
      estate: given(minutes(-120)),
      denials: [blobRefused(app)],
      confidence: 'likely',
      cli: [/^az webapp restart --name web /],
    },
    {
      name: 'one replica of many',
      estate: given(old),
      denials: [blobRefused(app, { hosts: [{ id: web.id, name: 'web', replica: 'web--1-x2' }] })],
      confidence: 'likely',
      why: /on replica web--1-x2/,
    },
    {
      name: 'a token that has expired',
      estate: given(old),
      denials: [secretRefused(app, { statusCode: 401, reason: 'Unauthorized', sample: 'AKV10046: The token is expired.' })],
      confidence: 'certain',
    },
    {
      name: 'a 401 with every grant in place',
      estate: given(old),
      denials: [secretRefused(app, { statusCode: 401, reason: 'Unauthorized', sample: '' })],
      confidence: 'likely',
    },
    {
      name: 'storage, lifetime validation',
      estate: given(old),
      denials: [
        blobRefused(app, {
          statusCode: 401,
          reason: 'InvalidAuthenticationInfo',
          sample: 'Lifetime validation failed. The token is expired.',
        }),
      ],
      confidence: 'certain',
    },
    {
      name: 'a projected token that was kept',
      estate: given(old),
      denials: [signInRefused(app, 'AADSTS700024', 'Client assertion is not within its valid time range.')],
      confidence: 'likely',
    },
    {
      name: 'a line that does not say what was refused, hours after a grant',
      estate: given(minutes(-180)),
      denials: [
        appSaid(web.id, 'AuthorizationPermissionMismatch https://stpay.blob.core.windows.net/a', {
          operation: 'storage-permission',
          target: 'https://stpay.blob.core.windows.net',
        }),
      ],
      confidence: 'possible',
    },
  ],
  neighbours: [
    { name: 'a grant older than any token, and no other trace', estate: given(old), denials: [blobRefused(app)], instead: 'unexplained' },
    { name: 'a grant of minutes', estate: given(minutes(20)), denials: [blobRefused(app)], instead: 'still-propagating' },
    { name: 'no grant', estate: estate({ identities: [app], hosts: [web] }), denials: [blobRefused(app)], instead: 'missing-role' },
    {
      name: "storage's word for network rules",
      estate: given(old),
      denials: [blobRefused(app, { reason: 'AuthorizationFailure', sample: 'This request is not authorized to perform this operation.' })],
      instead: 'network-rule',
    },
    {
      name: 'a wrong audience',
      estate: given(old),
      denials: [
        blobRefused(app, {
          statusCode: 401,
          reason: 'InvalidAuthenticationInfo',
          sample: 'Audience validation failed. Audience did not match.',
        }),
      ],
      instead: 'wrong-audience',
    },
  ],
});
