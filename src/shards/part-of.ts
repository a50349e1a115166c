/**
 * The part of a sharded audit that an id belongs to: a principal, or the thing itself where a rule judges a thing (`Rule.reach`). FNV-1a over the
 * text in lower case: ids are compared without regard to case, and the same id must fall into the same part on every machine.
 */
export function partOf(id: string, parts: number): number {
  if (parts <= 1) return 0;
  let hash = 0x811c9dc5;
  const text = id.toLowerCase();
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % parts;
}
