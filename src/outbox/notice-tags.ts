import type { TagsOf } from '../findings/index.ts';

const tagsMax = 50;
const valueCharsMax = 256;

/** The tags in force on these ids, names in lower case; the nearer one wins. */
export function tagsAround(ids: readonly string[], tagsOf: TagsOf): Readonly<Record<string, string>> {
  const tags = new Map<string, string>();
  for (const id of ids) {
    if (id === '') continue;
    for (const carried of tagsOf(id))
      for (const [name, value] of Object.entries(carried)) {
        const key = name.toLowerCase();
        if (!tags.has(key) && tags.size < tagsMax) tags.set(key, value.slice(0, valueCharsMax));
      }
  }
  return tags.size === 0 ? none : Object.fromEntries(tags);
}

const none: Readonly<Record<string, string>> = {};
