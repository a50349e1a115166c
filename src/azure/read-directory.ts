import pLimit from 'p-limit';
import { z } from 'zod';
import { principalId, type DeletedPrincipal, type Directory, type Gap, type Principal, type PrincipalId } from '../estate/index.ts';
import { chunks } from './areas.ts';
import type { AzureClients } from './clients.ts';
import { principalOf } from './directory-object.ts';
import { permissionText } from './permissions.ts';
import { readDeleted } from './read-deleted.ts';
import { troubleOf, type Trouble } from './trouble.ts';

export interface DirectoryQuestion {
  /** Principals to look up, with the type Azure stored with their assignment (a hint), empty where none is known. */
  readonly principals: ReadonlyMap<PrincipalId, string>;
  /** Principals of resources that Resource Graph shows alive in this run: canaries, and never orphans. */
  readonly alive: ReadonlySet<PrincipalId>;
  readonly auditor?: PrincipalId | undefined;
}

/** https://learn.microsoft.com/graph/api/directoryobject-getbyids */
const idsPerCall = 1000;
/** Without partnerReference, principals of partners and of Lighthouse look deleted (Azure/Azure-Governance-Visualizer#66). */
const types = ['servicePrincipal', 'user', 'group', 'device', 'application', 'directoryObjectPartnerReference'];

export async function readDirectory(
  clients: AzureClients,
  question: DirectoryQuestion,
): Promise<{ readonly directory: Directory; readonly gaps: readonly Gap[] }> {
  const asked = new Set([...question.principals.keys(), ...question.alive]);
  if (question.auditor !== undefined) asked.add(question.auditor);
  const { found, failed, gaps } = await lookUp(clients, asked);
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

const answer = z.object({ value: z.array(z.unknown()) });

/** Ids that are no GUIDs go in a call of their own, since Graph refuses a whole call for one of them. */
async function lookUp(clients: AzureClients, asked: ReadonlySet<PrincipalId>) {
  const found = new Map<PrincipalId, Principal>();
  const failed = new Map<PrincipalId, string>();
  const troubles: { readonly trouble: Trouble; readonly ids: number }[] = [];
  let odd = 0;
  const sound = [...asked].filter((id) => guid.test(id));
  const unsound = [...asked].filter((id) => !guid.test(id));
  const ask = async (ids: readonly PrincipalId[]) => {
    try {
      const objects = answer.parse(await clients.graph.post('/v1.0/directoryObjects/getByIds', { ids, types })).value;
      for (const object of objects) {
        const principal = principalOf(object);
        if (principal !== undefined) found.set(principal.id, principal);
        else odd += 1;
        const id = principal === undefined ? idOf(object) : undefined;
        if (id !== undefined) failed.set(id, 'The directory answered with an object of a shape that the auditor does not understand.');
      }
    } catch (error) {
      const trouble: Trouble = error instanceof z.ZodError ? { kind: 'malformed', text: 'the answer was not a list' } : troubleOf(error);
      troubles.push({ trouble, ids: ids.length });
      for (const id of ids) failed.set(id, `The directory could not be asked: ${trouble.text}`);
    }
  };
  const atOnce = pLimit(4);
  await Promise.all([...chunks(sound, idsPerCall), ...chunks(unsound, idsPerCall)].map((ids) => atOnce(() => ask(ids))));
  return { found, failed, gaps: [...lookUpGaps(troubles, asked.size), ...oddGaps(odd)] };
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function idOf(object: unknown): PrincipalId | undefined {
  return typeof object === 'object' && object !== null && 'id' in object && typeof object.id === 'string'
    ? principalId(object.id)
    : undefined;
}

function lookUpGaps(troubles: readonly { readonly trouble: Trouble; readonly ids: number }[], asked: number): readonly Gap[] {
  const [first] = troubles;
  if (first === undefined) return [];
  const ids = troubles.reduce((sum, { ids: count }) => sum + count, 0);
  const gap: Omit<Gap, 'slice'> = {
    scope: '/',
    state: ids >= asked ? 'missing' : 'partial',
    why: `Microsoft Graph did not answer for ${ids} of ${asked} principals: ${first.trouble.text}`,
    ...(first.trouble.kind === 'forbidden' ? { permission: permissionText('applications') } : {}),
  };
  // Who was not looked up was not looked for in the recycle bin either.
  return [
    { slice: 'principals', ...gap },
    { slice: 'deletedPrincipals', ...gap },
  ];
}

const oddGaps = (odd: number): readonly Gap[] =>
  odd === 0
    ? []
    : [
        {
          slice: 'principals',
          scope: '/',
          state: 'partial',
          why: `${odd} directory ${odd === 1 ? 'object' : 'objects'} had a shape that the auditor does not understand.`,
        },
      ];

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
