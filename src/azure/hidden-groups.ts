import pLimit from 'p-limit';
import type { Container, Directory, Gap, Host, Identity, PolicyAssignment, Slice } from '../estate/index.ts';
import { armPath } from './arm-path.ts';
import type { AzureClients } from './clients.ts';
import { permissionFor, permissionText } from '../access/index.ts';
import { troubleOf } from './trouble.ts';

const apiVersion = '2021-04-01';
const slicesOfGroup = [
  'hosts',
  'identities',
  'roleAssignments',
  'vaults',
  'clusters',
  'federatedCredentials',
] as const satisfies readonly Slice[];

export interface References {
  readonly containers: readonly Container[];
  readonly hosts: readonly Host[];
  readonly identities: readonly Identity[];
  readonly policyAssignments: readonly PolicyAssignment[];
  readonly resourceIds: readonly string[];
  readonly directory: Directory;
  /** Lower-case ids of subscriptions that are visible; the others are asked for as a whole. */
  readonly seen: ReadonlySet<string>;
}

/**
 * A resource group the auditor may not read is as silent as a hidden subscription. It shows where something outside points into it: an identity
 * attached to a visible host, a principal that names its owner. Groups of which nothing is visible are asked for: 404, they are gone; 403, we are blind.
 */
export async function hiddenGroups(clients: AzureClients, references: References, probesMax: number): Promise<readonly Gap[]> {
  const suspects = suspectGroups(references);
  const atOnce = pLimit(8);
  const probe = async (id: string): Promise<readonly Gap[]> => {
    const path = armPath(id);
    // No resource group can have such a name: something else wrote it there.
    if (path === undefined) return [];
    try {
      await clients.arm.get(`${path}?api-version=${apiVersion}`);
      return [];
    } catch (error) {
      const trouble = troubleOf(error);
      return trouble.kind === 'absent'
        ? []
        : slicesOfGroup.map((slice) => ({
            slice,
            scope: id,
            state: 'missing',
            why: `The auditor cannot see into this resource group, which other resources or identities point to: ${trouble.text}`,
            ...(trouble.kind === 'forbidden' ? { permission: permissionFor(slice) } : {}),
          }));
    }
  };
  const gaps = await Promise.all(suspects.slice(0, probesMax).map((id) => atOnce(() => probe(id))));
  const left = suspects.length - probesMax;
  const rest: readonly Gap[] =
    left <= 0
      ? []
      : [
          {
            slice: 'identities',
            scope: '/',
            state: 'partial',
            why: `${left} more resource groups are pointed to and show nothing; whether they are gone or hidden was not asked.`,
            permission: permissionText('user-assigned-identities'),
          },
        ];
  return [...gaps.flat(), ...rest];
}

function suspectGroups({ containers, hosts, identities, policyAssignments, resourceIds, directory, seen }: References): readonly string[] {
  const visible = new Set<string>();
  const known = new Set<string>();
  for (const id of [
    ...containers.map((one) => one.id),
    ...hosts.map((one) => one.id),
    ...identities.map((one) => one.resourceId),
    ...policyAssignments.map((one) => one.id),
    ...resourceIds,
  ]) {
    known.add(id.toLowerCase());
    const group = groupOf(id);
    if (group !== undefined) visible.add(group.toLowerCase());
  }
  const suspects = new Map<string, string>();
  const point = (id: string | undefined) => {
    const group = id === undefined ? undefined : groupOf(id);
    if (group === undefined || id === undefined || known.has(id.toLowerCase())) return;
    const subscription = group.split('/')[2]?.toLowerCase() ?? '';
    if (seen.has(subscription) && !visible.has(group.toLowerCase())) suspects.set(group.toLowerCase(), group);
  };
  for (const { userAssigned } of hosts) for (const { resourceId } of userAssigned) point(resourceId);
  for (const { resourceId } of directory.found.values()) point(resourceId);
  return [...suspects.values()];
}

const groupOf = (id: string): string | undefined => /^\/subscriptions\/[\w-]+\/resourcegroups\/[^/]+/i.exec(id)?.[0];
