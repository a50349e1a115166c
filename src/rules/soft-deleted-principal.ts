import { moment, type PrincipalId } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { standingOf } from './orphan-proof.ts';
import { placeName } from './place-name.ts';
import { nameOf, principalRef } from './principal-ref.ts';
import type { Rule } from './rule.ts';
import { successionsOf, type Succession } from './successor.ts';
import type { Fix } from './violation.ts';

/** Microsoft Entra ID keeps deleted objects for 30 days (learn.microsoft.com/entra/architecture/recover-from-deletions). */
const restorableDays = 30;

export const softDeletedPrincipal: Rule = {
  id: 'soft-deleted-principal',
  title: 'Role assignment of a principal in the recycle bin',
  why: [
    'A principal in the directory’s recycle bin can be restored for 30 days, and then its role assignments work again as if nothing had happened. Removing them now would break the restored',
    'workload: that is how a cleaner once took the roles of identities that came back. So this is for your information, with the date until which it may come back.',
  ].join('\n'),
  fix: 'Decide whether the principal is coming back. If it is, restore it before the date. If it is not, leave the assignment until the date has passed: `orphaned-assignment` will name it then.',
  severity: 'info',
  confidence: 'certain',
  needs: {
    roleAssignments: 'each',
    principals: 'each',
    deletedPrincipals: 'each',
    identities: 'hint',
    hosts: 'hint',
    roleDefinitions: 'hint',
    containers: 'hint',
  },
  controls: ['MCSB PA-3', 'NIST 800-53 r5 AC-2(3)'],
  references: [
    'https://learn.microsoft.com/graph/api/directory-deleteditems-list',
    'https://learn.microsoft.com/entra/architecture/recover-from-deletions',
    'https://github.com/Azure/ARO-HCP/pull/6762',
  ],
  *judge(input) {
    const { estate } = input;
    if (estate.directory.deleted.size === 0) return;
    for (const assignment of estate.assignments) {
      const deleted = estate.directory.deleted.get(assignment.principalId);
      if (deleted === undefined || standingOf(input, assignment) !== 'soft-deleted') continue;
      const principal = principalRef(input, assignment.principalId);
      const successor = successionsOf(input).get(assignment.principalId);
      const role = input.access.roleOf(assignment.roleId);
      const until = new Date(Date.parse(deleted.deletedAt) + restorableDays * 86_400_000);
      const restorableUntil = Number.isNaN(until.getTime()) ? 'an unknown date' : until.toISOString();
      yield {
        rule: softDeletedPrincipal.id,
        subject: assignment.id,
        severity: 'info',
        confidence: 'certain',
        principal,
        proof: 'soft-deleted',
        role: { id: assignment.roleId, name: role?.name ?? '' },
        scope: assignment.scopeId,
        title: `${role?.name ?? 'A role'} at ${placeName(input, assignment.scopeId)} belongs to a principal in the recycle bin`,
        message: `${nameOf(principal)} was deleted at ${moment(deleted.deletedAt)} and can be restored until ${moment(restorableUntil)}. Its assignment would work again from that moment: it is not an orphan.`,
        evidence: [
          { label: 'deleted at', value: deleted.deletedAt, source: 'graph' },
          { label: 'restorable until', value: restorableUntil, source: 'graph' },
        ],
        fix: [successor === undefined ? restore(assignment.principalId) : leave(successor)],
        related: [assignment.principalId, ...(successor === undefined ? [] : [successor.identity.principalId])],
      };
    }
  },
};

const restore = (id: PrincipalId): Fix =>
  az.step(
    'If it should live, restore it before that date. If it should not, leave the assignment alone until then.',
    az.command('rest', { method: 'post', url: `https://graph.microsoft.com/v1.0/directory/deletedItems/${id}/restore` }),
  );

const leave = ({ identity }: Succession): Fix => ({
  text: `${identity.name} was made again and has the principal ${identity.principalId} now: restoring the old one gives it nothing. Make the grants that it lacks (recreated-identity names them), and leave this one until the date has passed.`,
});
