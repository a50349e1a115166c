import { principalId } from '../estate/index.ts';
import { conditionSaid, escalationOf, escalatesAtOnce, type Escalation } from './grant-condition.ts';
import { grantConfidence, grantEvidence } from './grant-evidence.ts';
import { aspectOf, heldGrantNeeds, heldGrants, holds, lowered, reachOf, type HeldGrant } from './held-grant.ts';
import { narrow } from './narrower-grant.ts';
import { placeName } from './place-name.ts';
import { provenanceOf } from './provenance.ts';
import type { Rule, RuleInput } from './rule.ts';
import type { Severity, Violation } from './violation.ts';

export const escalationCapableRole: Rule = {
  id: 'escalation-capable-role',
  title: 'Identity that may grant itself more',
  why: [
    'Who may write role assignments or role definitions, elevate access, lift deny assignments, or have policies deploy on its behalf can give itself any right in that scope, data included. What the',
    'role allows today is then not the limit of what the workload can do. This is judged at any scope, by evaluated permissions. At a subscription or above `privileged-role-at-broad-scope` may report the',
    'same assignment: it speaks of what can be changed there now, this rule of what can be taken.',
    'A condition with a list of the only roles it may hand out lowers this, if none of them is powerful itself; a condition that lists the roles it may *not* hand out does not: every other role, and every custom one, is left.',
  ].join('\n'),
  fix: 'Take the right to grant away. Where the workload must hand out roles, give it Role Based Access Control Administrator with a condition that lists the only roles it may grant.',
  severity: 'high',
  confidence: 'certain',
  needs: heldGrantNeeds,
  controls: ['CIS 6.0.0 5.3.3', 'CIS 6.0.0 5.3.4', 'MCSB PA-1', 'MCSB PA-7', 'NIST 800-53 r5 AC-6', 'NIST 800-53 r5 AC-6(5)'],
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-overview',
    'https://learn.microsoft.com/azure/role-based-access-control/elevate-access-global-admin',
    'https://learn.microsoft.com/azure/governance/policy/how-to/remediate-resources',
  ],
  *judge(input) {
    for (const held of heldGrants(input, { role: (power) => power.escalation.length > 0 })) {
      const escalation = escalationOf(input, held);
      if (escalation.open.length + escalation.narrowed.length > 0) yield violationOf(input, held, escalation);
    }
  },
};

function violationOf(input: RuleInput, held: HeldGrant, escalation: Escalation): Violation {
  const { principal, assignment, role } = held;
  const operations = [...escalation.open, ...escalation.narrowed];
  const provenance = provenanceOf(input, principalId(principal.id), assignment.scope);
  const severity = severityOf(held, escalation);
  return {
    rule: escalationCapableRole.id,
    subject: assignment.id,
    ...aspectOf(held),
    severity: provenance === undefined ? severity : lowered(severity, 2),
    confidence: grantConfidence(held, escalation.effects),
    principal,
    role: { id: role.id, name: role.name },
    scope: assignment.scopeId,
    title: `${principal.name || principal.id} may ${escalation.open.length > 0 ? 'grant itself more' : 'hand out listed roles'} in ${placeName(input, assignment.scopeId)}`,
    message: [
      `${holds(input, held)}.`,
      escalation.open.length > 0
        ? `With ${escalation.open.slice(0, operationsNamed).join(', ')}${escalation.open.length > operationsNamed ? ` and ${escalation.open.length - operationsNamed} more` : ''} it can give itself, or anybody, rights in that scope that nobody gave it.`
        : 'It may hand out roles there, and only roles from a list without power of their own.',
      conditionSaid(escalation.effects),
      ...(provenance === undefined ? [] : [`Lowered, because it is the ${provenance.text}.`]),
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
    evidence: grantEvidence(input, held, operations, provenance),
    fix: narrow(input, held),
    related: [principal.id, ...held.groups],
  };
}

const operationsNamed = 3;

function severityOf({ assignment }: HeldGrant, { open, narrowed }: Escalation): Severity {
  const full = { root: 'critical', managementGroup: 'critical', subscription: 'high', resourceGroup: 'medium', resource: 'low' } as const;
  const severity = full[reachOf(assignment)];
  if (open.length === 0) return lowered(severity, 2);
  // By a detour only, or the straight way narrowed and another one left.
  return escalatesAtOnce(open) && narrowed.length === 0 ? severity : lowered(severity, 1);
}
