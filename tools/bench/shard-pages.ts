import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { builtInRoles } from '../../src/access/index.ts';
import {
  clientId,
  principalId,
  resourceKey,
  roleId,
  type Assignment,
  type Container,
  type FederatedCredential,
  type Host,
  type Identity,
  type Principal,
  type PrincipalId,
  type ResourceKey,
} from '../../src/estate/index.ts';
import { authorizationRows } from '../../src/sandbox/generate/size/grant-rows.ts';
import { groupMemberRows, groupRows } from '../../src/sandbox/generate/size/directory-rows.ts';
import { hostKinds } from '../../src/sandbox/generate/host-kinds.ts';
import type { ManagedIdentity } from '../../src/sandbox/generate/rows/identity.ts';
import { planTenant, type TenantPlan } from '../../src/sandbox/generate/size/tenant-plan.ts';
import type { TenantSize } from '../../src/sandbox/generate/index.ts';
import { resourceKinds, type Facts, type Row, type Rows } from '../../src/shards/index.ts';
import type { Memory, RememberedIdentity } from '../../src/rules/index.ts';
import { itemsOfPage, pageMaker } from '../../src/store/page-text.ts';

export const benchNow = '2026-11-20T08:00:00Z';
const createdAt = '2025-10-16T08:00:00Z';

/** A sized tenant as checkpoint pages on disk, straight from the generator: no wire, and nothing kept in memory but one page. */
export async function writePages(dir: string, size: TenantSize): Promise<void> {
  const plan = planTenant(size);
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'size.json'), JSON.stringify(size));
  await writeList(dir, 'assignments', assignmentsOf(plan));
  await writeList(dir, 'resources', resourcesOf(plan));
  await writeList(dir, 'facts', factsOf(plan));
}

export const rowsIn = (dir: string): Rows =>
  async function* (kinds) {
    if (kinds.includes('assignments')) for await (const item of readList(dir, 'assignments')) yield item as Row;
    if (!resourceKinds.some((kind) => kinds.includes(kind))) return;
    for await (const item of readList(dir, 'resources')) if (kinds.includes((item as Row)[0])) yield item as Row;
  };

async function writeList(dir: string, list: string, items: Iterable<unknown>): Promise<void> {
  const file = createWriteStream(join(dir, `${list}.pages`));
  const write = async (pages: readonly string[]): Promise<void> => {
    for (const page of pages) if (!file.write(`${page}\n`)) await once(file, 'drain');
  };
  const pages = pageMaker();
  for (const item of items) await write(pages.add(item));
  await write(pages.rest());
  file.end();
  await once(file, 'finish');
}

async function* readList(dir: string, list: string): AsyncIterable<unknown> {
  for await (const page of createInterface({ input: createReadStream(join(dir, `${list}.pages`)) })) yield* itemsOfPage(page);
}

function* assignmentsOf(plan: TenantPlan): Iterable<Row> {
  for (const { id, properties } of authorizationRows(plan, benchNow)) {
    const given = properties as Readonly<Record<string, string>>;
    if (given['principalId'] === undefined) continue;
    const scopeId = given['scope'] ?? '/';
    const assignment: Assignment = {
      id,
      key: resourceKey(id),
      principalId: principalId(given['principalId']),
      principalType: given['principalType'] ?? '',
      roleId: roleId(given['roleDefinitionId'] ?? ''),
      scope: resourceKey(scopeId),
      scopeId,
      createdAt: given['createdOn'],
      updatedAt: given['createdOn'],
      createdBy: given['createdBy'],
    };
    yield ['assignments', assignment];
  }
}

function* resourcesOf(plan: TenantPlan): Iterable<Row> {
  for (let number = 0; number < plan.size.identities; number++) yield ['identities', identityOf(plan.identity(number))];
  for (let number = 0; number < plan.systemAssignedHosts; number++) {
    const own = plan.systemIdentity(number);
    yield ['identities', identityOf(own)];
    yield ['hosts', hostOf(plan, number, { systemAssigned: principalId(own.principalId) })];
  }
  for (let number = 0; number < plan.userAssignedHosts; number++) {
    const { id, principalId: principal, clientId: client } = plan.identity(plan.attachedIdentity(number));
    const attachment = {
      key: resourceKey(id),
      resourceId: id,
      principalId: principalId(principal),
      clientId: clientId(client),
      place: 'identity',
    };
    yield ['hosts', hostOf(plan, plan.systemAssignedHosts + number, { userAssigned: [attachment] })];
  }
  for (let number = 0; number < plan.targets; number++) {
    const { type, id, name } = plan.target(number);
    if (type === 'Microsoft.KeyVault/vaults') yield ['vaults', { id, key: resourceKey(id), name, rbac: true, policies: [], tags: {} }];
  }
}

const identityOf = ({ kind, id, name, principalId: principal, clientId: client }: ManagedIdentity): Identity => ({
  kind,
  principalId: principalId(principal),
  clientId: clientId(client),
  resourceId: id,
  key: resourceKey(id),
  name,
  location: 'westeurope',
  tags: kind === 'user-assigned' ? { owner: 'platform-team' } : { environment: 'prod' },
});

function hostOf(plan: TenantPlan, number: number, more: Partial<Host>): Host {
  const { id, name, kind } = plan.host(number);
  return {
    id,
    key: resourceKey(id),
    name,
    type: hostKinds[kind].type.toLowerCase(),
    location: 'westeurope',
    tags: { environment: 'prod' },
    userAssigned: [],
    ...more,
  };
}

type Fact =
  | readonly ['containers', Container]
  | readonly ['found', Principal]
  | readonly ['absent', PrincipalId]
  | readonly ['confirmed', string]
  | readonly ['federatedCredentials', FederatedCredential]
  | readonly ['members', readonly [PrincipalId, PrincipalId]];

function* factsOf(plan: TenantPlan): Iterable<Fact> {
  for (const { id, displayName, parent } of plan.managementGroups)
    yield [
      'containers',
      { kind: 'managementGroup', id, key: resourceKey(id), name: displayName, parent: parent && resourceKey(parent.id), tags: {} },
    ];
  for (const { id, name, managementGroup } of plan.subscriptions)
    yield ['containers', { kind: 'subscription', id, key: resourceKey(id), name, parent: resourceKey(managementGroup.id), tags: {} }];
  for (let number = 0; number < plan.groupCount; number++) {
    const { id, name, subscription } = plan.group(number);
    yield [
      'containers',
      { kind: 'resourceGroup', id, key: resourceKey(id), name, parent: resourceKey(subscription.id), tags: { environment: 'prod' } },
    ];
  }
  for (const identity of identitiesOf(plan))
    yield [
      'found',
      {
        id: principalId(identity.principalId),
        kind: 'managed-identity',
        displayName: identity.name,
        clientId: clientId(identity.clientId),
        isExplicit: identity.kind === 'user-assigned',
        resourceId: identity.id,
        createdAt,
      },
    ];
  for (let number = plan.size.identities + plan.systemAssignedHosts; number < plan.size.principals; number++) {
    const { id, kind } = plan.principal(number);
    if (kind === 'application' || kind === 'user') yield ['found', { id: principalId(id), kind, displayName: `${kind} ${number}` }];
  }
  for (const group of groupRows(plan))
    yield ['found', { id: principalId(String(group['id'])), kind: 'group', displayName: String(group['displayName']) }];
  for (const [, assignment] of assignmentsOf(plan) as Iterable<readonly ['assignments', Assignment]>) {
    // One in a thousand is held by nobody any more.
    if (isGone(plan, assignment)) {
      yield ['absent', assignment.principalId];
      yield ['confirmed', assignment.key];
    }
  }
  for (let number = 0; number < plan.size.identities; number += 10) {
    const { id, name } = plan.identity(number);
    yield [
      'federatedCredentials',
      {
        id: `${id}/federatedIdentityCredentials/github`,
        name: 'github',
        identity: resourceKey(id),
        issuer: 'https://token.actions.githubusercontent.com',
        subject: `repo:contoso/${name}:environment:prod`,
        audiences: ['api://AzureADTokenExchange'],
        readAt: benchNow,
      },
    ];
  }
  for (const member of groupMemberRows(plan))
    yield ['members', [principalId(String(member['memberId'])), principalId(String(member['groupId']))]];
}

function* identitiesOf(plan: TenantPlan): Iterable<ManagedIdentity> {
  for (let number = 0; number < plan.size.identities; number++) yield plan.identity(number);
  for (let number = 0; number < plan.systemAssignedHosts; number++) yield plan.systemIdentity(number);
}

const isGone = (() => {
  let known: { readonly plan: TenantPlan; readonly ids: ReadonlySet<string> } | undefined;
  return (plan: TenantPlan, { principalId: id }: Assignment): boolean => {
    if (known?.plan !== plan) {
      const ids = new Set<string>();
      for (let number = 777; number < plan.size.assignments; number += 1000) ids.add(plan.seeded.guid('gone', number));
      known = { plan, ids };
    }
    return known.ids.has(id);
  };
})();

/** Facts as a piece reads them from its pages. */
export async function readFacts(dir: string, size: TenantSize): Promise<Facts> {
  const containers: Container[] = [];
  const federatedCredentials: FederatedCredential[] = [];
  const found = new Map<PrincipalId, Principal>();
  const asked = new Set<PrincipalId>();
  const confirmations: [Assignment['key'], 'stands'][] = [];
  const memberships = new Map<PrincipalId, PrincipalId[]>();
  for await (const given of readList(dir, 'facts')) {
    const [kind, item] = given as Fact;
    if (kind === 'containers') containers.push(item);
    else if (kind === 'federatedCredentials') federatedCredentials.push(item);
    else if (kind === 'absent') asked.add(item);
    else if (kind === 'confirmed') confirmations.push([resourceKey(item), 'stands']);
    else if (kind === 'members') memberships.set(item[0], [...(memberships.get(item[0]) ?? []), item[1]]);
    else {
      asked.add(item.id);
      found.set(item.id, item);
    }
  }
  const plan = planTenant(size);
  const readAt = new Map<ResourceKey, string>();
  for (let number = 0; number < size.identities; number++) readAt.set(resourceKey(plan.identity(number).id), benchNow);
  return {
    tenantId: plan.tenantId,
    collectedAt: benchNow,
    containers,
    roles: new Map(builtInRoles().map((role) => [role.id, role])),
    confirmations: new Map(confirmations),
    federatedCredentials,
    federatedCredentialsReadAt: readAt,
    directory: { asked, found, deleted: new Map(), unresolved: new Map(), canary: 'visible' },
    memberships,
    appRoleGrants: [],
    directoryRoles: [],
    gaps: [],
  };
}

/** What an earlier audit remembered of every identity. */
export function rememberedOf(size: TenantSize): Memory {
  const lastSeen = new Map<PrincipalId, RememberedIdentity>();
  for (const { principalId: id, kind, id: resourceId, name } of identitiesOf(planTenant(size)))
    lastSeen.set(principalId(id), { kind, resourceId, name, lastSeenAt: '2026-11-19T08:00:00Z' });
  return { missingSince: new Map(), lastSeen };
}
