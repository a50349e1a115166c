import { z } from 'zod';
import { Refusal } from './problem.ts';

/** Query parameters as their schema wants them; every problem at once. A list is comma-separated, repeated, or both. */
export function readQuery(schema: z.ZodObject | undefined, search: URLSearchParams): Readonly<Record<string, unknown>> {
  const fields: Readonly<Record<string, z.core.$ZodType>> = schema?.shape ?? {};
  const given: Record<string, unknown> = {};
  const errors: { at: string; text: string }[] = [];
  for (const name of new Set(search.keys())) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const values = search.getAll(name);
    if (field === undefined) errors.push({ at: shown(name), text: unknownParameter(fields) });
    else if (isList(field))
      given[name] = values
        .flatMap((value) => value.split(','))
        .map((value) => value.trim())
        .filter((value) => value !== '');
    else if (values.length > 1) errors.push({ at: name, text: 'is given more than once' });
    else given[name] = values[0];
  }
  const parsed = (schema ?? z.object({})).safeParse(given);
  if (!parsed.success) errors.push(...errorsOf(parsed.error));
  if (errors.length > 0 || !parsed.success) throw new Refusal('bad-request', inWords('query', errors), { errors });
  return parsed.data;
}

export const errorsOf = (error: z.ZodError): { at: string; text: string }[] =>
  error.issues.slice(0, 20).map((issue) => ({
    at: shown(issue.path.map(String).join('.') || (issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : 'body')),
    text: issue.code === 'unrecognized_keys' ? 'is not known here' : issue.message,
  }));

export const inWords = (what: 'query' | 'body', errors: readonly { readonly at: string; readonly text: string }[]): string =>
  `The ${what} is wrong: ${errors
    .slice(0, 5)
    .map(({ at, text }) => `${at} ${text}`)
    .join('; ')}.`;

/** What stands in the way of reading the array inside. */
function isList(field: z.core.$ZodType): boolean {
  let at: unknown = field;
  while (at instanceof z.ZodOptional || at instanceof z.ZodExactOptional || at instanceof z.ZodDefault || at instanceof z.ZodReadonly)
    at = at.unwrap();
  return at instanceof z.ZodArray;
}

const unknownParameter = (fields: Readonly<Record<string, unknown>>): string =>
  Object.keys(fields).length === 0
    ? 'is not known here: this address takes no parameters'
    : `is not known here. Known: ${Object.keys(fields).join(', ')}`;

/** Somebody else's text in our answer: printable ASCII, and not much of it. */
const shown = (text: string): string => text.replace(/[^\w.,$ -]/g, '?').slice(0, 60);
