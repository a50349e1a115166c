/** How much a caller wants a media type, 0 to 1 (https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1): the most specific range decides. */
export function accepts(header: string | null, type: string): number {
  if (header === null || header.trim() === '') return 1;
  const [kind] = type.split('/');
  let [best, specificity] = [0, -1];
  for (const part of header.toLowerCase().split(',').slice(0, 50)) {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim());
    const rank = range === type ? 2 : range === `${kind}/*` ? 1 : range === '*/*' ? 0 : -1;
    if (rank <= specificity) continue;
    const quality = parameters.find((text) => text.startsWith('q='))?.slice(2);
    [best, specificity] = [quality === undefined ? 1 : Math.min(1, Math.max(0, Number(quality) || 0)), rank];
  }
  return best;
}
