import { readFileSync } from 'node:fs';

export { withParameters, type Literal } from './parameters.ts';

/** The texts live in .kql files beside this one, valid KQL as they stand; a bundle carries the files beside itself. */
export const resourceGraphQueries = ['containers', 'policy-assignments', 'resources', 'role-assignments', 'role-definitions'] as const;
export type ResourceGraphQuery = (typeof resourceGraphQueries)[number];

/** Text of a query; the name is never a user's. */
export function queryText(name: string): string {
  if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`"${name}" is not the name of a query.`);
  return readFileSync(new URL(`./${name}.kql`, import.meta.url), 'utf8');
}
