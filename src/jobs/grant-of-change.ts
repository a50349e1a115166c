import { builtInRole, measure } from '../access/index.ts';
import { levelOf, resourceKey, roleId } from '../estate/index.ts';
import type { Change } from '../incidents/index.ts';
import { scopeOfAssignment, type MadeGrant } from '../rules/index.ts';

/** What the Activity Log says of a grant that was made. */
export function grantOf(change: Change, kind: 'assignment-made' | 'federated-credential-written' | 'access-elevated'): MadeGrant {
  const { details, at, caller, callerObjectId, correlationId } = change;
  const by = {
    at,
    caller,
    callerObjectId,
    correlationId,
    callerAppId: change.callerAppId ?? '',
    callerAddress: change.callerAddress ?? '',
  };
  switch (kind) {
    case 'access-elevated': {
      const id = callerObjectId || caller;
      return { kind: 'elevation', id, firstId: id, ...by, principalId: callerObjectId, roleId: '', scopeId: '/' };
    }
    case 'federated-credential-written':
      return {
        kind: 'federated-credential',
        id: change.resourceId,
        firstId: change.resourceId,
        ...by,
        principalId: '',
        roleId: '',
        scopeId: change.resourceId,
      };
    case 'assignment-made':
      return {
        kind: 'assignment',
        id: change.resourceId,
        firstId: change.resourceId,
        ...by,
        principalId: (details['principalId'] ?? '').toLowerCase(),
        roleId: roleId(details['roleDefinitionId'] ?? ''),
        scopeId: scopeOfAssignment(change.resourceId),
        ...(details['condition'] ? { condition: details['condition'] } : {}),
      };
  }
}

/**
 * What can be told without the estate, and must be: pipelines make narrow grants all day. A built-in role that reaches no further than a resource group
 * and grants nothing, or that changes nothing and reads no data anywhere. A custom or unknown role may be anything.
 */
export function isNarrow(grant: MadeGrant): boolean {
  if (grant.kind !== 'assignment') return false;
  const role = grant.roleId === '' ? undefined : builtInRole(roleId(grant.roleId));
  if (role === undefined) return false;
  const power = measure(role);
  const level = levelOf(resourceKey(grant.scopeId));
  if (power.escalation.length > 0) return false;
  if (level === 'resourceGroup' || level === 'resource') return true;
  return [power.broadWrite, power.dataRead, power.dataWrite, power.secretActions, power.attach].every((each) => each.length === 0);
}
