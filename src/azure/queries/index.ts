import { readFileSync } from 'node:fs';

export { withParameters, type Literal } from './parameters.ts';

/** The texts live in .kql files beside this one, valid KQL as they stand; a bundle carries the files beside itself. */
export const resourceGraphQueries = [
  'containers',
  'count-assignments',
  'count-resources',
  'log-targets',
  'management-groups',
  'policy-assignments',
  'resources',
  'role-assignments-above',
  'role-assignments',
  'role-definitions',
  'workspaces',
] as const;
export type ResourceGraphQuery = (typeof resourceGraphQueries)[number];

/** One file per source of refused calls; each delivers rows for `denials.kql`. */
export const denialSources = [
  'denials-key-vault',
  'denials-storage',
  'denials-messaging',
  'denials-cosmos-db',
  'denials-container-registry',
  'denials-sql',
  'denials-arm',
  'denials-sign-ins',
  'denials-graph',
] as const;
/** One file per source of lines that applications wrote; each delivers rows for `denials-app-text.kql`. */
export const lineSources = ['denials-container-apps', 'denials-app-service', 'denials-application-insights'] as const;
/** Queries of a workspace that are sent as they are, with their parameters. */
export const workspaceQueries = ['denials', 'denials-app-text', 'presence', 'sign-ins', 'token-callers', 'activity-changes'] as const;
export type LogQuery = (typeof denialSources)[number] | (typeof lineSources)[number] | (typeof workspaceQueries)[number];

/** Text of a query; the name is never a user's. */
export function queryText(name: string): string {
  if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`"${name}" is not the name of a query.`);
  return readFileSync(new URL(`./${name}.kql`, import.meta.url), 'utf8');
}
