import { levelOf, type AreaCount, type ResourceKey } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { areaCounts } from './census.ts';
import { indexOf } from './estate-index.ts';
import type { Rule, RuleInput } from './rule.ts';
import { scopeName } from './scope-name.ts';
import type { Fix, Violation } from './violation.ts';

export const assignmentLimitNear: Rule = {
  id: 'assignment-limit-near',
  title: 'Limit of role assignments nearly reached',
  why: [
    'A subscription takes 4,000 role assignments (2,000 in Azure Government and Azure China), counted over itself and everything below it; a management group takes 500 of its own. The limits cannot be raised. At the limit every',
    'deployment that grants a role to a new identity fails with RoleAssignmentLimitExceeded, mostly in the middle of a roll-out.',
  ].join('\n'),
  fix: 'Delete orphaned and redundant assignments first, then assign to groups, or at the resource group instead of at each resource.',
  severity: 'medium',
  confidence: 'certain',
  // A count of what was seen can only be too low: enough is enough, but fewer is no all-clear while anything is unseen.
  needs: { roleAssignments: 'anywhere', containers: 'hint' },
  controls: ['CIS 6.0.0 5.3.4', 'MCSB PA-3', 'NIST 800-53 r5 AC-2'],
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits',
    'https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-rbac-limits',
  ],
  *judge(input) {
    const { assignmentsPerSubscription, assignmentsPerManagementGroup, assignmentLimitShare } = input.settings;
    const isNear = (area: ResourceKey, count: number): boolean => count >= limitOf(area) * assignmentLimitShare;
    const limitOf = (area: ResourceKey): number =>
      levelOf(area) === 'subscription' ? assignmentsPerSubscription : assignmentsPerManagementGroup;
    for (const [area, counted] of areaCounts(input, isNear))
      if (isNear(area, counted.total)) yield violationOf(input, area, counted, limitOf(area));
  },
};

function violationOf({ estate }: RuleInput, area: ResourceKey, { total, onResources, spelled }: AreaCount, limit: number): Violation {
  const container = indexOf(estate).containerByKey.get(area);
  const id = container?.id ?? spelled;
  const name =
    container?.name && container.name.toLowerCase() !== area.slice(area.lastIndexOf('/') + 1)
      ? `${scopeName(id)} (${container.name})`
      : scopeName(id);
  const percent = Math.floor((total / limit) * 100);
  const left = Math.max(0, limit - total);
  const isSubscription = levelOf(area) === 'subscription';
  return {
    rule: assignmentLimitNear.id,
    subject: id,
    severity: percent >= 95 ? 'high' : 'medium',
    confidence: 'certain',
    scope: id,
    title: `${total} of ${limit} role assignments used in ${name}`,
    message: `${name} holds ${total} role assignments${isSubscription ? ', counting everything below it' : ''}: ${percent} % of Azure's limit of ${limit}, which cannot be raised. ${left === 0 ? 'No further assignment can be made' : `After ${left} more, every new assignment fails`}, deployments that grant roles included.`,
    evidence: [
      { label: 'assignments', value: String(total), source: 'resource-graph' },
      { label: 'limit', value: String(limit), source: 'resource-graph' },
      ...(isSubscription ? [{ label: 'on single resources', value: String(onResources), source: 'resource-graph' as const }] : []),
    ],
    fix: remedies(id, isSubscription),
    related: [],
  };
}

function remedies(id: string, isSubscription: boolean): readonly Fix[] {
  return [
    { text: 'Delete what does nothing: the findings orphaned-assignment and redundant-assignment of this scope carry the commands.' },
    az.step(
      'See what is assigned, and to whom most.',
      isSubscription
        ? az.command('role assignment list', { all: true, subscription: id.slice(id.lastIndexOf('/') + 1) })
        : az.command('role assignment list', { scope: id }),
    ),
    {
      text: isSubscription
        ? 'Replace many assignments of one role on single resources by one on their resource group, or assign to a group and put the identities in it.'
        : 'Assign to groups and put the identities in them, or assign at the subscriptions that need it.',
    },
  ];
}
