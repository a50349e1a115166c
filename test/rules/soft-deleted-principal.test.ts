import { softDeletedPrincipal } from '../../src/rules/soft-deleted-principal.ts';
import { assign, blobDataReader, directory, estate, pid, principal, sub, userAssigned } from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const group = `${sub('prod')}/resourceGroups/rg-app`;
const app = userAssigned('app-id');
const held = assign(pid('binned'), blobDataReader, group);
const binned = directory({ deleted: [{ id: pid('binned'), deletedAt: '2026-11-10T08:00:00Z', displayName: 'app-id' }] });

ruleTable(softDeletedPrincipal, {
  fires: [
    {
      name: 'a principal in the recycle bin, with the date until which it may come back',
      estate: estate({ assignments: [held], directory: binned }),
      violations: [{ subject: held.id, severity: 'info', proof: 'soft-deleted', confidence: 'certain', scope: group }],
      says: ['2026-12-10 08:00 UTC', 'not an orphan', `directory/deletedItems/${pid('binned')}/restore`],
    },
    {
      name: 'its identity was made again: restoring the old principal would give it nothing',
      estate: estate({
        identities: [app],
        assignments: [held],
        directory: directory({
          found: [principal(app)],
          deleted: [{ id: pid('binned'), deletedAt: '2026-11-10T08:00:00Z', resourceId: app.resourceId }],
        }),
      }),
      violations: [{ proof: 'soft-deleted', related: [pid('binned'), app.principalId] }],
      says: ['restoring the old one gives it nothing', /^(?![\s\S]*az rest)/],
    },
    {
      name: 'a date that cannot be read is said to be unknown',
      estate: estate({ assignments: [held], directory: directory({ deleted: [{ id: pid('binned'), deletedAt: 'soon' }] }) }),
      violations: [{ proof: 'soft-deleted' }],
      says: ['an unknown date'],
    },
  ],
  silent: [
    {
      name: 'it came back and is in both places',
      estate: estate({
        identities: [app],
        assignments: [assign(app.principalId, blobDataReader, group)],
        directory: directory({ found: [principal(app)], deleted: [{ id: app.principalId, deletedAt: '2026-11-10T08:00:00Z' }] }),
      }),
    },
    { name: 'it is gone for good', estate: estate({ assignments: [held], directory: directory({ absent: [pid('binned')] }) }) },
    {
      name: 'somebody else is in the recycle bin',
      estate: estate({
        assignments: [held],
        directory: directory({ absent: [pid('binned')], deleted: [{ id: pid('other'), deletedAt: '2026-11-10T08:00:00Z' }] }),
      }),
    },
    { name: 'a foreign group', estate: estate({ assignments: [{ ...held, principalType: 'ForeignGroup' }], directory: binned }) },
  ],
  inconclusive: [
    {
      name: 'the recycle bin could not be read',
      estate: estate({
        assignments: [held],
        directory: binned,
        gaps: [{ slice: 'deletedPrincipals', scope: '/', state: 'missing', why: 'Microsoft Graph answered 403' }],
      }),
      because: /deletedPrincipals/,
    },
  ],
});
