import type { ConditionEffect } from '../access/index.ts';
import { principalId } from '../estate/index.ts';
import { conditionSaid } from './grant-condition.ts';
import { grantConfidence, grantEvidence } from './grant-evidence.ts';
import { aspectOf, heldGrantNeeds, heldGrants, holds, lowered, reachOf, type HeldGrant } from './held-grant.ts';
import { narrow } from './narrower-grant.ts';
import { placeName } from './place-name.ts';
import { provenanceOf } from './provenance.ts';
import type { Rule, RuleInput } from './rule.ts';
import type { Severity, Violation } from './violation.ts';

export const dataAccessAtBroadScope: Rule = {
  id: 'data-access-at-broad-scope',
  title: 'Data of a whole subscription or more within reach',
  why: [
    'A data role at a subscription or above opens the secrets, keys, blobs, queues or messages of every resource there, of all applications, and of those that will be made tomorrow. An application uses a handful of',
    'them. Data access leaves no trace in the activity log, so a leak through such a grant is noticed late. Roles are judged by their data actions: Key Vault Reader (names only), metrics and log tables do not count, and Owner or',
    'Contributor have no data action at all.',
  ].join('\n'),
  fix: 'Grant the same data role on the resources that the workload uses, then delete the broad assignment.',
  severity: 'high',
  confidence: 'certain',
  needs: heldGrantNeeds,
  controls: ['CIS 6.0.0 5.3.4', 'CIS 6.0.0 5.3.7', 'MCSB PA-7', 'NIST 800-53 r5 AC-6', 'NIST 800-53 r5 AC-3'],
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/role-definitions#control-and-data-actions',
    'https://learn.microsoft.com/azure/key-vault/general/rbac-guide#best-practices-for-individual-keys-secrets-and-certificates-role-assignments',
    'https://learn.microsoft.com/azure/storage/blobs/assign-azure-role-data-access#assign-an-azure-role',
  ],
  *judge(input) {
    for (const held of heldGrants(input, { role: (power) => power.dataRead.length + power.dataWrite.length > 0, at: 'broad' })) {
      const patterns = [...new Set([...held.power.dataRead, ...held.power.dataWrite])];
      const effects = patterns.flatMap((action) => input.access.effectOn(held.assignment, { action, data: true }) ?? []);
      yield violationOf(input, held, patterns, effects);
    }
  },
};

function violationOf(input: RuleInput, held: HeldGrant, patterns: readonly string[], effects: readonly ConditionEffect[]): Violation {
  const { principal, assignment, role, power } = held;
  const provenance = provenanceOf(input, principalId(principal.id), assignment.scope);
  // Only a condition on every one of its data actions narrows the grant.
  const isNarrowed = effects.length > 0 && effects.every(({ kind }) => kind === 'attributes');
  return {
    rule: dataAccessAtBroadScope.id,
    subject: assignment.id,
    ...aspectOf(held),
    severity: lowered(severityOf(held, patterns), (provenance === undefined ? 0 : 2) + (isNarrowed ? 1 : 0)),
    confidence: grantConfidence(held, effects),
    principal,
    role: { id: role.id, name: role.name },
    scope: assignment.scopeId,
    title: `${principal.name || principal.id} may ${verbOf(power)} data everywhere in ${placeName(input, assignment.scopeId)}`,
    message: [
      `${holds(input, held)}. It may ${verbOf(power)} data of every resource of its kind there (${patterns.slice(0, patternsNamed).join(', ')}${patterns.length > patternsNamed ? ', …' : ''}), not only the ones its application uses.`,
      conditionSaid(effects),
      ...(provenance === undefined ? [] : [`Lowered, because it is the ${provenance.text}.`]),
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
    evidence: grantEvidence(input, held, patterns, provenance),
    fix: narrow(input, held),
    related: [principal.id, ...held.groups],
  };
}

const patternsNamed = 3;

const verbOf = ({ dataRead, dataWrite }: HeldGrant['power']): string =>
  dataWrite.length === 0 ? 'read' : dataRead.length === 0 ? 'write' : 'read and write';

/** Secrets and keys, and anything that can be overwritten, weigh more than reading; above subscriptions everything weighs more. */
function severityOf({ assignment, power }: HeldGrant, patterns: readonly string[]): Severity {
  const grave =
    power.dataWrite.length > 0 || patterns.some((pattern) => pattern.startsWith('*') || /^microsoft\.keyvault\//i.test(pattern));
  if (reachOf(assignment) === 'subscription') return grave ? 'high' : 'medium';
  return grave ? 'critical' : 'high';
}
