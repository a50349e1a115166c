import { array, assert, boolean, constantFrom, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openAccess, type Answer } from '../../src/access/index.ts';
import { resourceKey, type Assignment, type DenyAssignment } from '../../src/estate/index.ts';
import {
  assign,
  blobDataReader,
  contributor,
  estate,
  managementGroup,
  mg,
  owner,
  pid,
  reader,
  sub,
  subscription,
} from '../build/estate.ts';

const principals = ['app', 'team', 'all', 'other'].map(pid);
const scopes = [
  '/',
  mg('tenant'),
  sub('prod'),
  `${sub('prod')}/resourceGroups/rg`,
  `${sub('prod')}/resourceGroups/rg-b`,
  `${sub('prod')}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st`,
];
const operations = [
  { action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read', data: true },
  { action: 'Microsoft.Storage/storageAccounts/write', data: false },
  { action: 'Microsoft.Authorization/roleAssignments/write', data: false },
];
const assignment = record({
  principal: constantFrom(...principals),
  role: constantFrom(owner, contributor, reader, blobDataReader),
  scope: constantFrom(...scopes),
}).map(({ principal, role, scope }) => assign(principal, role, scope));
const question = record({
  principal: constantFrom(...principals),
  operation: constantFrom(...operations),
  on: constantFrom(...scopes),
}).map(({ principal, operation, on }) => ({ principal, ...operation, on: resourceKey(on) }));
const memberships = array(record({ member: constantFrom(...principals), group: constantFrom(...principals) }), { maxLength: 3 }).map(
  (pairs) =>
    new Map(
      Object.entries(Object.groupBy(pairs, ({ member }) => member)).map(([member, groups]) => [
        member as (typeof principals)[0],
        (groups ?? []).map(({ group }) => group),
      ]),
    ),
);

const world = (
  assignments: readonly Assignment[],
  members: Awaited<ReturnType<typeof estate>>['memberships'],
  denyAssignments: readonly DenyAssignment[] = [],
) =>
  openAccess(
    estate({
      containers: [managementGroup('tenant'), subscription('prod', mg('tenant'))],
      assignments,
      memberships: members,
      denyAssignments,
    }),
  );
const yes = ({ verdict }: Answer): boolean => verdict === 'allowed';

describe('the evaluator', () => {
  it('never loses an allow by one more assignment', () => {
    assert(
      property(array(assignment, { maxLength: 5 }), assignment, memberships, question, (some, one, members, asked) => {
        expect(!yes(world(some, members).may(asked)) || yes(world([...some, one], members).may(asked))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('does not care about the order of rows', () => {
    assert(
      property(array(assignment, { maxLength: 5 }), memberships, question, (some, members, asked) => {
        expect(world(some.toReversed(), members).may(asked).verdict).toBe(world(some, members).may(asked).verdict);
      }),
      { numRuns: 300 },
    );
  });

  it('allows below what it allows above', () => {
    const deeper = `${scopes.at(-1)}/blobServices/default`;
    assert(
      property(array(assignment, { maxLength: 5 }), memberships, question, (some, members, asked) => {
        const access = world(some, members);
        const below = scopes.map(resourceKey).filter((scope) => access.within(scope, asked.on));
        const kept = [...below, ...(access.within(resourceKey(deeper), asked.on) ? [resourceKey(deeper)] : [])].every((on) =>
          yes(access.may({ ...asked, on })),
        );
        expect(!yes(access.may(asked)) || kept).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('lets a deny assignment win, whatever allows', () => {
    assert(
      property(array(assignment, { maxLength: 5 }), memberships, question, boolean(), (some, members, asked, everyone) => {
        const deny: DenyAssignment = {
          id: '/d',
          name: 'd',
          scope: asked.on,
          scopeId: asked.on,
          blocks: [{ actions: ['*'], notActions: [], dataActions: ['*'], notDataActions: [] }],
          principals: [everyone ? ('00000000-0000-0000-0000-000000000000' as typeof asked.principal) : asked.principal],
          excludePrincipals: [],
          doNotApplyToChildScopes: false,
        };
        expect(world(some, members, [deny]).may(asked).verdict).toBe('denied');
      }),
      { numRuns: 300 },
    );
  });
});
