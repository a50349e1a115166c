import type { Directory } from './directory.ts';
import type { PrincipalId } from './ids.ts';

const known = new WeakMap<Directory, readonly PrincipalId[]>();

/**
 * Who was asked for and not found: few of very many, so they are picked out once. Deleted, unresolved or absent is for the caller to tell.
 */
export function absentees(directory: Directory): readonly PrincipalId[] {
  let absent = known.get(directory);
  if (absent === undefined) {
    absent = [...directory.asked].filter((id) => !directory.found.has(id));
    known.set(directory, absent);
  }
  return absent;
}
