import type { Directory } from './directory.ts';
import type { PrincipalId } from './ids.ts';

const known = new WeakMap<Directory, readonly PrincipalId[]>();

/**
 * Who was asked for and not found: few of very many, so they are picked out once. Deleted, unresolved or absent is for the caller to tell.
 */
export function absentees(directory: Directory): readonly PrincipalId[] {
  let absent = known.get(directory);
  if (absent === undefined) {
    const missing: PrincipalId[] = [];
    for (const id of directory.asked) if (!directory.found.has(id)) missing.push(id);
    known.set(directory, (absent = missing));
  }
  return absent;
}
