/** A part of a sharded audit: the `part`-th of so many, from 0. */
export interface Part {
  readonly part: number;
  readonly parts: number;
}

/**
 * The part that an id falls to: a principal's, or a thing's where a rule judges things (`Reach.owner`). FNV-1a over the text as ids are compared:
 * without regard to case and to slashes around it. The same id falls to the same part on every machine.
 */
export function partOf(id: string, parts: number): number {
  if (parts <= 1) return 0;
  let hash = 0x811c9dc5;
  const text = compared(id);
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  // The low bits of FNV-1a alone spread badly over small numbers of parts.
  return ((hash ^ (hash >>> 15)) >>> 0) % parts;
}

const compared = (id: string): string =>
  id
    .trim()
    .toLowerCase()
    .replace(/^\/+|\/+$/g, '');
