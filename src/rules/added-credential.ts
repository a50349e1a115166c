import { moment, resourceKey, type FederatedCredential, type Gap, type Identity } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { broadGrantsOf, describeGrants } from './broad-grant.ts';
import { indexOf } from './estate-index.ts';
import { makerOf, requestEvidence } from './grant-maker.ts';
import { identityOfCredential, type MadeGrant } from './made-grant.ts';
import { principalRef } from './principal-ref.ts';
import type { RuleInput } from './rule.ts';
import { resourceName } from './scope-name.ts';
import type { Severity, Violation } from './violation.ts';

/**
 * A new way to sign in as an identity. Every pipeline and every pod gets one, so it is told where the identity holds a broad grant, which the outside
 * subject then holds too, and where the identity added it to itself: that outlives the break-in it was made in.
 */
export function* judgeAddedCredential(input: RuleInput, grant: MadeGrant): Iterable<Violation> {
  const identity = indexOf(input.estate).identityByKey.get(identityOfCredential(grant.id));
  if (identity === undefined) return;
  const credential = indexOf(input.estate)
    .credentialsByIdentity.get(identity.key)
    ?.find(({ id }) => resourceKey(id) === resourceKey(grant.id));
  if (credential === undefined && isKnownGone(input, identity, grant)) return;
  const maker = makerOf(input, grant, identity.principalId);
  const broad = broadGrantsOf(input, identity.principalId);
  if (broad.length === 0 && !maker.self) return;
  const severity: Severity = broad.length === 0 ? 'medium' : maker.self ? 'critical' : 'high';
  const door = credential === undefined ? 'a subject that could not be read' : doorOf(credential);
  yield {
    rule: 'broad-grant-made',
    subject: grant.id,
    severity,
    confidence: credential === undefined ? 'likely' : 'certain',
    principal: principalRef(input, identity.principalId),
    scope: identity.resourceId,
    title: `${maker.name} let outsiders sign in as ${identity.name} at ${moment(grant.at)}`,
    message: [
      `${maker.full} added the federated credential ${resourceName(grant.id)} to ${identity.name} (${identity.principalId}) at ${moment(grant.at)}. ${credential === undefined ? 'What it trusts could not be read' : `It trusts ${door}`}.`,
      broad.length === 0
        ? 'The identity holds no broad grant.'
        : `Whoever controls that subject holds ${describeGrants(broad)}, without a host and without a secret.`,
      ...(maker.self ? ['The identity did this to itself, which no deployment does: it looks like somebody who means to come back.'] : []),
      ...(maker.seen === 'no' ? ['Nobody has seen its maker make a grant before.'] : []),
    ].join(' '),
    evidence: [
      ...requestEvidence(grant, maker, 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write'),
      { label: 'trusts', value: door, source: 'arm' },
      ...broad.map((one) => ({ label: 'broad grant', value: describeGrants([one]), source: 'resource-graph' as const })),
    ],
    fix: [
      { text: `Ask ${maker.full} what signs in through it.` },
      az.step('If nobody wanted it, close the door.', az.deleteCredential(grant.id)),
      ...(broad.length === 0
        ? []
        : [
            {
              text: 'If it is needed, narrow the grants of the identity, or give the pipeline an identity of its own that holds no more than it deploys.',
            },
          ]),
    ],
    related: [...new Set([identity.principalId, identity.resourceId, ...broad.map(({ assignment }) => assignment.id)])],
  };
}

const doorOf = ({ issuer, subject, expression }: FederatedCredential): string =>
  `tokens of ${issuer} for ${subject ?? expression ?? 'an unnamed subject'}`;

/** Credentials are read in slices: only a reading after the change proves that it is gone, or a run in which nothing was left out. */
function isKnownGone({ estate, access }: RuleInput, identity: Identity, grant: MadeGrant): boolean {
  const readAt = [
    estate.federatedCredentialsReadAt?.get(identity.key) ?? '',
    ...(indexOf(estate).credentialsByIdentity.get(identity.key) ?? []).map((one) => one.readAt),
  ];
  if (readAt.some((at) => Date.parse(at) > Date.parse(grant.at))) return true;
  const hides = (gap: Gap): boolean => gap.slice === 'federatedCredentials' && access.within(identity.key, resourceKey(gap.scope));
  return !estate.gaps.some(hides);
}
