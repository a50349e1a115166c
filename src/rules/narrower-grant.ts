import { principalId, resourceKey, type PrincipalId, type ResourceKey } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { creatorsOf } from './census.ts';
import { indexOf } from './estate-index.ts';
import { grantStep } from './grant-step.ts';
import type { HeldGrant } from './held-grant.ts';
import { placeName } from './place-name.ts';
import type { RuleInput } from './rule.ts';
import { resourceGroupId, scopeName } from './scope-name.ts';
import type { Fix, PrincipalRef } from './violation.ts';

const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
const accessAdministrator = 'f58310d9-a9f6-439a-9e8d-f62e7b41a168';
const homesNamed = 3;

/** Replace a broad grant: the narrower grant first, as a step of its own, then the broad one away. In this order nothing breaks in between. */
export function narrow(input: RuleInput, held: HeldGrant): readonly Fix[] {
  return [
    {
      text: `Find out what it really does there: the activity log of ${placeName(input, held.assignment.scopeId)}, filtered by caller ${held.principal.id}, and the logs of the resources it reaches.`,
    },
    ...replacements(input, held),
    ...removal(held),
  ];
}

/** The broad grant itself is deleted at its own scope; through a group the membership goes, for the others' sake. */
export function removal({ principal, assignment, role, groups }: HeldGrant): readonly Fix[] {
  const [group] = groups;
  if (group === undefined)
    return [az.step(`Then delete ${role.name} at its own scope, ${assignment.scopeId}.`, az.deleteAssignment(assignment.id))];
  return [
    az.step(
      `Then take the identity out of group ${group}; the group keeps its grant for its other members.`,
      az.command('ad group member remove', { group, 'member-id': principal.id }),
    ),
  ];
}

function replacements(input: RuleInput, held: HeldGrant): readonly Fix[] {
  const { principal, assignment, power } = held;
  const homes = [...homesOf(input, principal)].filter(([key]) => key !== assignment.scope && input.access.within(key, assignment.scope));
  const principalType = typeOf(principal);
  const granted = power.escalation.length > 0 && !power.everything ? rolesGrantedBy(input, principalId(principal.id)) : undefined;
  if (granted?.length === 0) {
    return [{ text: 'No role assignment that stands today was made by it, so it may not need this right at all.' }];
  }
  if (homes.length === 0) {
    return [
      {
        text: `Nothing it runs on lies below ${placeName(input, assignment.scopeId)}, so where it works is not known here: make the narrower grant at the resources that those logs name.`,
      },
    ];
  }
  const wanted = smallerRole(held, granted);
  return homes.slice(0, homesNamed).map(([, home]) =>
    grantStep(
      `Make the narrower grant first: ${wanted.name} on ${scopeName(home)}, where it is at home. Smaller is better still: a data role on one resource.`,
      {
        principalId: principal.id,
        ...(principalType === undefined ? {} : { principalType }),
        roleId: wanted.id,
        scopeId: home,
        condition: granted === undefined ? assignment.condition : allowList(granted),
      },
    ),
  );
}

/** Owner becomes Contributor, the right to grant becomes a list of roles, anything else stays what it is at a smaller scope. */
function smallerRole({ role, power }: HeldGrant, granted: readonly string[] | undefined): { readonly id: string; readonly name: string } {
  if (granted !== undefined)
    return { id: accessAdministrator, name: 'Role Based Access Control Administrator, limited to the roles it hands out today,' };
  return power.everything ? { id: contributor, name: 'Contributor' } : { id: role.id, name: role.name };
}

const typeOf = ({ kind }: PrincipalRef): 'User' | 'Group' | undefined =>
  kind === 'user' ? 'User' : kind === 'group' ? 'Group' : undefined;

/** Resource groups of the hosts that use an identity, as Azure spells them, by key; its own where nothing uses it. */
function homesOf(input: RuleInput, principal: PrincipalRef): ReadonlyMap<ResourceKey, string> {
  let found = known.get(input);
  if (found === undefined) known.set(input, (found = new Map()));
  let homes = found.get(principal.id);
  if (homes === undefined) found.set(principal.id, (homes = findHomes(input, principal)));
  return homes;
}

/** Several rules tell of the same broad grant. */
const known = new WeakMap<RuleInput, Map<string, ReadonlyMap<ResourceKey, string>>>();

function findHomes(input: RuleInput, { id, resourceId }: PrincipalRef): ReadonlyMap<ResourceKey, string> {
  const homes = new Map<ResourceKey, string>();
  if (resourceId === '') return homes;
  const { hostsByAttached, identityByPrincipal } = indexOf(input.estate);
  const key = identityByPrincipal.get(principalId(id))?.key ?? resourceKey(resourceId);
  const places = hostsByAttached.get(key)?.map((host) => host.id) ?? [resourceId];
  for (const place of places) {
    const group = resourceGroupId(place);
    if (group !== undefined) homes.set(resourceKey(group), group);
  }
  return homes;
}

/** Roles that the principal has handed out in assignments that still stand, privileged ones left out. */
function rolesGrantedBy(input: RuleInput, creator: PrincipalId): readonly string[] {
  return (creatorsOf(input).get(creator)?.roles ?? []).filter((id) => {
    const power = input.access.powerOf(id);
    return power !== undefined && !power.everything && power.escalation.length === 0;
  });
}

/** The portal's own wording for "only these roles". https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples */
function allowList(roles: readonly string[]): string {
  const list = roles.join(', ');
  const only = (action: string, source: string): string =>
    `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${action}'})) OR (@${source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${list}}))`;
  return `${only('write', 'Request')} AND ${only('delete', 'Resource')}`;
}
