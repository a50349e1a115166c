import { resourceKey, type Estate, type Identity, type ResourceKey, type Tags } from '../estate/index.ts';
import type { Tagged } from '../findings/index.ts';
import { openPool } from './pool.ts';
import type { Facts, Rows } from './row.ts';

/** What tags are read from: as much of an estate as `tagsInForce` and `withTags` ask for. */
export type TagCarriers = Tagged & Pick<Estate, 'gaps'>;

/**
 * Of hosts and vaults only those that carry a tag, and of those and of identities no more than whose tags they are: joining a sharded audit holds this while
 * it goes through all findings, and needs nothing else of them. Equal tags are kept once.
 */
export async function tagCarriers({
  facts,
  rows,
}: {
  readonly facts: Pick<Facts, 'containers' | 'gaps'>;
  readonly rows: Rows;
}): Promise<TagCarriers> {
  const hosts: Tagged['hosts'][number][] = [];
  const identities: Tagged['identities'][number][] = [];
  const vaults: Tagged['vaults'][number][] = [];
  const pool = openPool();
  for await (const [kind, item] of rows(['hosts', 'identities', 'vaults'])) {
    if (kind !== 'identities' && kind !== 'hosts' && kind !== 'vaults') continue;
    const { key } = item;
    const tags = pool.tags(item.tags);
    if (kind === 'identities') identities.push({ key, tags, principalId: item.principalId, resourceId: homeOf(item) });
    else if (carries(tags)) (kind === 'hosts' ? hosts : vaults).push({ key, tags });
  }
  return { containers: facts.containers, hosts, identities, vaults, gaps: facts.gaps };
}

/** Nearly always the text of the key, which is kept anyway. */
const homeOf = ({ key, resourceId }: Identity): ResourceKey => {
  const home = resourceKey(resourceId);
  return home === key ? key : home;
};

const carries = (tags: Tags): boolean => Object.keys(tags).length > 0;
