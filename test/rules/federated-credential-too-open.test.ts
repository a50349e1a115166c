import { expect, it } from 'vitest';
import { resourceKey, type Cluster } from '../../src/estate/index.ts';
import { federatedCredentialTooOpen } from '../../src/rules/federated-credential-too-open.ts';
import { assign, contributor, estate, federatedCredential, guid, sub, userAssigned } from '../build/estate.ts';
import { judgeCase, ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const other = userAssigned('other-id');
const tenant = guid('contoso tenant');
const aksIssuer = (cluster: string, inTenant = tenant): string => `https://westeurope.oic.prod-aks.azure.com/${inTenant}/${guid(cluster)}/`;
const aks = (issuer?: string): Cluster => ({ id: `${sub('prod')}/aks`, key: resourceKey(`${sub('prod')}/aks`), name: 'aks', issuer });
const withSubject = (subject: string) =>
  estate({ identities: [app], federatedCredentials: [federatedCredential(app, 'app-door', { subject })] });
const withExpression = (expression: string) =>
  estate({ identities: [app], federatedCredentials: [federatedCredential(app, 'app-door', { subject: undefined, expression })] });
const withIssuer = (issuer: string, clusters: readonly Cluster[] = []) =>
  estate({
    identities: [app],
    clusters,
    federatedCredentials: [federatedCredential(app, 'app-door', { issuer, subject: 'system:serviceaccount:shop:web' })],
  });
const id = federatedCredential(app, 'app-door').id;

ruleTable(federatedCredentialTooOpen, {
  fires: [
    {
      name: 'pull requests',
      estate: withSubject('repo:contoso/app:pull_request'),
      violations: [{ subject: id, aspect: 'pull-request', severity: 'medium', scope: app.resourceId }],
      says: ['az identity federated-credential update', "--subject 'repo:contoso/app:environment:production'"],
    },
    {
      name: 'pull requests into a broad grant',
      estate: { ...withSubject('repo:contoso/app:pull_request'), assignments: [assign(app.principalId, contributor, sub('prod'))] },
      violations: [{ severity: 'high' }],
      says: ['Contributor at'],
    },
    {
      name: 'a wildcard in a plain subject',
      estate: withSubject('repo:contoso/app:ref:refs/heads/*'),
      violations: [{ aspect: 'subject', severity: 'medium', confidence: 'likely' }],
      says: ['compared literally'],
    },
    {
      name: 'a wildcard for the owner in a plain subject',
      estate: withSubject('repo:contoso/*'),
      violations: [{ aspect: 'subject', severity: 'high' }],
    },
    {
      name: 'no subject and no expression',
      estate: withSubject(''),
      violations: [{ aspect: 'subject', confidence: 'possible', title: 'Federated credential app-door of app-id: no subject at all' }],
    },
    {
      name: 'pull requests in a subject that a template of the organisation made',
      estate: withSubject('repo:contoso/app:pull_request:job_workflow_ref:contoso/flows/.github/workflows/ci.yml@refs/heads/main'),
      violations: [{ aspect: 'pull-request' }],
      says: ["--subject 'repo:contoso/app:environment:production:job_workflow_ref:contoso/flows/.github/workflows/ci.yml@refs/heads/main'"],
    },
    {
      name: 'pull requests in an expression',
      estate: withExpression("claims['sub'] eq 'repo:contoso/app:pull_request' and claims['job_workflow_ref'] eq 'contoso/flows/x'"),
      violations: [{ aspect: 'pull-request', severity: 'medium' }],
      says: ['az identity federated-credential delete'],
    },
    {
      name: 'every repository of an owner',
      estate: withExpression("claims['sub'] matches 'repo:contoso/*'"),
      violations: [{ aspect: 'expression', severity: 'high', confidence: 'certain' }],
      says: ['repo:contoso/'],
    },
    {
      name: 'repositories whose name begins alike',
      estate: withExpression("claims['sub'] matches 'repo:contoso/app*:ref:refs/heads/main'"),
      violations: [{ severity: 'high' }],
    },
    {
      name: 'anything in one repository',
      estate: withExpression("claims['sub'] matches 'repo:contoso/app:*'"),
      violations: [{ severity: 'high' }],
      says: ['pull request'],
    },
    {
      name: 'every branch',
      estate: withExpression("claims['sub'] matches 'repo:contoso/app:ref:refs/heads/*'"),
      violations: [{ severity: 'medium' }],
      says: ['every branch'],
    },
    {
      name: 'every environment',
      estate: withExpression("claims['sub'] matches 'repo:contoso/app:environment:*'"),
      violations: [{ severity: 'medium' }],
      says: ['every environment'],
    },
    {
      name: 'every branch, with a workflow pinned besides',
      estate: withExpression(
        "claims['sub'] matches 'repo:contoso/*' and claims['job_workflow_ref'] eq 'contoso/app/.github/workflows/deploy.yml@refs/heads/main'",
      ),
      violations: [{ severity: 'medium' }],
      says: ['narrowed by another claim'],
    },
    {
      name: 'a workflow alone says nothing about who calls it',
      estate: withExpression("claims['job_workflow_ref'] matches 'contoso/app/.github/workflows/*.yml@refs/heads/main'"),
      violations: [{ severity: 'high' }],
      says: ['says nothing about the subject'],
    },
    {
      name: 'every service account of a namespace',
      estate: withExpression("claims['sub'] matches 'system:serviceaccount:shop:*'"),
      violations: [{ severity: 'high' }],
    },
    {
      name: 'every workspace',
      estate: withExpression("claims['sub'] matches 'organization:contoso:project:shop:workspace:*:run_phase:apply'"),
      violations: [{ severity: 'high' }],
    },
    {
      name: 'an expression that we do not understand',
      estate: withExpression("claims['sub'] resembles 'app'"),
      violations: [{ severity: 'low', confidence: 'possible' }],
      says: ['read it'],
    },
    {
      name: 'an issuer outside of the allowed list',
      estate: withIssuer('https://token.actions.githubusercontent.com.evil.test'),
      settings: { federatedIssuersAllowed: ['https://token.actions.githubusercontent.com'] },
      violations: [{ aspect: 'issuer', severity: 'high' }],
    },
    {
      name: 'the issuer of a deleted cluster',
      estate: withIssuer(aksIssuer('old'), [aks(aksIssuer('new'))]),
      violations: [{ aspect: 'deleted-cluster', severity: 'low', confidence: 'likely' }],
    },
    {
      name: 'an older issuer that names no tenant',
      estate: withIssuer(`https://oidc.prod-aks.azure.com/${guid('old')}/`),
      violations: [{ aspect: 'deleted-cluster', confidence: 'possible' }],
      says: ['another tenant'],
    },
    {
      name: 'one subject on two identities: each credential names the other',
      estate: estate({
        identities: [app, other],
        federatedCredentials: [
          federatedCredential(app, 'app-door'),
          federatedCredential(other, 'door', { issuer: 'https://token.actions.githubusercontent.com/' }),
        ],
      }),
      violations: [
        { subject: id, aspect: 'shared-subject', related: [federatedCredential(other, 'door').id] },
        { aspect: 'shared-subject', related: [id] },
      ],
    },
    {
      name: 'a credential of an identity that we do not see',
      estate: estate({ federatedCredentials: [federatedCredential(app, 'app-door', { subject: 'repo:contoso/app:pull_request' })] }),
      violations: [{ scope: app.key }],
    },
  ],
  silent: [
    { name: 'one environment of one repository', estate: withSubject('repo:contoso/app:environment:production') },
    { name: 'one branch', estate: withSubject('repo:contoso/app:ref:refs/heads/main') },
    { name: 'an environment that is called pull_request', estate: withSubject('repo:contoso/app:environment:pull_request') },
    {
      name: 'an environment that is called pull_request, in an expression',
      estate: withExpression("claims['sub'] eq 'repo:contoso/app:environment:pull_request'"),
    },
    { name: 'a repository that is called pull_request', estate: withSubject('repo:contoso/pull_request:ref:refs/heads/main') },
    {
      name: 'release branches by a fixed beginning',
      estate: withExpression("claims['sub'] matches 'repo:contoso/app:ref:refs/heads/release-*'"),
    },
    {
      name: 'plan and apply of one workspace',
      estate: withExpression("claims['sub'] matches 'organization:contoso:project:shop:workspace:web:run_phase:*'"),
    },
    { name: 'an expression that equals one subject', estate: withExpression("claims['sub'] eq 'repo:contoso/app:ref:refs/heads/*'") },
    {
      name: 'an issuer under an allowed prefix',
      estate: withIssuer('https://token.actions.githubusercontent.com/contoso'),
      settings: { federatedIssuersAllowed: ['https://Token.actions.githubusercontent.com/'] },
    },
    {
      name: 'the issuer of a living cluster, with and without the last slash',
      estate: withIssuer(aksIssuer('old').slice(0, -1), [aks(aksIssuer('old'))]),
    },
    { name: 'a cluster of another tenant', estate: withIssuer(aksIssuer('old', guid('fabrikam tenant'))) },
    {
      name: 'some clusters could not be read',
      estate: { ...withIssuer(aksIssuer('old')), gaps: [{ slice: 'clusters', scope: sub('test'), state: 'missing', why: 'no access' }] },
    },
    {
      name: 'two credentials of one identity with the same subject but another audience',
      estate: estate({
        identities: [app],
        federatedCredentials: [federatedCredential(app, 'one'), federatedCredential(app, 'two', { audiences: ['api://other'] })],
      }),
    },
    {
      name: 'subjects that differ in case only',
      estate: estate({
        identities: [app, other],
        federatedCredentials: [federatedCredential(app, 'one', { subject: 'a:b' }), federatedCredential(other, 'two', { subject: 'A:B' })],
      }),
    },
  ],
  inconclusive: [
    {
      name: 'no credential could be read',
      estate: estate({ gaps: [{ slice: 'federatedCredentials', scope: '/', state: 'missing', why: 'ARM answered 403' }] }),
      because: /federatedCredentials/,
    },
  ],
});

it('takes no earlier finding back while the credentials of somebody else are unseen', () => {
  const judged = judgeCase(federatedCredentialTooOpen, {
    estate: estate({
      identities: [app, other],
      gaps: [{ slice: 'federatedCredentials', scope: other.resourceId, state: 'missing', why: 'ARM answered 500' }],
    }),
  });
  expect(judged.verdicts).toMatchObject([{ verdict: 'checked', unjudged: ['/'] }]);
});

it('names ten twins of a crowd and counts the rest', () => {
  const crowd = Array.from({ length: 30 }, (_, nr) => userAssigned(`id-${nr}`));
  const judged = judgeCase(federatedCredentialTooOpen, {
    estate: estate({ identities: crowd, federatedCredentials: crowd.map((one) => federatedCredential(one, 'door')) }),
  });
  expect(judged.violations).toHaveLength(30);
  expect(judged.violations[0]?.related).toHaveLength(10);
  expect(judged.violations[0]?.message).toContain('and 19 more');
});
