import { resourceKey, type Host, type ResourceKey } from '../estate/index.ts';
import { indexOf } from './estate-index.ts';
import type { RuleInput } from './rule.ts';
import { resourceGroupId, subscriptionId } from './scope-name.ts';

/** Where a host's workload lives: what belongs to a cluster or a managed application counts to its owner. */
export interface WorkloadPlace {
  readonly subscription: ResourceKey | undefined;
  /** Absent for hosts above resource groups (policy assignments). */
  readonly group: ResourceKey | undefined;
  /** Value of the environment tag on the host, else on its resource group, else on its subscription; lower case. */
  readonly environment: string | undefined;
  /** True when Azure itself made the host for another resource: nodes of a cluster, parts of a managed application. */
  readonly isManaged: boolean;
}

export function workloadPlace(input: RuleInput, host: Host): WorkloadPlace {
  const owner = ownerOf(input, host);
  const id = owner ?? host.id;
  const group = resourceGroupId(id);
  const subscription = subscriptionId(id);
  const { containerByKey } = indexOf(input.estate);
  const tagged = [
    host.tags,
    ...[group, subscription].map((each) => (each === undefined ? undefined : containerByKey.get(resourceKey(each))?.tags)),
  ];
  const environment = tagged.map((tags) => tagOf(tags, input.settings.environmentTag)).find((value) => value !== undefined);
  return {
    subscription: subscription === undefined ? undefined : resourceKey(subscription),
    group: group === undefined ? undefined : resourceKey(group),
    environment,
    isManaged: owner !== undefined,
  };
}

/** ARM id of the resource that Azure made this host for. */
function ownerOf({ estate }: RuleInput, host: Host): string | undefined {
  if (host.managedBy) return host.managedBy;
  const group = resourceGroupId(host.key);
  if (group === undefined) return undefined;
  const index = indexOf(estate);
  return index.containerByKey.get(resourceKey(group))?.managedBy || index.clusterByNodeGroup.get(resourceKey(group))?.id || undefined;
}

/** Tag names are case-insensitive in Azure; values are compared in lower case, since `Prod` and `prod` are one environment to people. */
export function tagOf(tags: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  if (tags === undefined) return undefined;
  const wanted = name.toLowerCase();
  for (const tag in tags) {
    const value = tag === wanted || tag.toLowerCase() === wanted ? tags[tag]?.trim() : undefined;
    if (value) return value.toLowerCase();
  }
  return undefined;
}
