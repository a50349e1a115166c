import type { Grant, Power } from '../access/index.ts';
import { principalId } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { graphPermissions } from './directory-powers.ts';
import { principalRef } from './principal-ref.ts';
import type { Rule } from './rule.ts';
import { scopeName } from './scope-name.ts';
import type { PrincipalRef, Severity, Violation } from './violation.ts';

export const auditorOverreach: Rule = {
  id: 'auditor-overreach',
  title: 'The auditor holds more than it needs',
  why: [
    'An auditor sees the whole tenant, which makes its identity worth stealing. It needs reads, the queries of logs, and data roles on its own storage account and key vault; whatever it holds beyond is power that whoever takes over the function app inherits.',
    'The same evaluator that judges everybody judges it. Nothing is said where a person runs the audit: what that person holds is not the auditor’s.',
  ].join('\n'),
  fix: 'Replace the role by the custom role of `infra/reader.managementGroup.bicep`, or narrow the assignment to the one resource that needs it.',
  severity: 'high',
  confidence: 'certain',
  needs: {
    roleAssignments: 'each',
    roleDefinitions: 'each',
    groupMembers: 'kept',
    appRoleGrants: 'kept',
    identities: 'hint',
    containers: 'hint',
    principals: 'hint',
    deletedPrincipals: 'hint',
  },
  controls: ['CIS 6.0.0 5.3.7', 'MCSB PA-7', 'NIST 800-53 r5 AC-6'],
  references: ['https://learn.microsoft.com/azure/role-based-access-control/best-practices'],
  *judge(input) {
    if (input.estate.auditorPrincipalId === undefined) return;
    const id = principalId(input.estate.auditorPrincipalId);
    const auditor = principalRef(input, id);
    if (auditor.kind !== 'system-assigned' && auditor.kind !== 'user-assigned' && auditor.kind !== 'application') return;
    for (const grant of input.access.grantsOf(id)) {
      const power = input.access.powerOf(grant.assignment.roleId);
      if (power === undefined) continue;
      const excess = excessOf(power, isOneResource(grant.assignment.scope));
      if (excess.length > 0) yield tooMuch(auditor, grant, power, excess);
    }
    for (const { principalId: holder, appRoleId } of input.estate.appRoleGrants) {
      const power = holder === id ? graphPermissions.get(appRoleId.toLowerCase()) : undefined;
      if (power !== undefined)
        yield {
          rule: auditorOverreach.id,
          subject: auditor.id,
          aspect: appRoleId.toLowerCase(),
          severity: power.severity,
          confidence: 'certain',
          principal: auditor,
          role: { id: appRoleId, name: power.name },
          scope: auditor.resourceId || '/',
          title: `The auditor holds ${power.name}`,
          message: `The auditor runs as ${auditor.name || auditor.id}, which holds the application permission ${power.name}: whoever takes over its host ${power.can}. The auditor only reads.`,
          evidence: [{ label: 'application permission', value: `${power.name} (${appRoleId})`, source: 'graph' }],
          fix: [{ text: 'Take it away; docs/permissions.md lists the five that the auditor uses, all of them reads.' }],
          related: [],
        };
    }
  },
};

/** What it allows beyond reading. On one resource, data is fine (its own tables, queues and secrets); managing that resource is not. */
function excessOf(power: Power, oneResource: boolean): readonly string[] {
  const control = power.everything
    ? ['*']
    : [...power.broadWrite, ...power.escalation, ...power.secretActions, ...power.attach, ...(power.readOnly ? [] : power.wildcards)];
  const data = oneResource ? [] : [...power.dataRead, ...power.dataWrite];
  return [...new Set([...control, ...data])];
}

/** `…/providers/namespace/type/name`, and not a management group, whose id is spelled alike. */
const isOneResource = (scope: string): boolean =>
  scope.startsWith('/subscriptions/') && scope.includes('/providers/') && !scope.includes('/providers/microsoft.management/');

function tooMuch(auditor: PrincipalRef, { assignment, role, groups }: Grant, power: Power, excess: readonly string[]): Violation {
  const severity: Severity = power.escalation.length > 0 && !isOneResource(assignment.scope) ? 'critical' : 'high';
  const name = role?.name ?? assignment.roleId;
  return {
    rule: auditorOverreach.id,
    subject: assignment.id,
    severity,
    confidence: 'certain',
    principal: auditor,
    role: { id: assignment.roleId, name },
    scope: assignment.scopeId,
    title: `The auditor holds ${name} at ${scopeName(assignment.scopeId)}`,
    message: `The auditor runs as ${auditor.name || auditor.id}, which holds ${name} at ${scopeName(assignment.scopeId)}${groups.length === 0 ? '' : ' through a group'}. It needs to read; this allows more.`,
    evidence: [
      { label: 'assignment', value: assignment.id, source: 'resource-graph' },
      { label: 'beyond reading', value: named(excess), source: 'resource-graph' },
    ],
    fix: [
      {
        text: 'Grant the custom role of infra/reader.managementGroup.bicep (or reader.subscription.bicep), which names exactly the reads it makes.',
      },
      groups.length === 0
        ? az.step('Then delete this assignment.', az.deleteAssignment(assignment.id))
        : { text: 'Then take the auditor out of the group.' },
    ],
    related: [auditor.id],
  };
}

const namedMax = 8;
const named = (patterns: readonly string[]): string =>
  patterns.length <= namedMax ? patterns.join(', ') : `${patterns.slice(0, namedMax).join(', ')} and ${patterns.length - namedMax} more`;
