import { redundantAssignment } from '../../src/rules/redundant-assignment.ts';
import {
  assign,
  blobDataReader,
  contributor,
  estate,
  guid,
  managementGroup,
  mg,
  owner,
  pid,
  reader,
  role,
  sub,
  subscription,
  userAssigned,
  builtIns,
} from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const group = `${sub('prod')}/resourceGroups/rg-app`;
const storage = `${group}/providers/Microsoft.Storage/storageAccounts/app`;
const world = { identities: [app], containers: [managementGroup('corp'), subscription('prod', mg('corp'))] };
const held = (...assignments: [id: string, scope: string, more?: Parameters<typeof assign>[3]][]) =>
  estate({ ...world, assignments: assignments.map(([id, scope, more = {}]) => assign(app.principalId, id, scope, more)) });
const idOf = (id: string, scope: string): string => assign(app.principalId, id, scope).id;
const twin = role(guid('twin'), 'Reader by another name', { actions: ['*/read'] }, { custom: true });
const twins = [assign(app.principalId, reader, group), assign(app.principalId, twin.id, group)];

ruleTable(redundantAssignment, {
  fires: [
    {
      name: 'the same role above',
      estate: held([reader, sub('prod')], [reader, group]),
      violations: [
        {
          subject: idOf(reader, group),
          severity: 'low',
          confidence: 'certain',
          scope: group,
          related: [app.principalId, idOf(reader, sub('prod'))],
        },
      ],
      says: ['keep this assignment and remove the other one', 'az role assignment delete'],
    },
    {
      name: 'a wider role above',
      estate: held([contributor, mg('corp')], [reader, storage]),
      violations: [{ subject: idOf(reader, storage) }],
    },
    {
      name: 'a wider role at the same scope',
      estate: held([contributor, group], [reader, group]),
      violations: [{ subject: idOf(reader, group) }],
    },
    {
      name: 'one of two that are alike, and only one',
      estate: estate({ ...world, roles: [...builtIns, twin], assignments: twins }),
      violations: [{ subject: twins.map(({ id }) => id).toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))[1]! }],
    },
    {
      name: 'the same two in the other order',
      estate: estate({ ...world, roles: [...builtIns, twin], assignments: twins.toReversed() }),
      violations: [{ subject: twins.map(({ id }) => id).toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))[1]! }],
    },
    {
      name: 'conditioned below an unconditioned one',
      estate: held([blobDataReader, group], [blobDataReader, storage, { condition: 'x' }]),
      violations: [{ subject: idOf(blobDataReader, storage) }],
    },
    {
      name: 'what a group gives already',
      estate: estate({
        ...world,
        memberships: new Map([[app.principalId, [pid('team')]]]),
        assignments: [assign(pid('team'), contributor, sub('prod')), assign(app.principalId, reader, group)],
      }),
      violations: [{ subject: idOf(reader, group), confidence: 'likely' }],
      says: [`through group ${pid('team')}`],
    },
    {
      name: 'one among many',
      estate: held(
        [contributor, mg('corp')],
        ...Array.from({ length: 40 }, (_, at): [string, string] => [blobDataReader, `${group}-${at}`]),
        [reader, storage],
      ),
      violations: [{ subject: idOf(reader, storage) }],
    },
    { name: 'two below one', estate: held([contributor, sub('prod')], [reader, group], [reader, storage]), violations: [{}, {}] },
  ],
  silent: [
    { name: 'a data role under Owner', estate: held([owner, sub('prod')], [blobDataReader, storage]) },
    { name: 'a wider role below', estate: held([reader, sub('prod')], [contributor, group]) },
    { name: 'a group whose name only begins like it', estate: held([reader, group], [reader, `${group}-prod`]) },
    { name: 'a sibling', estate: held([reader, `${sub('prod')}/resourceGroups/rg-b`], [reader, group]) },
    { name: 'another subscription', estate: held([reader, sub('test')], [reader, group]) },
    { name: 'a management group that is not above', estate: held([reader, mg('other')], [reader, group]) },
    { name: 'above under a condition', estate: held([blobDataReader, group, { condition: 'x' }], [blobDataReader, storage]) },
    {
      name: 'above, held by somebody else',
      estate: estate({ ...world, assignments: [assign(pid('other'), owner, sub('prod')), assign(app.principalId, reader, group)] }),
    },
    { name: 'above, of a role nobody can read', estate: held([guid('hidden'), sub('prod')], [reader, group]) },
    { name: 'the same row twice', estate: held([reader, group], [reader, group]) },
    {
      name: 'a person',
      estate: estate({ ...world, assignments: [assign(pid('person'), reader, sub('prod')), assign(pid('person'), reader, group)] }),
    },
    {
      name: 'a group of which nobody is judged',
      estate: estate({
        ...world,
        memberships: new Map([[pid('person'), [pid('team')]]]),
        assignments: [assign(pid('team'), contributor, sub('prod')), assign(pid('person'), reader, group)],
      }),
    },
  ],
});
