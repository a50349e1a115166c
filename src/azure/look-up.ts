import pLimit from 'p-limit';
import { z } from 'zod';
import { principalId, type Gap, type Principal, type PrincipalId } from '../estate/index.ts';
import type { AzureClients } from './clients.ts';
import { principalOf } from './directory-object.ts';
import { permissionText } from '../access/index.ts';
import type { Pool } from './row.ts';
import { troubleOf, type Trouble } from './trouble.ts';

/** https://learn.microsoft.com/graph/api/directoryobject-getbyids */
const idsPerCall = 1000;
/** Without partnerReference, principals of partners and of Lighthouse look deleted (Azure/Azure-Governance-Visualizer#66). */
const types = ['servicePrincipal', 'user', 'group', 'device', 'application', 'directoryObjectPartnerReference'];

/** Principals by id, a thousand in one call, each asked for once and as soon as a thousand have come together. */
export interface PrincipalLookUp {
  add(id: PrincipalId): void;
  /** Asks for the rest and waits for all answers. Call once. */
  finish(): Promise<LookedUp>;
}

export interface LookedUp {
  readonly asked: ReadonlySet<PrincipalId>;
  readonly found: ReadonlyMap<PrincipalId, Principal>;
  readonly failed: ReadonlyMap<PrincipalId, string>;
  readonly gaps: readonly Gap[];
}

export function principalLookUp(clients: AzureClients, once: Pool): PrincipalLookUp {
  const asked = new Set<PrincipalId>();
  const found = new Map<PrincipalId, Principal>();
  const failed = new Map<PrincipalId, string>();
  const troubles: { readonly trouble: Trouble; readonly ids: number }[] = [];
  let odd = 0;

  const ask = async (ids: readonly PrincipalId[]): Promise<void> => {
    try {
      const objects = answer.parse(await clients.graph.post('/v1.0/directoryObjects/getByIds', { ids, types })).value;
      for (const object of objects) {
        const principal = principalOf(object, once);
        if (principal !== undefined) {
          found.set(principal.id, principal);
          continue;
        }
        odd += 1;
        const id = idOf(object);
        if (id !== undefined) failed.set(id, 'The directory answered with an object of a shape that the auditor does not understand.');
      }
    } catch (error) {
      const trouble: Trouble = error instanceof z.ZodError ? { kind: 'malformed', text: 'the answer was not a list' } : troubleOf(error);
      troubles.push({ trouble, ids: ids.length });
      for (const id of ids) failed.set(id, `The directory could not be asked: ${trouble.text}`);
    }
  };

  const atOnce = pLimit(4);
  const running: Promise<void>[] = [];
  // Ids that are no GUIDs go in calls of their own, since Graph refuses a whole call for one of them.
  const waiting = { sound: [] as PrincipalId[], unsound: [] as PrincipalId[] };
  const send = (ids: PrincipalId[]): void => {
    const batch = ids.splice(0);
    if (batch.length > 0) running.push(atOnce(() => ask(batch)));
  };
  return {
    add(id) {
      if (asked.has(id)) return;
      asked.add(id);
      const ids = guid.test(id) ? waiting.sound : waiting.unsound;
      ids.push(id);
      if (ids.length === idsPerCall) send(ids);
    },
    async finish() {
      send(waiting.sound);
      send(waiting.unsound);
      await Promise.all(running);
      return { asked, found, failed, gaps: [...troubleGaps(troubles, asked.size), ...oddGaps(odd)] };
    },
  };
}

const answer = z.object({ value: z.array(z.unknown()) });
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function idOf(object: unknown): PrincipalId | undefined {
  return typeof object === 'object' && object !== null && 'id' in object && typeof object.id === 'string'
    ? principalId(object.id)
    : undefined;
}

function troubleGaps(troubles: readonly { readonly trouble: Trouble; readonly ids: number }[], asked: number): readonly Gap[] {
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
