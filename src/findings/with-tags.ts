import type { Estate, Tags } from '../estate/index.ts';
import type { Changes } from './changes.ts';
import type { TagsOf } from './exclusion.ts';
import type { StoredFinding } from './finding.ts';
import type { Tagged } from './tags-in-force.ts';

/**
 * What a run writes, with the tags in force on each finding: those of a finding that did not change otherwise are brought up to date too, without a line in its
 * history. Where tags may not have been seen, those known before stay.
 */
export function withTags(
  changed: Changes['findings'],
  findings: readonly StoredFinding[],
  tagsOf: TagsOf,
  estate: Tagged & Pick<Estate, 'gaps'>,
): readonly StoredFinding[] {
  const inForce = tagsAround(estate, tagsOf);
  const isBlind = estate.gaps.some(({ slice, harmless }) => harmless !== true && carriers.includes(slice));
  const written = new Map(changed.map((finding) => [finding.id, finding]));
  for (const finding of findings) {
    if (finding.status === 'resolved' || finding.unjudged !== undefined) continue;
    const { tags: before = {}, ...rest } = finding;
    const found = inForce(finding);
    const tags = isBlind ? { ...before, ...found } : found;
    if (sameTags(before, tags)) continue;
    written.set(finding.id, Object.keys(tags).length === 0 ? rest : { ...rest, tags });
  }
  return [...written.values()].toSorted((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
}

const carriers: readonly string[] = ['containers', 'hosts', 'identities', 'vaults'];
const none: Tags = {};
/** More than a resource, its group and its subscription usually carry together; Azure allows 50 on each. */
const tagsMax = 60;

function tagsAround({ containers, hosts, identities, vaults }: Tagged, tagsOf: TagsOf): (finding: StoredFinding) => Tags {
  const anyTag = [containers, hosts, identities, vaults].some((all) => all.some(({ tags }) => Object.keys(tags).length > 0));
  if (!anyTag) return () => none;
  const known = new Map<string, readonly Tags[]>();
  const of = (id: string): readonly Tags[] => {
    if (id === '') return [];
    let tags = known.get(id);
    if (tags === undefined) known.set(id, (tags = [...tagsOf(id)]));
    return tags;
  };
  return ({ scope, subject, principal }) => {
    const found = new Map<string, string>();
    // The nearest says it: a tag of the resource goes before the same tag of its group.
    for (const tags of [scope, subject, principal.resourceId].flatMap(of)) {
      for (const [name, value] of Object.entries(tags)) {
        const key = name.toLowerCase();
        if (!found.has(key) && found.size < tagsMax) found.set(key, value);
      }
    }
    return found.size === 0 ? none : Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  };
}

function sameTags(a: Tags, b: Tags): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
