import type { DeletedPrincipal, Directory, Gap, Principal, PrincipalId } from '../estate/index.ts';
import type { AzureClients } from './clients.ts';
import type { PrincipalLookUp } from './look-up.ts';
import { permissionText } from '../access/index.ts';
import { readDeleted } from './read-deleted.ts';

export interface DirectoryQuestion {
  /** Principals to look up, with the type Azure stored with their assignment (a hint), empty where none is known. */
  readonly principals: ReadonlyMap<PrincipalId, string>;
  /** Principals of resources that Resource Graph shows alive in this run: canaries, and never orphans. */
  readonly alive: ReadonlySet<PrincipalId>;
  readonly auditor?: PrincipalId | undefined;
}

export async function readDirectory(
  clients: AzureClients,
  lookUp: PrincipalLookUp,
  question: DirectoryQuestion,
): Promise<{ readonly directory: Directory; readonly gaps: readonly Gap[] }> {
  for (const id of [...question.principals.keys(), ...question.alive]) lookUp.add(id);
  if (question.auditor !== undefined) lookUp.add(question.auditor);
  const { asked, found, failed, gaps } = await lookUp.finish();
  const unresolved = new Map(failed);

  const missing = new Map<PrincipalId, string>();
  for (const id of asked) {
    if (found.has(id) || failed.has(id)) continue;
    if (id === question.auditor) unresolved.set(id, 'The auditor itself: it signed in, and the directory does not show it.');
    // Two sources disagree: one of them lags. That is no deletion.
    else if (question.alive.has(id))
      unresolved.set(
        id,
        'Resource Graph shows a resource that has this identity, and the directory does not know it; one of the two lags behind.',
      );
    else missing.set(id, question.principals.get(id) ?? '');
  }
  const bin = missing.size === 0 ? nothingDeleted : await readDeleted(clients, missing);
  for (const [id, why] of bin.unresolved) unresolved.set(id, why);
  return {
    directory: { asked, found, deleted: bin.deleted, unresolved, canary: canaryOf(question, found, failed) },
    gaps: [...gaps, ...bin.gaps, ...namelessGaps(found)],
  };
}

const nothingDeleted = {
  deleted: new Map<PrincipalId, DeletedPrincipal>(),
  unresolved: new Map<PrincipalId, string>(),
  gaps: [] as readonly Gap[],
};

/**
 * Absence proves something only if presence would have been seen: somebody who exists must be visible in the same run. The auditor itself exists,
 * since it signed in, and so do the identities of living resources.
 */
function canaryOf(
  question: DirectoryQuestion,
  found: ReadonlyMap<PrincipalId, Principal>,
  failed: ReadonlyMap<PrincipalId, string>,
): Directory['canary'] {
  const candidates = [...(question.auditor === undefined ? [] : [question.auditor]), ...question.alive];
  const answered = candidates.filter((id) => !failed.has(id));
  if (answered.some((id) => found.has(id))) return 'visible';
  return candidates.length === 0 ? 'not-asked' : 'invisible';
}

/** Objects that exist and may not be read: service principals matter (identity or application?), names of people are a courtesy. */
function namelessGaps(found: ReadonlyMap<PrincipalId, Principal>): readonly Gap[] {
  const limited = [...found.values()].filter((principal) => principal.kind === 'limited').length;
  return limited === 0
    ? []
    : [
        {
          slice: 'principals',
          scope: '/',
          state: 'partial',
          why: `${limited} service ${limited === 1 ? 'principal exists' : 'principals exist'}, but the auditor may not read what ${limited === 1 ? 'it is' : 'they are'}.`,
          permission: permissionText('applications'),
        },
      ];
}
