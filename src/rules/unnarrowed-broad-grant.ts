import type { Assignment } from '../estate/index.ts';
import { principalId } from '../estate/index.ts';
import type { Power } from '../access/index.ts';
import { escalationOf } from './grant-condition.ts';
import { grantEvidence, madeBy } from './grant-evidence.ts';
import { aspectOf, heldGrantNeeds, heldGrants, holds, lowered, reachOf, type HeldGrant } from './held-grant.ts';
import { narrow } from './narrower-grant.ts';
import { placeName } from './place-name.ts';
import { provenanceOf } from './provenance.ts';
import type { Rule, RuleInput } from './rule.ts';
import type { Violation } from './violation.ts';

const dayMs = 86_400_000;

export const unnarrowedBroadGrant: Rule = {
  id: 'unnarrowed-broad-grant',
  title: 'Broad grant that nobody narrowed in time',
  why: [
    'Broad grants are made to get something going and are meant to be narrowed afterwards. This rule speaks of time: a grant over a subscription or more that can change things, read secrets or data, or grant more,',
    'is older than `BROAD_GRANT_REVIEW_DAYS` and still as broad as on the day it was made. What such a grant can do is said by the rules on privileged roles, escalation and data. A condition that limits it to a list of',
    'roles or to certain data counts as narrowed.',
  ].join('\n'),
  fix: 'Decide: replace it by what the workload uses, or accept it with a reason and an end date.',
  severity: 'medium',
  confidence: 'certain',
  needs: heldGrantNeeds,
  controls: ['CIS 6.0.0 5.3.4', 'CIS 6.0.0 5.3.7', 'MCSB PA-3', 'MCSB PA-7', 'NIST 800-53 r5 AC-6(7)'],
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/best-practices#only-grant-the-access-users-need',
    'https://learn.microsoft.com/security/benchmark/azure/mcsb-v2-privileged-access',
  ],
  *judge(input) {
    for (const held of heldGrants(input, { role: isStrong, at: 'broad' })) {
      const age = ageDays(held.assignment, input.now);
      if ((age === undefined || age >= input.settings.broadGrantReviewDays) && !isNarrowed(input, held))
        yield violationOf(input, held, age);
    }
  },
};

const isStrong = (power: Power): boolean =>
  [power.broadWrite, power.escalation, power.dataRead, power.dataWrite, power.secretActions].some((each) => each.length > 0);

function ageDays({ createdAt }: Assignment, now: string): number | undefined {
  const age = createdAt === undefined ? Number.NaN : Math.floor((Date.parse(now) - Date.parse(createdAt)) / dayMs);
  return Number.isNaN(age) ? undefined : age;
}

/** Conditions that leave nothing of its breadth open. */
function isNarrowed(input: RuleInput, held: HeldGrant): boolean {
  const { power, assignment } = held;
  if (power.broadWrite.length > 0 || power.secretActions.length > 0 || escalationOf(input, held).open.length > 0) return false;
  return [...power.dataRead, ...power.dataWrite].every((action) => {
    const effect = input.access.effectOn(assignment, { action, data: true });
    return effect === undefined || effect.kind === 'attributes';
  });
}

function violationOf(input: RuleInput, held: HeldGrant, age: number | undefined): Violation {
  const { principal, assignment, role, power } = held;
  const provenance = provenanceOf(input, principalId(principal.id), assignment.scope);
  const severity = reachOf(assignment) === 'subscription' ? 'medium' : 'high';
  const old = age === undefined ? 'Azure does not say when it was made' : `It was made ${age} days ago`;
  return {
    rule: unnarrowedBroadGrant.id,
    subject: assignment.id,
    ...aspectOf(held),
    severity: provenance === undefined ? severity : lowered(severity, 2),
    confidence: age === undefined ? 'possible' : 'certain',
    principal,
    role: { id: role.id, name: role.name },
    scope: assignment.scopeId,
    title: `${role.name} of ${principal.name || principal.id} on ${placeName(input, assignment.scopeId)} ${age === undefined ? 'was never narrowed' : `was not narrowed in ${age} days`}`,
    message: [
      `${holds(input, held)}. ${old}${assignment.createdBy ? ` (${madeBy(input, held)})` : ''} and is as broad as ever; grants like it are to be narrowed or accepted within ${input.settings.broadGrantReviewDays} days.`,
      'Whether it is used is not known: an audit reads no activity logs.',
      ...(provenance === undefined ? [] : [`Lowered, because it is the ${provenance.text}.`]),
    ].join(' '),
    evidence: [
      ...grantEvidence(
        input,
        held,
        [...power.broadWrite, ...power.escalation, ...power.dataRead, ...power.dataWrite, ...power.secretActions],
        provenance,
      ),
      { label: 'age', value: age === undefined ? 'not known' : `${age} days`, source: 'resource-graph' },
      { label: 'use seen', value: 'not known: no logs were read for this', source: 'resource-graph' },
    ],
    fix: narrow(input, held),
    related: [principal.id, ...held.groups],
  };
}
