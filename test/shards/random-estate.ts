import {
  resourceKey,
  slices,
  type Assignment,
  type Container,
  type Estate,
  type FederatedCredential,
  type Gap,
  type Host,
  type Identity,
  type Principal,
  type PrincipalId,
  type Vault,
} from '../../src/estate/index.ts';
import {
  directoryRoles,
  graphPermissions,
  type Memory,
  type MadeGrant,
  type RuleSettings,
  defaultRuleSettings,
} from '../../src/rules/index.ts';
import {
  assign,
  attached,
  builtIns,
  directory,
  estate,
  federatedCredential,
  guid,
  host,
  managementGroup,
  mg,
  owner,
  pid,
  principal,
  reader,
  resourceGroup,
  role,
  sub,
  subscription,
  systemAssignedOf,
  userAssigned,
  vault,
} from '../build/estate.ts';

/** A small tenant in which everything meets everything: few things, many relations between them. The same seed makes the same tenant. */
export interface RandomTenant {
  readonly estate: Estate;
  readonly memory: Memory;
  readonly settings: RuleSettings;
}

export const now = '2026-11-20T08:00:00Z';

const operator = 'f1a07417-d97a-45cb-824c-7a7467783830';
const machineContributor = '9980e02c-c2be-4d73-94e8-173b1dc7cf3c';
const wildWrites = guid('custom role wild writes');
const wildSecrets = guid('custom role wild secrets');
const roles = [
  ...builtIns,
  role(operator, 'Managed Identity Operator', {
    actions: [
      'Microsoft.ManagedIdentity/userAssignedIdentities/*/read',
      'Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action',
    ],
  }),
  role(machineContributor, 'Virtual Machine Contributor', { actions: ['Microsoft.Compute/virtualMachines/*', 'Microsoft.Web/sites/*'] }),
  role(wildWrites, 'Everything of the web', { actions: ['Microsoft.Web/*', '*/read'] }, { custom: true }),
  role(wildSecrets, 'Secrets of all vaults', { dataActions: ['Microsoft.KeyVault/vaults/secrets/*'] }, { custom: true }),
];
const roleIds = [...roles.map(({ id }) => id), guid('role that nobody can read')];

const subscriptions = ['prod', 'test', 'data'];
const groupNames = ['rg-app', 'rg-web'];
const groupScopes = subscriptions.flatMap((name) => groupNames.map((group) => `${sub(name)}/resourceGroups/${group}`));

export function randomTenant(seed: number): RandomTenant {
  const { below, pick, some, chance } = dice(seed);

  const users = ['ada', 'ben'].map(pid);
  const groups = ['team', 'all', 'ops'].map(pid);
  const applications = ['pipeline', 'portal'].map(pid);
  const gone = ['gone-1', 'gone-2', 'gone-3'].map(pid);
  const binned = ['binned-1', 'binned-2'].map(pid);

  const tags = () => (chance(0.3) ? { [pick(['Environment', 'owner', 'app'])]: pick(['prod', 'test', 'shop']) } : {});
  const assigned: readonly Identity[] = Array.from({ length: 6 }, (_, at) =>
    userAssigned(`id-${at % 5}`, groupScopes[at], { principalId: pid(`id-${at}`), tags: tags() }),
  );
  const hosts: readonly Host[] = Array.from({ length: 8 }, (_, at): Host => {
    const own = chance(0.6);
    const plain = host(`host-${at}`, pick(groupScopes), {
      systemAssigned: own ? pid(`host-${at}`) : undefined,
      tags: tags(),
      ...(chance(0.1) && { managedBy: `${groupScopes[0]}/providers/Microsoft.Solutions/applications/shop` }),
    });
    const typed = chance(0.3)
      ? {
          ...plain,
          id: plain.id.replace('Microsoft.Web/sites', 'Microsoft.Compute/virtualMachines'),
          type: 'microsoft.compute/virtualmachines',
        }
      : plain;
    const carrying = attached({ ...typed, key: resourceKey(typed.id) }, ...some(assigned, 3));
    // The bag lists what was: an identity that was made again since, or one of the same name in another place.
    return chance(0.3) && carrying.userAssigned.length > 0
      ? {
          ...carrying,
          userAssigned: carrying.userAssigned.map((each, index) =>
            index === 0 ? { ...each, principalId: pick([...gone, ...binned]) } : each,
          ),
        }
      : carrying;
  });
  const identities = [...assigned, ...hosts.filter(({ systemAssigned }) => systemAssigned !== undefined).map(systemAssignedOf)];
  const everybody = [
    ...identities.map((each) => each.principalId),
    ...identities.map((each) => each.principalId),
    ...users,
    ...groups,
    ...applications,
    ...gone,
    ...binned,
  ];

  const vaults: readonly Vault[] = ['kv-a', 'kv-b', 'kv-c'].map((name) =>
    vault(
      name,
      {
        rbac: chance(0.5),
        tags: tags(),
        policies: some(everybody, 4).map((objectId) => ({
          tenantId: '',
          objectId,
          keys: [],
          secrets: pick([['get'], ['get', 'list', 'set']]),
          certificates: [],
        })),
      },
      pick(groupScopes),
    ),
  );
  const storage = `${groupScopes[1]}/providers/Microsoft.Storage/storageAccounts/st`;
  const scopes = [
    '/',
    mg('tenant'),
    mg('platform'),
    ...subscriptions.map(sub),
    ...subscriptions.map(sub),
    ...groupScopes,
    storage,
    ...vaults.map(({ id }) => id),
    ...assigned.map(({ resourceId }) => resourceId),
    ...hosts.map(({ id }) => id),
  ];
  const condition = () =>
    chance(0.12)
      ? pick([
          `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${reader}}))`,
          "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'pictures'",
          'not a condition',
        ])
      : undefined;
  const made: readonly Assignment[] = Array.from({ length: 30 + below(50) }, () =>
    assign(pick(everybody), pick(roleIds), pick(scopes), {
      condition: condition(),
      createdAt: chance(0.1) ? undefined : daysAgo(pick([0, 1, 10, 40, 400])),
      createdBy: chance(0.1) ? undefined : pick(everybody),
      principalType: pick(['ServicePrincipal', 'User', 'Group', 'ForeignGroup', '']),
    }),
  );
  // The same row from two pages.
  const assignments = [...made, ...some(made, 3)];

  const containers: readonly Container[] = [
    managementGroup('tenant'),
    managementGroup('platform', mg('tenant')),
    ...subscriptions.map((name, at) => subscription(name, pick([mg('tenant'), mg('platform')]), { tags: at === 0 ? tags() : {} })),
    ...subscriptions.flatMap((name) =>
      groupNames.map((group) =>
        resourceGroup(name, group, {
          tags: tags(),
          ...(chance(0.1) && { managedBy: `${sub(name)}/resourceGroups/rg-owner/providers/Microsoft.Solutions/applications/shop` }),
        }),
      ),
    ),
  ];
  const credentials: readonly FederatedCredential[] = some(assigned, 4).map((identity, at) =>
    federatedCredential(identity, `door-${at}`, {
      subject: pick(['repo:contoso/app:environment:prod', 'repo:contoso/app:pull_request', 'repo:contoso/*']),
      ...(chance(0.2) && { issuer: `https://westeurope.oic.prod-aks.azure.com/${guid('contoso tenant')}/${guid('cluster')}/` }),
    }),
  );
  const people: readonly Principal[] = [
    ...users.map((id): Principal => ({ id, kind: 'user', displayName: 'somebody' })),
    ...groups.map((id): Principal => ({ id, kind: 'group', displayName: 'a group' })),
    ...applications.map((id): Principal => ({ id, kind: 'application', displayName: 'an app' })),
    // A policy's identity that outlived its policy.
    {
      id: pid('relict'),
      kind: 'managed-identity',
      isExplicit: false,
      displayName: 'relict',
      resourceId: `${groupScopes[0]}/providers/Microsoft.Web/sites/was-here`,
    },
  ];
  const looked = directory({
    found: [
      ...identities.filter(() => chance(0.95)).map((each) => principal(each, chance(0.1) ? { createdAt: daysAgo(0) } : {})),
      ...people,
    ],
    absent: gone,
    deleted: binned.map((id) => ({
      id,
      deletedAt: daysAgo(3),
      displayName: 'binned',
      ...(chance(0.7) && { resourceId: pick(assigned).resourceId }),
    })),
    unresolved: chance(0.2) ? [pid('unresolved')] : [],
    canary: chance(0.9) ? 'visible' : pick(['invisible', 'not-asked']),
  });
  const members = some([...identities.map((each) => each.principalId), ...users, ...groups], 8);
  const tenant = estate({
    containers,
    identities,
    hosts,
    assignments,
    vaults,
    roles: chance(0.9) ? roles : roles.slice(2),
    confirmations: new Map(assignments.map(({ key }) => [key, pick(['stands', 'stands', 'stands', 'gone', 'unresolved'] as const)])),
    federatedCredentials: credentials,
    policyAssignments: [
      policyAt(mg('platform'), 'deploy-agents', chance(0.5) ? pick(identities).principalId : undefined),
      policyAt(sub('prod'), 'tag-things', undefined),
    ],
    clusters: [
      {
        id: `${groupScopes[2]}/providers/Microsoft.ContainerService/managedClusters/aks`,
        key: resourceKey(`${groupScopes[2]}/providers/Microsoft.ContainerService/managedClusters/aks`),
        name: 'aks',
        nodeResourceGroup: 'rg-web',
      },
    ],
    directory: looked,
    memberships: new Map(
      members.map((member) => [
        member,
        some(
          groups.filter((group) => group !== member),
          2,
        ),
      ]),
    ),
    appRoleGrants: some(everybody, 2).map((id) => ({
      principalId: id,
      resourceId: guid('graph'),
      resourceName: 'Microsoft Graph',
      appRoleId: pick([...graphPermissions.keys()]),
    })),
    directoryRoles: some(everybody, 2).map((id) => ({
      principalId: id,
      roleTemplateId: pick([...directoryRoles.keys()]),
      roleName: 'a role',
    })),
    ...(chance(0.6) && { auditorPrincipalId: pick(everybody) }),
    gaps: chance(0.3)
      ? Array.from({ length: 1 + below(3) }, () =>
          gapAt(pick(slices), pick(['/', mg('platform'), sub('test'), groupScopes[0]!]), pick(['partial', 'missing'])),
        )
      : [],
  });
  return {
    estate: tenant,
    memory: memoryOf(tenant, { below, pick, some, chance }, [...gone, ...binned]),
    settings: settingsOf({ below, pick, some, chance }),
  };
}

function memoryOf(tenant: Estate, { pick, some, chance }: Dice, vanished: readonly PrincipalId[]): Memory {
  const grants: readonly MadeGrant[] = [
    ...some(tenant.assignments, 6).map((assignment) =>
      grantOf('assignment', assignment.id, pick([daysAgo(0), daysAgo(2)]), {
        principalId: chance(0.7) ? assignment.principalId : pick(vanished),
        roleId: assignment.roleId,
        scopeId: assignment.scopeId,
        callerObjectId: pick([assignment.principalId, pid('ada'), '']),
      }),
    ),
    // One that Resource Graph does not show yet.
    grantOf('assignment', `${sub('prod')}/providers/Microsoft.Authorization/roleAssignments/${guid('fresh')}`, '2026-11-20T07:45:00Z', {
      principalId: pick(tenant.identities).principalId,
      roleId: owner,
      scopeId: sub('prod'),
      callerObjectId: pid('ben'),
    }),
    grantOf('elevation', pid('ada'), daysAgo(2), { callerObjectId: chance(0.5) ? pid('ada') : '' }),
    ...tenant.federatedCredentials
      .slice(0, 1)
      .map(({ id }) => grantOf('federated-credential', id, daysAgo(1), { callerObjectId: pid('ben') })),
  ];
  return {
    missingSince: new Map(some(vanished, 3).map((id) => [id, daysAgo(5)])),
    lastSeen: new Map(
      [...some(vanished, 4), ...tenant.identities.slice(0, 3).map(({ principalId: id }) => id)].map((id) => {
        const was = pick(tenant.identities);
        return [id, { kind: was.kind, resourceId: was.resourceId, name: was.name, lastSeenAt: daysAgo(2) }];
      }),
    ),
    ...(chance(0.8) && { grantsMade: grants, callersSeen: new Map([[pid('ada') as string, daysAgo(40)]]) }),
  };
}

const grantOf = (kind: MadeGrant['kind'], id: string, at: string, more: Partial<MadeGrant>): MadeGrant => ({
  kind,
  id,
  firstId: id,
  at,
  caller: 'ada@contoso.example',
  callerObjectId: '',
  callerAppId: '',
  callerAddress: '',
  correlationId: '',
  principalId: '',
  roleId: '',
  scopeId: '',
  ...more,
});

const settingsOf = ({ pick, chance }: Dice): RuleSettings => ({
  ...defaultRuleSettings,
  principals: pick(['managed-identities', 'workloads', 'all']),
  assignmentsPerSubscription: 20,
  assignmentsPerManagementGroup: 5,
  requiredTags: chance(0.5) ? ['owner'] : [],
});

const policyAt = (scope: string, name: string, principalId: PrincipalId | undefined) => {
  const id = `${scope}/providers/Microsoft.Authorization/policyAssignments/${name}`;
  return { id, key: resourceKey(id), name, principalId };
};

const gapAt = (slice: Gap['slice'], scope: string, state: Gap['state']): Gap => ({ slice, scope, state, why: `nobody may see ${slice}` });

const daysAgo = (days: number): string => new Date(Date.parse(now) - days * 86_400_000).toISOString();

export interface Dice {
  /** 0 ≤ n < limit. */
  readonly below: (limit: number) => number;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  /** Different ones, at most so many. */
  readonly some: <Item>(items: readonly Item[], most: number) => readonly Item[];
  readonly chance: (share: number) => boolean;
}

/** Numbers that only look random (mulberry32). */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const shuffled = <Item>(items: readonly Item[]): readonly Item[] =>
    items
      .map((item) => ({ item, at: next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  return {
    below,
    pick: (items) => items[below(items.length)]!,
    some: (items, most) => [...new Set(shuffled(items))].slice(0, below(most + 1)),
    chance: (share) => next() < share,
  };
}
