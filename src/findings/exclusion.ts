import { resourceKey, type ResourceKey, type Tags } from '../estate/index.ts';

/** What nobody wants to hear about, decided in the settings. Excluded violations are counted and shown; they are no findings. */
export interface Exclusions {
  readonly rules: readonly string[];
  /** Each with everything below it. */
  readonly scopes: readonly string[];
  /** `name` or `name=value`, on the resource, the identity, or the resource group or subscription around them. */
  readonly tags: readonly string[];
}

interface Subject {
  readonly rule: string;
  readonly subject: string;
  readonly scope: string;
  readonly principal?: { readonly id: string; readonly resourceId: string } | undefined;
}

export type Within = (scope: ResourceKey, ancestor: ResourceKey) => boolean;
/** Tags in force on an ARM id or a principal id: its own and those of what it lies in. */
export type TagsOf = (id: string) => Iterable<Tags>;

/** Answers which setting excludes a violation or a finding, in words; undefined: none does. */
export function exclusionOf(exclusions: Exclusions, within: Within, tagsOf: TagsOf): (of: Subject) => string | undefined {
  const rules = new Set(exclusions.rules);
  const scopes = exclusions.scopes.map((given) => ({ given, key: resourceKey(given) }));
  const tags = exclusions.tags.map(parseTag);
  return (of) => {
    if (rules.has(of.rule)) return `rule ${of.rule}`;
    if (scopes.length > 0) {
      const key = resourceKey(of.scope);
      const scope = scopes.find((each) => within(key, each.key));
      if (scope !== undefined) return `scope ${scope.given}`;
    }
    const tag = tags.find((each) => idsOf(of).some((id) => carries(tagsOf(id), each)));
    return tag === undefined ? undefined : `tag ${tag.given}`;
  };
}

const idsOf = (of: Subject): readonly string[] =>
  [of.subject, of.scope, of.principal?.id ?? '', of.principal?.resourceId ?? ''].filter((id) => id !== '');

interface Tag {
  readonly given: string;
  readonly name: string;
  readonly value: string | undefined;
}

/** Azure compares tag names without case and tag values with it. */
function parseTag(given: string): Tag {
  const equals = given.indexOf('=');
  if (equals < 0) return { given, name: given.toLowerCase(), value: undefined };
  return { given, name: given.slice(0, equals).toLowerCase(), value: given.slice(equals + 1) };
}

function carries(carried: Iterable<Tags>, tag: Tag): boolean {
  for (const tags of carried) {
    for (const [name, value] of Object.entries(tags)) {
      if (name.toLowerCase() === tag.name && (tag.value === undefined || tag.value === value)) return true;
    }
  }
  return false;
}
