import { z } from 'zod';

/** Building blocks of the schemas at the edge. Ids must be sound, everything else may be missing: Azure leaves fields out, or null, or empty. */

/** Longer than any ARM id that Azure makes; what is longer did not come from there. */
const idLengthMax = 2048;
const textLengthMax = 1024;

const isWellFormed = (given: string): boolean => given.isWellFormed();
export const armId = z.string().min(1).max(idLengthMax).startsWith('/').refine(isWellFormed);
/** A GUID in Azure; not checked to be one, since a look-up that fails says so better than a dropped row. */
export const objectId = z.string().min(1).max(128).refine(isWellFormed);
export const text = z.string().nullish();
/** A display text of any length, cut to what a person can read. */
export const shortText = z
  .string()
  .nullish()
  .transform((given) => (given === null || given === undefined || given === '' ? undefined : cut(given)));
export const instant = z
  .string()
  .nullish()
  .transform((given) => (given === null || given === undefined || Number.isNaN(Date.parse(given)) ? undefined : given));
export const tags = z
  .record(z.string(), z.unknown())
  .nullish()
  .catch(undefined)
  .transform((given): Readonly<Record<string, string>> => (given === null || given === undefined ? noTags : tagsOf(given)));

const noTags: Readonly<Record<string, string>> = Object.freeze({});

function tagsOf(given: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const entries = Object.entries(given);
  if (entries.length === 0) return noTags;
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string').map(([name, value]) => [cut(name), cut(value)]),
  );
}

export const cut = (given: string): string => (given.length > textLengthMax ? `${given.slice(0, textLengthMax - 1)}…` : given);

/** `''` and null are Azure's ways to say nothing. */
export const present = (given: string | null | undefined): string | undefined =>
  given === null || given === undefined || given === '' ? undefined : given;

/** Gives back the first string that equals the given one. */
export type Pool = <Text extends string>(given: Text) => Text;

/**
 * Equal strings once in memory: a tenant has millions of rows and few scopes, principals and roles. One pool for a whole collection: a principal
 * comes from three queries, and a look-up by the very same string is the quickest.
 */
export function pool(): Pool {
  const known = new Map<string, string>();
  return <Text extends string>(given: Text): Text => {
    const one = known.get(given);
    if (one !== undefined) return one as Text;
    known.set(given, given);
    return given;
  };
}
