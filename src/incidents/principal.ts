import type { Attribution } from '../denials/index.ts';
import type { Estate } from '../estate/index.ts';
import type { Incident } from './incident.ts';

/** Who failed, in the shape of the contract. Names come from outside: surfaces escape them. */
export function principalOf(attribution: Attribution, estate: Estate | undefined): Incident['principal'] {
  const identity = attribution.identity ?? (attribution.candidates.length === 1 ? attribution.candidates[0] : undefined);
  if (identity) {
    return {
      id: identity.principalId,
      kind: identity.kind,
      name: identity.name,
      resourceId: identity.resourceId,
      clientId: identity.clientId ?? '',
    };
  }
  const id = attribution.principalId ?? '';
  const clientId = attribution.clientId ?? '';
  const known = attribution.principalId && estate?.directory.found.get(attribution.principalId);
  const gone = attribution.principalId && estate?.directory.deleted.get(attribution.principalId);
  if (known) {
    const kind =
      known.kind === 'managed-identity'
        ? known.isExplicit === false
          ? 'system-assigned'
          : 'user-assigned'
        : known.kind === 'application' || known.kind === 'user' || known.kind === 'group'
          ? known.kind
          : 'unknown';
    return { id, kind, name: known.displayName ?? '', resourceId: known.resourceId ?? '', clientId: known.clientId ?? clientId };
  }
  return { id, kind: 'unknown', name: gone ? (gone.displayName ?? '') : '', resourceId: gone ? (gone.resourceId ?? '') : '', clientId };
}
