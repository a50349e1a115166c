/**
 * An ARM id from a row as the path of a request. Ids are text that others chose: each segment is escaped, and what would leave its place
 * (`..`, an empty segment, half a surrogate pair, which no address can hold) is refused. Undefined: this id is no path.
 */
export function armPath(id: string): string | undefined {
  const segments = id.replace(/^\/|\/$/g, '').split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..' || !segment.isWellFormed())) return undefined;
  return `/${segments.map(encodeURIComponent).join('/')}`;
}
