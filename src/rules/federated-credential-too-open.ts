import type { FederatedCredential, Identity } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { broadGrantsOf, describeGrants } from './broad-grant.ts';
import { indexOf } from './estate-index.ts';
import { principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import { resourceName } from './scope-name.ts';
import { opennessOf, opennessOfPattern, parseExpression } from './subject-pattern.ts';
import type { Confidence, Fix, Severity, Violation } from './violation.ts';

export const federatedCredentialTooOpen: Rule = {
  id: 'federated-credential-too-open',
  title: 'Federated credential that lets in more than one workload',
  why: [
    'A federated credential is a door for tokens from outside, and its subject says who may come in. A wildcard, a pull request, a foreign issuer or a subject that two identities share lets in more than the one workload that',
    'was meant, with everything the identity may do and without a secret that could leak or be rotated. A credential for a cluster that was deleted is a door that nobody watches.',
  ].join('\n'),
  fix: 'Name one repository with one protected environment, one service account, one workspace. Take out issuers that nobody answers for, and give each workload an identity of its own.',
  severity: 'medium',
  confidence: 'certain',
  needs: {
    identities: 'each',
    federatedCredentials: 'anywhere',
    clusters: 'anywhere',
    roleAssignments: 'hint',
    roleDefinitions: 'hint',
    groupMembers: 'kept',
    principals: 'hint',
  },
  controls: ['MCSB IM-3', 'MCSB PA-7', 'NIST 800-53 r5 AC-6', 'NIST 800-53 r5 IA-4'],
  references: [
    'https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations',
    'https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials',
    'https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect',
    'https://github.com/prowler-cloud/prowler/issues/12747',
  ],
  *judge(input) {
    const index = indexOf(input.estate);
    const twins = sameSubject(input.estate.federatedCredentials);
    const issuers = new Set(input.estate.clusters.map((cluster) => issuerKey(cluster.issuer ?? '')));
    for (const credential of input.estate.federatedCredentials) {
      for (const trouble of troublesOf(input, credential, twins, issuers))
        yield violation(input, credential, index.identityByKey.get(credential.identity), trouble);
    }
  },
};

interface Trouble {
  /** Part of the finding's id. */
  readonly aspect: 'subject' | 'expression' | 'pull-request' | 'issuer' | 'deleted-cluster' | 'shared-subject';
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly text: string;
  /** Where the one of the aspect does not fit. */
  readonly title?: string;
  readonly fix: readonly Fix[];
  readonly related?: readonly string[];
}

function* troublesOf(
  input: RuleInput,
  credential: FederatedCredential,
  twins: SameSubject,
  issuers: ReadonlySet<string>,
): Iterable<Trouble> {
  const { subject, expression } = credential;
  const remove = (text: string): Fix => az.step(text, az.deleteCredential(credential.id));
  if (expression !== undefined && expression !== '') {
    const open = opennessOf(expression);
    if (open !== undefined) {
      yield {
        aspect: 'expression',
        severity: open.severity,
        confidence: open.severity === 'low' ? 'possible' : 'certain',
        text: `Its expression ${expression} is too wide: ${open.text}.`,
        fix: [remove('Replace it by one credential for each workload, with a plain subject; then delete this one.')],
      };
    } else if (parseExpression(expression)?.some(({ claim, value }) => claim === 'sub' && pullRequest.test(value)) === true) {
      yield {
        aspect: 'pull-request',
        severity: 'medium',
        confidence: 'certain',
        text: `Its expression ${expression} lets in every pull request of the repository, reviewed or not: whoever may push a branch there runs code as this identity.`,
        fix: [remove('Replace it by a credential with a plain subject that names a protected environment; then delete this one.')],
      };
    }
  } else if (subject === undefined || subject === '') {
    yield {
      aspect: 'subject',
      severity: 'medium',
      confidence: 'possible',
      title: 'no subject at all',
      text: 'It names no subject and no expression, so what it lets in cannot be told.',
      fix: [remove('Delete it unless somebody can say what it is for.')],
    };
  } else if (subject.includes('*')) {
    const open = opennessOfPattern(subject);
    yield {
      aspect: 'subject',
      severity: open?.severity === 'high' ? 'high' : 'medium',
      confidence: 'likely',
      text: `Its subject ${subject} holds a wildcard. Plain subjects are compared literally, so today it most likely matches nobody; where it is read as a pattern, ${open?.text ?? 'it lets in every name that fits'}.`,
      fix: [remove('Replace it by the exact subject that was meant, then delete this one.')],
    };
  } else if (pullRequest.test(subject)) {
    const environment = subject.replace(pullRequest, '$1:environment:production');
    yield {
      aspect: 'pull-request',
      severity: 'medium',
      confidence: 'certain',
      text: `Its subject ${subject} lets in every pull request of the repository, reviewed or not: whoever may push a branch there runs code as this identity.`,
      fix: [
        az.step(
          'Pin it to a protected environment (put in the name of yours).',
          az.updateCredential({ ...credential, subject: environment }),
        ),
      ],
    };
  }
  yield* issuerTroubles(input, credential, issuers, remove);
  const others = twins.of(credential);
  if (others.total > 0) {
    yield {
      aspect: 'shared-subject',
      severity: 'low',
      confidence: 'certain',
      text: `The same subject of the same issuer also signs in to ${others.named.map((other) => resourceName(other.identity)).join(', ')}${others.total > others.named.length ? ` and ${others.total - others.named.length} more` : ''}: one workload may choose between identities, and holds the grants of all of them.`,
      fix: [remove('Decide which identity the workload is meant to use, and delete the credential on the other.')],
      related: others.named.map((other) => other.id),
    };
  }
}

/** GitHub's context `pull_request`, also where a template of the organisation puts more claims around it; not an environment of that name. */
const pullRequest = /^((?:repo|repository|repository_id|repository_owner|repository_owner_id):.*?(?<!:environment)):pull_request(?=:|$)/is;

function* issuerTroubles(
  { estate, settings }: RuleInput,
  credential: FederatedCredential,
  issuers: ReadonlySet<string>,
  remove: (text: string) => Fix,
): Iterable<Trouble> {
  const { federatedIssuersAllowed: allowed } = settings;
  if (allowed.length > 0 && !allowed.some((prefix) => isUnder(credential.issuer, prefix))) {
    yield {
      aspect: 'issuer',
      severity: 'high',
      confidence: 'certain',
      text: `Its issuer ${credential.issuer} is not on the list of issuers you allow (FEDERATED_ISSUERS_ALLOWED).`,
      fix: [remove('Delete it, or put the issuer on the list if you answer for it.')],
    };
  }
  const cluster = clusterIssuer(credential.issuer);
  if (cluster === undefined || issuers.has(issuerKey(credential.issuer))) return;
  // A cluster that we cannot see is a gap, and a cluster of another tenant is none of ours.
  const unseen = estate.gaps.some((gap) => gap.slice === 'clusters' && gap.harmless !== true);
  if (unseen || (cluster.tenantId !== undefined && cluster.tenantId !== estate.tenantId.toLowerCase())) return;
  yield {
    aspect: 'deleted-cluster',
    severity: 'low',
    confidence: cluster.tenantId === undefined ? 'possible' : 'likely',
    text: `Its issuer ${credential.issuer} is that of an AKS cluster, and no cluster of this tenant has it: the cluster was deleted or made anew${cluster.tenantId === undefined ? ', or belongs to another tenant' : ''}.`,
    fix: [remove('Delete it; a cluster that was made anew has another issuer and needs a credential of its own.')],
  };
}

/** `https://<region>.oic.prod-aks.azure.com/<tenant>/<guid>/`, and the older form without a tenant. */
function clusterIssuer(issuer: string): { readonly tenantId: string | undefined } | undefined {
  const match = /^https:\/\/(?:[a-z0-9-]+\.oic|oidc)\.prod-aks\.azure\.(?:com|us|cn)\/(?:([0-9a-f-]{36})\/)?[0-9a-f-]{36}\/?$/i.exec(
    issuer,
  );
  return match === null ? undefined : { tenantId: match[1]?.toLowerCase() };
}

const issuerKey = (issuer: string): string => issuer.trim().toLowerCase().replace(/\/+$/, '');

/** A prefix ends where a path segment ends: `https://good.example` does not allow `https://good.example.evil.test`. */
function isUnder(issuer: string, prefix: string): boolean {
  const [given, wanted] = [issuerKey(issuer), issuerKey(prefix)];
  return given === wanted || given.startsWith(`${wanted}/`);
}

interface SameSubject {
  /** Credentials of other identities with the same issuer and subject, by id; `total` counts those that are not named too. */
  readonly of: (credential: FederatedCredential) => { readonly total: number; readonly named: readonly FederatedCredential[] };
}

const twinsNamed = 10;

function sameSubject(credentials: readonly FederatedCredential[]): SameSubject {
  // Subjects are case-sensitive (AADSTS700213); issuers are addresses.
  const keyOf = ({ issuer, subject, expression }: FederatedCredential): string =>
    `${issuerKey(issuer)}\n${subject ?? ''}\n${expression ?? ''}`;
  const sorted = credentials.filter((each) => Boolean(each.subject) || Boolean(each.expression)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const bySubject = Map.groupBy(sorted, keyOf);
  return {
    of: (credential) => {
      const alike = bySubject.get(keyOf(credential)) ?? [];
      const named: FederatedCredential[] = [];
      for (const other of alike) {
        if (named.length === twinsNamed) break;
        if (other.identity !== credential.identity) named.push(other);
      }
      return { total: named.length < twinsNamed ? named.length : alike.length - 1, named };
    },
  };
}

function violation(input: RuleInput, credential: FederatedCredential, identity: Identity | undefined, trouble: Trouble): Violation {
  const broad = identity === undefined ? [] : broadGrantsOf(input, identity.principalId);
  const owner = identity?.name ?? resourceName(credential.identity);
  return {
    rule: federatedCredentialTooOpen.id,
    subject: credential.id,
    aspect: trouble.aspect,
    severity: trouble.severity === 'medium' && broad.length > 0 ? 'high' : trouble.severity,
    confidence: trouble.confidence,
    ...(identity === undefined ? {} : { principal: principalRef(input, identity.principalId) }),
    scope: identity?.resourceId ?? credential.identity,
    title: `Federated credential ${credential.name} of ${owner}: ${trouble.title ?? titles[trouble.aspect]}`,
    message: `${credential.name} lets tokens of ${credential.issuer} sign in as ${owner}. ${trouble.text}${broad.length > 0 ? ` The identity holds ${describeGrants(broad)}.` : ''}`,
    evidence: [
      { label: 'issuer', value: credential.issuer, source: 'arm' },
      {
        label: credential.expression ? 'expression' : 'subject',
        value: credential.expression || credential.subject || 'none',
        source: 'arm',
      },
      { label: 'read at', value: credential.readAt, source: 'arm' },
    ],
    fix: trouble.fix,
    related: [...(trouble.related ?? []), ...broad.map(({ assignment }) => assignment.id)],
  };
}

const titles: Readonly<Record<Trouble['aspect'], string>> = {
  subject: 'subject with a wildcard',
  expression: 'expression that lets in too much',
  'pull-request': 'any pull request may sign in',
  issuer: 'issuer outside of the allowed list',
  'deleted-cluster': 'cluster that no longer exists',
  'shared-subject': 'one subject for two identities',
};
