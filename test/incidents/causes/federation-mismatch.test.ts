import { estate, federatedCredential, userAssigned } from '../../build/estate.ts';
import { change, minutes, signInRefused } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const issuer = 'https://oidc.example/cluster';
const own = federatedCredential(app, 'pod', { issuer, subject: 'system:serviceaccount:pay:api' });
const world = (...credentials: (typeof own)[]) => estate({ identities: [app], federatedCredentials: credentials });
const subjectOf = (subject: string) =>
  signInRefused(
    app,
    'AADSTS700213',
    `No matching federated identity record found for presented assertion subject '${subject}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.`,
  );

causeTable('federation-mismatch', {
  fires: [
    {
      name: 'a subject of another service account',
      estate: world(own),
      denials: [subjectOf('system:serviceaccount:pay:worker')],
      confidence: 'certain',
      why: /pay:worker/,
      cli: [
        new RegExp(
          `^az identity federated-credential update --name pod --identity-name app .* --issuer '${issuer}' --subject 'system:serviceaccount:pay:worker' `,
        ),
      ],
    },
    {
      name: 'a subject that differs in its case',
      estate: world(own),
      denials: [subjectOf('system:serviceaccount:Pay:api')],
      confidence: 'certain',
    },
    {
      name: 'an issuer of a rebuilt cluster',
      estate: world(own),
      denials: [
        signInRefused(
          app,
          'AADSTS700211',
          "No matching federated identity record found for presented assertion issuer 'https://oidc.example/new'.",
        ),
      ],
      confidence: 'certain',
      cli: [/--issuer 'https:\/\/oidc\.example\/new' --subject 'system:serviceaccount:pay:api'/],
    },
    {
      name: 'no credential at all',
      estate: world(),
      denials: [
        signInRefused(
          app,
          'AADSTS70021',
          `No matching federated identity record found for presented assertion. Assertion Issuer: '${issuer}'. Assertion Subject: 'system:serviceaccount:pay:api'. Assertion Audience: 'api://AzureADTokenExchange'.`,
        ),
      ],
      confidence: 'likely',
      cli: [/^az identity federated-credential create --name workload --identity-name app /],
    },
    {
      name: 'a subject with a quote in it',
      estate: world(own),
      denials: [subjectOf('repo:contoso/x:ref:refs/heads/$(id)')],
      confidence: 'certain',
      cli: [/--subject 'repo:contoso\/x:ref:refs\/heads\/\$\(id\)'/],
    },
  ],
  neighbours: [
    {
      name: 'a matching credential, written a moment ago',
      estate: world(own),
      denials: [subjectOf('system:serviceaccount:pay:api')],
      input: { changes: [change('federated-credential-written', own.id, { at: minutes(22) })] },
      instead: 'still-propagating',
    },
    {
      name: 'a client id that is gone',
      estate: world(own),
      denials: [signInRefused(undefined, 'AADSTS700016', "Application with identifier was not found in the directory 'Contoso'.")],
      instead: 'deleted-identity',
    },
    {
      name: 'a tenant that is not ours',
      estate: world(own),
      denials: [signInRefused(app, 'AADSTS90002', "Tenant 'x' not found.")],
      instead: 'foreign-tenant',
    },
  ],
});
