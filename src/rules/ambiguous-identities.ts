import type { Host, PrincipalId } from '../estate/index.ts';
import { indexOf } from './estate-index.ts';
import { nameOf, principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import { resourceName } from './scope-name.ts';
import type { Violation } from './violation.ts';
import { workloadPlace } from './workload-place.ts';

export const ambiguousIdentities: Rule = {
  id: 'ambiguous-identities',
  title: 'Host with several identities that may do different things',
  why: [
    'Code on a host with several identities has to say which one it means (`AZURE_CLIENT_ID`, or `managedIdentityClientId` in code). Where it does not, the platform picks: the system-assigned one if there is one, an error',
    'or an arbitrary one otherwise. The call is then refused although "the identity has the role", or it succeeds with more rights than were meant.',
    '',
    'Hosts whose identities hold exactly the same grants are left alone, and so are nodes of a cluster and parts of a managed application, whose owner picks by design.',
  ].join('\n'),
  fix: 'Set `AZURE_CLIENT_ID` (or the identity field of the resource) to the client id of the one that is meant, and take off the identities that nothing on the host uses.',
  severity: 'low',
  confidence: 'possible',
  needs: {
    hosts: 'each',
    identities: 'each',
    roleAssignments: 'anywhere',
    roleDefinitions: 'hint',
    groupMembers: 'kept',
    containers: 'hint',
    clusters: 'hint',
    principals: 'hint',
    deletedPrincipals: 'hint',
  },
  controls: ['MCSB IM-3', 'NIST 800-53 r5 AC-6'],
  references: [
    'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations',
    'https://github.com/microsoft/azure-container-apps/issues/442',
    'https://github.com/Azure/azure-sdk-for-python/issues/36365',
    'https://github.com/Azure/azure-sdk-for-net/issues/22328',
  ],
  // A host with several identities is compared across them.
  reach: {
    principals: (input, isMine) =>
      input.estate.hosts.filter((host) => hasSeveral(host) && isMine(host.id)).flatMap((host) => candidatesOf(input, host)),
  },
  *judge(input) {
    for (const host of input.estate.hosts) {
      if (!hasSeveral(host)) continue;
      const candidates = candidatesOf(input, host);
      if (candidates.length < 2 || workloadPlace(input, host).isManaged) continue;
      const grants = candidates.map((id) => grantsOf(input, id));
      if (new Set(grants).size > 1) yield violation(input, host, candidates);
    }
  },
};

const hasSeveral = (host: Host): boolean => host.userAssigned.length + (host.systemAssigned === undefined ? 0 : 1) > 1;

/**
 * Whose token code on the host may get. Identities in nested places (the kubelet's in a cluster's profile) are named where they are used.
 * The host's bag may list a principal id that is older than the identity: the identity's own one counts.
 */
function candidatesOf({ estate }: RuleInput, host: Host): readonly PrincipalId[] {
  const { identityByKey } = indexOf(estate);
  const attached = host.userAssigned
    .filter(({ place }) => place === 'identity')
    .map((each) => identityByKey.get(each.key)?.principalId ?? each.principalId);
  return [...new Set([host.systemAssigned, ...attached].filter((id) => id !== undefined))].sort();
}

/** All grants as one text, the same for two principals that hold the same roles at the same scopes. */
const grantsOf = ({ access }: RuleInput, id: PrincipalId): string =>
  access
    .grantsOf(id)
    .map(({ assignment }) => `${assignment.roleId} ${assignment.scope} ${assignment.condition ?? ''}`)
    .sort()
    .join('\n');

/** Resources that name the identity they use in a field of their own (customer-managed keys): nothing picks, so nothing can pick wrongly. */
const choosesByField =
  /^microsoft\.(storage|documentdb|sql|servicebus|eventhub|keyvault|cache|dbforpostgresql|dbformysql|recoveryservices|datafactory|network)\//;

function violation(input: RuleInput, host: Host, candidates: readonly PrincipalId[]): Violation {
  const refs = candidates.map((id) => principalRef(input, id));
  const chosen = choosesByField.test(host.type);
  return {
    rule: ambiguousIdentities.id,
    subject: host.id,
    severity: chosen ? 'info' : 'low',
    confidence: 'possible',
    scope: host.id,
    title: `${host.name || resourceName(host.id)} has ${candidates.length} identities with different grants`,
    message: [
      `${host.name || resourceName(host.id)} can act as ${refs.map(nameOf).join(', ')}, and they may do different things.`,
      chosen
        ? 'This kind of resource names the identity that it uses in a field of its own, so look only whether all of them are still needed.'
        : 'Code there that does not name a client id gets whichever the platform picks. Whether it names one is not visible from here.',
    ].join(' '),
    evidence: refs.map((ref) => ({
      label: ref.kind,
      value: `${nameOf(ref)}${ref.clientId === '' ? '' : `, client id ${ref.clientId}`}, ${input.access.grantsOf(ref.id as PrincipalId).length} grants`,
      source: 'resource-graph' as const,
    })),
    fix: [
      {
        text: `Set AZURE_CLIENT_ID (or the resource's own identity field) to the one that is meant: ${refs.map((ref) => `${ref.name || ref.id}${ref.clientId === '' ? '' : ` is ${ref.clientId}`}`).join(', ')}.`,
      },
      { text: 'Take off the identities that nothing on this host uses.' },
    ],
    related: refs.map((ref) => ref.id),
  };
}
