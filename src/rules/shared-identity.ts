import type { Host, Identity } from '../estate/index.ts';
import { indexOf, isPolicyAssignment } from './estate-index.ts';
import { principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import { resourceGroupId, resourceName } from './scope-name.ts';
import { tagOf, workloadPlace } from './workload-place.ts';

export const sharedIdentity: Rule = {
  id: 'shared-identity',
  title: 'One identity for several workloads',
  why: [
    'One identity per workload: what is broken into there is all that is lost, and a refused call names who made it. An identity on hosts of several resource groups, environments or subscriptions carries the',
    'sum of all their grants to each of them; a test system then holds what production needs.',
    '',
    'Nodes of a cluster and parts of a managed application count to their owner, and Azure Policy assignments that remediate with one identity are not workloads.',
  ].join('\n'),
  fix: 'Give each workload its own identity with the grants that it needs, in the template that deploys it, move it over, and take the shared one off.',
  severity: 'medium',
  confidence: 'certain',
  needs: { identities: 'each', hosts: 'anywhere', containers: 'hint', clusters: 'hint', principals: 'hint' },
  controls: ['MCSB IM-3', 'MCSB PA-7', 'NIST 800-53 r5 AC-6', 'NIST 800-53 r5 IA-4'],
  references: [
    'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations',
  ],
  *judge(input) {
    const { hostsByAttached } = indexOf(input.estate);
    for (const identity of input.estate.identities) {
      const hosts = identity.kind === 'user-assigned' ? hostsByAttached.get(identity.key) : undefined;
      if (hosts === undefined || hosts.length < 2 || haveOneHome(hosts, input.settings.environmentTag)) continue;
      const spread = spreadOf(input, hosts);
      if (spread !== undefined) yield violation(input, identity, spread);
    }
  },
};

/** The common case, told by the hosts alone: one resource group, one environment, nobody else's. */
function haveOneHome(hosts: readonly Host[], environmentTag: string): boolean {
  const [first] = hosts;
  const group = first && resourceGroupId(first.key);
  if (first === undefined || group === undefined) return false;
  const isHome = ({ key, managedBy }: Host): boolean => !managedBy && key[group.length] === '/' && key.startsWith(group);
  if (!hosts.every(isHome)) return false;
  const environment = tagOf(first.tags, environmentTag);
  return hosts.every((host) => host === first || tagOf(host.tags, environmentTag) === environment);
}

interface Spread {
  readonly over: readonly string[];
  readonly severity: 'medium' | 'low';
  readonly hosts: readonly Host[];
}

function spreadOf(input: RuleInput, attached: readonly Host[]): Spread | undefined {
  const hosts = [...new Map(attached.filter((host) => !isPolicyAssignment(host.key)).map((host) => [host.key, host])).values()].sort(
    (a, b) => (a.key < b.key ? -1 : 1),
  );
  if (hosts.length < 2) return undefined;
  const places = hosts.map((host) => workloadPlace(input, host));
  const subscriptions = distinct(places.map((place) => place.subscription));
  const environments = distinct(places.map((place) => place.environment));
  const groups = distinct(places.map((place) => place.group));
  if (groups.length < 2 && environments.length < 2 && subscriptions.length < 2) return undefined;
  return {
    over: [
      ...(environments.length > 1 ? [`the environments ${environments.join(', ')}`] : []),
      ...(subscriptions.length > 1 ? [`${subscriptions.length} subscriptions`] : []),
      ...(groups.length > 1 ? [`${groups.length} resource groups`] : []),
    ],
    severity: environments.length > 1 || subscriptions.length > 1 ? 'medium' : 'low',
    hosts,
  };
}

const distinct = <Value extends string>(values: readonly (Value | undefined)[]): readonly Value[] =>
  [...new Set(values.filter((value) => value !== undefined))].sort();

const hostsNamed = 10;

function violation(input: RuleInput, identity: Identity, { over, severity, hosts }: Spread) {
  const named = hosts.slice(0, hostsNamed);
  return {
    rule: sharedIdentity.id,
    subject: identity.resourceId,
    severity,
    confidence: 'certain' as const,
    principal: principalRef(input, identity.principalId),
    scope: identity.resourceId,
    title: `${identity.name} is shared by ${hosts.length} hosts over ${over[0] ?? 'several places'}`,
    message: `${identity.name} is attached to ${hosts.length} hosts in ${over.join(' and ')}: ${named.map((host) => host.name || resourceName(host.id)).join(', ')}${hosts.length > named.length ? ` and ${hosts.length - named.length} more` : ''}. Each of them holds all of its grants.`,
    evidence: named.map((host) => ({ label: 'host', value: host.id, source: 'resource-graph' as const })),
    fix: [
      {
        text: 'Give each workload its own identity in its own template, with the grants that it needs there; move the hosts over one by one, then take the shared identity off.',
        bicep: [
          'param location string = resourceGroup().location',
          '',
          "resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {",
          "  name: 'id-my-workload'",
          '  location: location',
          '}',
        ].join('\n'),
      },
    ],
    related: named.map((host) => host.id),
  };
}
