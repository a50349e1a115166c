import { escalationOf, conditionSaid } from './grant-condition.ts';
import { grantConfidence, grantEvidence } from './grant-evidence.ts';
import { aspectOf, heldGrantNeeds, heldGrants, holds, lowered, reachOf, type HeldGrant } from './held-grant.ts';
import { narrow } from './narrower-grant.ts';
import { placeName } from './place-name.ts';
import { provenanceOf } from './provenance.ts';
import { principalId } from '../estate/index.ts';
import type { Rule, RuleInput } from './rule.ts';
import type { Severity, Violation } from './violation.ts';

export const privilegedRoleAtBroadScope: Rule = {
  id: 'privileged-role-at-broad-scope',
  title: 'Control over everything in a subscription or above',
  why: [
    'A workload that may change everything in a subscription, a management group or the whole tenant makes every flaw of that workload a flaw of all of it: whoever runs code on its',
    'host has the same control, without a password and without a sign-in prompt. The role is judged by what it allows (`*`, `*/write`, a whole provider such as Authorization,',
    'Compute or Key Vault), never by its name, so custom roles count. That such a role can also grant itself more is said by `escalation-capable-role`; here it only raises the severity.',
    'Known senders such as the identity of an Azure Policy assignment, within the scope of that policy, are lowered and named, not hidden.',
  ].join('\n'),
  fix: 'Grant the role that fits on the resource group or resource where the workload lives, then delete the broad assignment.',
  severity: 'high',
  confidence: 'certain',
  needs: heldGrantNeeds,
  controls: [
    'CIS 6.0.0 5.3.3',
    'CIS 6.0.0 5.3.4',
    'CIS 6.0.0 5.4',
    'CIS 6.0.0 5.7',
    'MCSB PA-1',
    'MCSB PA-7',
    'NIST 800-53 r5 AC-6',
    'NIST 800-53 r5 AC-6(5)',
  ],
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/best-practices',
    'https://learn.microsoft.com/azure/role-based-access-control/role-assignments-steps#privileged-administrator-roles',
    'https://learn.microsoft.com/security/benchmark/azure/mcsb-v2-privileged-access',
  ],
  *judge(input) {
    for (const held of heldGrants(input, { role: (power) => power.broadWrite.length > 0, at: 'broad' })) yield violationOf(input, held);
  },
};

function violationOf(input: RuleInput, held: HeldGrant): Violation {
  const { principal, assignment, role, power } = held;
  const { open, effects } = escalationOf(input, held);
  const provenance = provenanceOf(input, principalId(principal.id), assignment.scope);
  const severity = severityOf(held, open.length > 0);
  return {
    rule: privilegedRoleAtBroadScope.id,
    subject: assignment.id,
    ...aspectOf(held),
    severity: provenance === undefined ? severity : lowered(severity, 2),
    confidence: grantConfidence(held, effects),
    principal,
    role: { id: role.id, name: role.name },
    scope: assignment.scopeId,
    title: `${principal.name || principal.id} may change ${power.everything ? 'everything' : 'whole providers'} in ${placeName(input, assignment.scopeId)}`,
    message: [
      `${holds(input, held)}. It allows ${power.everything ? 'every control-plane operation but those its role leaves out' : `all of ${power.broadWrite.join(', ')}`}, on every resource there and every one to come.`,
      conditionSaid(effects),
      ...(provenance === undefined ? [] : [`Lowered, because it is the ${provenance.text}.`]),
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
    evidence: grantEvidence(input, held, power.broadWrite, provenance),
    fix: narrow(input, held),
    related: [principal.id, ...held.groups],
  };
}

/** Reach × power. One provider at one subscription is the mildest; control with the right to grant above subscriptions the worst. */
function severityOf({ assignment, power }: HeldGrant, escalates: boolean): Severity {
  const strength = escalates ? 'escalation' : power.everything ? 'everything' : 'providers';
  const reach = reachOf(assignment);
  if (reach === 'root') return { escalation: 'critical', everything: 'critical', providers: 'high' }[strength] as Severity;
  if (reach === 'managementGroup') return { escalation: 'critical', everything: 'high', providers: 'high' }[strength] as Severity;
  return { escalation: 'high', everything: 'high', providers: 'medium' }[strength] as Severity;
}
