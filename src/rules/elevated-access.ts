import { moment, principalId, type Assignment } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { makerOf, requestEvidence } from './grant-maker.ts';
import { isYoung, sameChangeMinutes, type MadeGrant } from './made-grant.ts';
import { principalRef } from './principal-ref.ts';
import type { RuleInput } from './rule.ts';
import type { Violation } from './violation.ts';

const userAccessAdministrator = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9';

/**
 * A Global Administrator took User Access Administrator at the root: whoever it was, and whoever's grants are judged otherwise. It stands until the
 * assignment at the root is gone. https://learn.microsoft.com/azure/role-based-access-control/elevate-access-global-admin
 */
export function* judgeElevation(input: RuleInput, grant: MadeGrant): Iterable<Violation> {
  const standing = assignmentOf(input, grant);
  if (standing === undefined && (grant.seenAt !== undefined || !isYoung(grant, input.now, input.settings.replicationWindowMinutes))) return;
  const holder = principalId(standing?.principalId ?? grant.callerObjectId);
  const maker = makerOf(input, grant, holder);
  yield {
    rule: 'broad-grant-made',
    subject: grant.id,
    aspect: 'elevate-access',
    severity: 'critical',
    confidence: standing === undefined ? 'likely' : 'certain',
    principal: principalRef(input, holder),
    role: { id: userAccessAdministrator, name: 'User Access Administrator' },
    scope: '/',
    title: `${maker.name} took control of access in the whole tenant at ${moment(grant.at)}`,
    message: [
      `${maker.full} elevated access at ${moment(grant.at)} and holds User Access Administrator at the root of the tenant since then: any role on any subscription is one command away.`,
      standing === undefined
        ? 'Resource Graph does not show the assignment at the root yet; this is what the Activity Log says.'
        : 'It does not end by itself.',
    ].join(' '),
    evidence: [
      ...requestEvidence(grant, maker, 'Microsoft.Authorization/elevateAccess/action'),
      { label: 'role', value: `User Access Administrator (${userAccessAdministrator}), built-in`, source: 'resource-graph' },
      { label: 'scope', value: '/', source: 'resource-graph' },
      ...(standing === undefined ? [] : [{ label: 'assignment', value: standing.id, source: 'resource-graph' as const }]),
    ],
    fix: [
      {
        text: `Ask ${maker.full} what it was for. Elevation is meant for minutes: to take over a subscription that nobody can manage any more.`,
      },
      standing === undefined
        ? az.step(
            'List what stands at the root for this account, and delete User Access Administrator there by its id.',
            az.command('role assignment list', { assignee: holder || grant.caller, scope: '/' }),
          )
        : az.step('When that is done, take it back.', az.deleteAssignment(standing.id)),
    ],
    related: [...new Set([holder, standing?.id ?? ''])].filter((id) => id !== ''),
  };
}

/** By who elevated; where the log does not give an object id, by the moment. The first by id, should there be several. */
function assignmentOf({ access }: RuleInput, { at, callerObjectId }: MadeGrant): Assignment | undefined {
  const standing = access.assignments.broad.filter(({ scope, roleId, principalId: holder, createdAt }) => {
    if (scope !== '/' || roleId !== userAccessAdministrator) return false;
    if (callerObjectId !== '') return holder === principalId(callerObjectId);
    return createdAt !== undefined && Math.abs(Date.parse(createdAt) - Date.parse(at)) <= sameChangeMinutes * 60_000;
  });
  return standing.reduce<Assignment | undefined>((first, each) => (first === undefined || each.key < first.key ? each : first), undefined);
}
