import { roles as knownRoles, type Role } from '../contract/index.ts';
import type { Claims } from './claims.ts';

/** Somebody whose token was verified. */
export interface Caller {
  readonly kind: 'person' | 'application';
  readonly objectId: string;
  /** For people to read; other people's text. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** Lower case: groups, app roles and own object id, by which a restriction may name the caller. */
  readonly goesBy: readonly string[];
  /** Entra left the groups out because there are too many. */
  readonly groupsOmitted: boolean;
}

/** The delegated permission that the page asks for. */
export const delegatedScope = 'access_as_user';

export type CallerOrNot = { readonly caller: Caller } | { readonly because: string };

/**
 * Who a token speaks for. A token that acts for a person carries `scp`; one of an application carries none, and its subject is its own object id.
 * An id token has neither: it proves to the page who signed in and is no permission to ask (its audience is the same where page and API share an application).
 */
export function callerOf(claims: Claims): CallerOrNot {
  const kind = kindOf(claims);
  if (kind === undefined) return { because: 'This is no access token: it acts neither for a person nor for an application.' };
  if (kind === 'person' && !claims.scp!.split(' ').includes(delegatedScope))
    return { because: `The token carries no permission to ask here: it lacks the scope ${delegatedScope}.` };
  const carried = claims.roles ?? [];
  return {
    caller: {
      kind,
      objectId: claims.oid.toLowerCase(),
      name: nameOf(claims),
      roles: knownRoles.filter((role) => carried.includes(role)),
      goesBy: [claims.oid, ...(claims.groups ?? []), ...carried].map((id) => id.toLowerCase()),
      groupsOmitted: '_claim_names' in claims && claims.groups === undefined,
    },
  };
}

function kindOf({ scp, idtyp, sub, oid, azp, appid, nonce }: Claims): Caller['kind'] | undefined {
  if (azp === undefined && appid === undefined) return undefined;
  if (scp !== undefined) return idtyp === 'app' ? undefined : 'person';
  if (nonce !== undefined) return undefined;
  return idtyp === 'app' || (idtyp === undefined && sub === oid) ? 'application' : undefined;
}

/** As it will stand in the history of what they decide. */
function nameOf(claims: Claims): string {
  const given =
    claims.preferred_username ??
    claims.upn ??
    claims.unique_name ??
    claims.name ??
    claims.app_displayname ??
    claims.azp ??
    claims.appid ??
    '';
  const plain = given
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu, '')
    .trim()
    .slice(0, 120);
  return plain === '' ? claims.oid : plain;
}

export const authorOf = ({ name, objectId }: Caller): string => (name === objectId ? objectId : `${name} (${objectId})`);

/** Whoever may manage findings may read them. */
export const holds = ({ roles }: Caller, role: Role): boolean =>
  roles.includes(role) || (role === 'Findings.Read' && roles.includes('Findings.Manage'));
