import type { Estate, Host, Identity, Tags, Vault } from '../estate/index.ts';
import type { Facts, Rows } from './row.ts';

/** What tags are read from: as much of an estate as `tagsInForce` and `withTags` ask for. */
export type TagCarriers = Pick<Estate, 'containers' | 'hosts' | 'identities' | 'vaults' | 'gaps'>;

/** Of hosts and vaults only those that carry a tag, and of those no more than the tags: joining a sharded audit needs nothing else of them. */
export async function tagCarriers({ facts, rows }: { readonly facts: Facts; readonly rows: Rows }): Promise<TagCarriers> {
  const hosts: Host[] = [];
  const identities: Identity[] = [];
  const vaults: Vault[] = [];
  for await (const [kind, item] of rows(['hosts', 'identities', 'vaults'])) {
    if (kind === 'identities') identities.push(item);
    if (kind === 'hosts' && carries(item.tags)) hosts.push({ ...item, userAssigned: [] });
    if (kind === 'vaults' && carries(item.tags)) vaults.push({ ...item, policies: [] });
  }
  return { containers: facts.containers, hosts, identities, vaults, gaps: facts.gaps };
}

const carries = (tags: Tags): boolean => Object.keys(tags).length > 0;
