import { assignmentLimitNear } from '../../src/rules/assignment-limit-near.ts';
import { assign, estate, managementGroup, mg, pid, reader, resourceGroup, sub, subscription } from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const world = {
  containers: [managementGroup('corp'), subscription('prod', mg('corp')), subscription('test'), resourceGroup('prod', 'rg-app')],
};
const many = (count: number, scope: string, prefix = 'p') =>
  Array.from({ length: count }, (_, at) => assign(pid(`${prefix}${at}`), reader, scope));
const settings = { assignmentsPerSubscription: 10, assignmentsPerManagementGroup: 5 };

ruleTable(assignmentLimitNear, {
  fires: [
    {
      name: 'a subscription counts what is below it, for any principal',
      estate: estate({
        ...world,
        assignments: [
          ...many(3, sub('prod')),
          ...many(3, `${sub('prod')}/resourceGroups/rg-app`),
          ...many(2, `${sub('prod')}/resourceGroups/rg-app/providers/Microsoft.Web/sites/app`),
        ],
      }),
      settings,
      violations: [{ subject: sub('prod'), scope: sub('prod'), severity: 'medium' }],
      says: ['8 role assignments', '80 %', 'After 2 more', 'az role assignment list --all --subscription'],
    },
    {
      name: 'a management group counts its own',
      estate: estate({ ...world, assignments: many(4, mg('corp')) }),
      settings,
      violations: [{ subject: mg('corp') }],
      says: ['4 of 5'],
    },
    {
      name: 'nearly full weighs more',
      estate: estate({ ...world, assignments: many(10, sub('prod')) }),
      settings,
      violations: [{ severity: 'high' }],
      says: ['No further assignment can be made'],
    },
    {
      name: 'in Azure’s own numbers',
      estate: estate({ ...world, assignments: many(3200, sub('prod')) }),
      violations: [{ subject: sub('prod') }],
      says: ['3200 of 4000'],
    },
    {
      name: 'a subscription without a row of its own keeps its id',
      estate: estate({ containers: [], assignments: many(8, `${sub('lost')}/resourceGroups/rg-app`) }),
      settings,
      violations: [{ subject: sub('lost') }],
    },
    {
      name: 'enough is enough although more is unseen',
      estate: estate({
        ...world,
        assignments: many(8, sub('prod')),
        gaps: [{ slice: 'roleAssignments', scope: sub('prod'), state: 'partial', why: 'denied' }],
      }),
      settings,
      violations: [{}],
    },
  ],
  silent: [
    { name: 'one fewer', estate: estate({ ...world, assignments: many(7, sub('prod')) }), settings },
    {
      name: 'two subscriptions together',
      estate: estate({ ...world, assignments: [...many(5, sub('prod')), ...many(5, sub('test'))] }),
      settings,
    },
    {
      name: 'a management group does not count its subscriptions',
      estate: estate({ ...world, assignments: [...many(3, mg('corp')), ...many(7, sub('prod'))] }),
      settings,
    },
    {
      name: 'the same rows twice',
      estate: estate({ ...world, assignments: [...many(5, sub('prod')), ...many(5, sub('prod'))] }),
      settings,
    },
    { name: 'the root', estate: estate({ ...world, assignments: many(20, '/') }), settings },
    { name: 'nothing at all', estate: estate({ ...world }), settings },
  ],
});
