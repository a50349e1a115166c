/**
 * What is called, without whom it is about: a path in which everything that is not a known word of Azure's addresses is `{}`. A word that is missing from the
 * list costs a name on a chart; one too many could be somebody's name.
 */
export function operationOf(address: string): { readonly host: string; readonly path: string } {
  if (!URL.canParse(address)) return { host: '', path: '/{}' };
  const { host, pathname } = new URL(address);
  const path = pathname.split('/').slice(1);
  return { host, path: `/${path.map((segment, at) => shown(segment, path, at)).join('/')}` };
}

function shown(segment: string, path: readonly string[], at: number): string {
  if (segment === '' || words.has(segment.toLowerCase())) return segment;
  if (/^microsoft\.[a-z.]{1,60}$/i.test(segment)) return segment;
  if (isType(path, at)) return segment;
  // Tables: one row, or all of a partition, `table(PartitionKey='…')` and `table()`.
  return segment.includes('(') ? '{}()' : '{}';
}

/** After `providers/Namespace` come a type, a name, a type, a name … Types are Azure's words. */
function isType(path: readonly string[], at: number): boolean {
  const provider = path.slice(0, at).findLastIndex((segment) => segment.toLowerCase() === 'providers');
  const after = at - provider;
  return (
    provider >= 0 && /^microsoft\./i.test(path[provider + 1] ?? '') && after >= 2 && after % 2 === 0 && /^[a-z]{1,60}$/i.test(path[at]!)
  );
}

const words: ReadonlySet<string> = new Set(
  [
    'subscriptions resourcegroups providers tenants managementgroups resources',
    'v1.0 beta v1 workspaces query',
    '$batch directoryobjects getbyids serviceprincipals users groups applications devices members transitivemembers owners',
    'directory deleteditems microsoft.graph.application microsoft.graph.serviceprincipal microsoft.graph.group microsoft.graph.user',
    'rolemanagement roleassignments roledefinitions approleassignments approleassignedto federatedidentitycredentials organization count $count',
    'tables $metadata messages peekonly',
    'emails emails:send operations',
    'metadata identity oauth2 token msi',
    'management values eventtypes',
  ].flatMap((line) => line.split(' ')),
);
