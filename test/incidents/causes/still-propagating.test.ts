import {
  assign,
  blobDataReader,
  estate,
  federatedCredential,
  managementGroup,
  mg,
  pid,
  subscription,
  userAssigned,
  vault,
} from '../../build/estate.ts';
import { blobRefused, change, minutes, secretRefused, signInRefused, storageId, vaultId } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const team = pid('team');
const given = (createdAt: string, scope = storageId('stpay'), holder = app.principalId) =>
  estate({
    identities: [app],
    containers: [managementGroup('root'), subscription('prod', mg('root'))],
    assignments: [assign(holder, blobDataReader, scope, { createdAt })],
  });
const issuer = 'https://oidc.example/cluster';
const own = federatedCredential(app, 'pod', { issuer, subject: 'system:serviceaccount:pay:api' });
const exchange = signInRefused(
  app,
  'AADSTS70021',
  `No matching federated identity record found for presented assertion. Assertion Issuer: '${issuer}'. Assertion Subject: 'system:serviceaccount:pay:api'. Assertion Audience: 'api://AzureADTokenExchange'.`,
);

causeTable('still-propagating', {
  fires: [
    {
      name: 'a grant made minutes before the last refusal',
      estate: given(minutes(20)),
      denials: [blobRefused(app)],
      confidence: 'certain',
      why: /5 minutes before the last refusal/,
      cli: [],
    },
    {
      name: 'a grant on a management group, 20 minutes old',
      estate: given(minutes(5), mg('root')),
      denials: [blobRefused(app)],
      confidence: 'certain',
    },
    {
      name: 'a grant made after the last refusal',
      estate: given(minutes(28)),
      denials: [blobRefused(app)],
      confidence: 'likely',
      why: /after the last refusal/,
    },
    {
      name: 'a grant of a group, with no other trace',
      estate: { ...given('2026-01-01T00:00:00Z', storageId('stpay'), team), memberships: new Map([[app.principalId, [team]]]) },
      denials: [blobRefused(app)],
      confidence: 'likely',
      why: /through group/,
    },
    {
      name: 'a federated credential written a moment ago',
      estate: estate({ identities: [app], federatedCredentials: [own] }),
      denials: [exchange],
      input: { changes: [change('federated-credential-written', own.id, { at: minutes(22) })] },
      confidence: 'likely',
    },
  ],
  neighbours: [
    { name: 'a grant an hour old', estate: given(minutes(-60)), denials: [blobRefused(app)], instead: 'stale-token' },
    { name: 'a grant on a resource, 20 minutes old', estate: given(minutes(5)), denials: [blobRefused(app)], instead: 'stale-token' },
    {
      name: 'a young grant elsewhere',
      estate: given(minutes(20), storageId('stother')),
      denials: [blobRefused(app)],
      instead: 'role-at-wrong-scope',
    },
    {
      name: 'a young grant and a refusal by address',
      estate: { ...given(minutes(20), vaultId('kv-pay')), vaults: [vault('kv-pay')] },
      denials: [
        secretRefused(app, {
          reason: 'ForbiddenByFirewall',
          sample: 'Client address is not authorized and caller is not a trusted service.',
        }),
      ],
      instead: 'network-rule',
    },
    {
      name: 'a federated credential of last week',
      estate: estate({ identities: [app], federatedCredentials: [own] }),
      denials: [exchange],
      instead: 'federation-mismatch',
    },
  ],
});
