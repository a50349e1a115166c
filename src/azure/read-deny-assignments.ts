import { principalId, resourceKey, type DenyAssignment, type Gap } from '../estate/index.ts';
import { armPath } from './arm-path.ts';
import type { AzureClients } from './clients.ts';
import { permissionText } from '../access/index.ts';
import { cut } from './row.ts';
import { troubleOf } from './trouble.ts';

export interface DenyReading {
  readonly denyAssignments: readonly DenyAssignment[];
  readonly gaps: readonly Gap[];
}

const denyAssignmentsMax = 10_000;

/**
 * Deny assignments at and above the given scopes, one call each. Only an answer about access needs them: in an audit they could only narrow.
 * Resource Graph does not have them.
 */
export async function readDenyAssignments(clients: AzureClients, scopes: readonly string[]): Promise<DenyReading> {
  const found = new Map<string, DenyAssignment>();
  const gaps: Gap[] = [];
  for (const scope of scopes) {
    const path = scope === '/' ? '/' : armPath(scope);
    try {
      if (path === undefined) throw new Error('the scope is not a path');
      for await (const given of clients.authorization.denyAssignments.listForScope(path.slice(1), { filter: 'atScope()' })) {
        if (found.size >= denyAssignmentsMax) throw new Error(`stopped after ${denyAssignmentsMax} deny assignments`);
        const id = given.id ?? '';
        found.set(id.toLowerCase(), {
          id,
          name: cut(given.denyAssignmentName ?? given.name ?? id),
          scope: resourceKey(given.scope ?? scope),
          scopeId: given.scope ?? scope,
          blocks: (given.permissions ?? []).map((block) => ({
            actions: block.actions ?? [],
            notActions: block.notActions ?? [],
            dataActions: block.dataActions ?? [],
            notDataActions: block.notDataActions ?? [],
            condition: block.condition ?? given.condition,
          })),
          principals: (given.principals ?? []).flatMap(({ id: principal }) => (principal === undefined ? [] : [principalId(principal)])),
          excludePrincipals: (given.excludePrincipals ?? []).flatMap(({ id: principal }) =>
            principal === undefined ? [] : [principalId(principal)],
          ),
          doNotApplyToChildScopes: given.doNotApplyToChildScopes ?? false,
        });
      }
    } catch (error) {
      const trouble = troubleOf(error);
      gaps.push({
        slice: 'denyAssignments',
        scope,
        state: 'missing',
        why: `Deny assignments could not be read: ${trouble.text}`,
        ...(trouble.kind === 'forbidden' ? { permission: permissionText('deny-assignments') } : {}),
      });
    }
  }
  return { denyAssignments: [...found.values()], gaps };
}

/** What an audit says instead of reading them. */
export const denyAssignmentsNotRead: Gap = {
  slice: 'denyAssignments',
  scope: '/',
  state: 'missing',
  why: 'Deny assignments are not read in an audit, since they could only narrow what it reports; answers about access read them.',
  harmless: true,
};
