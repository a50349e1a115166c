import { describe, expect, it } from 'vitest';
import type { Gap } from '../../src/estate/index.ts';
import {
  assignment,
  contributor,
  contributorRole,
  managedIdentity,
  managementGroup,
  microsoftGraph,
  resource,
  resourceGroup,
  servicePrincipal,
  sub1,
  sub2,
  subscription,
  userAssigned,
} from './rows.ts';
import { auditor, collect, guid, tenantId, type Files } from './sandboxed.ts';

const uami = userAssigned(sub1, 'App-Identity', guid(1), guid(101));
const base: Files = {
  'arg/resourcecontainers': [
    managementGroup('root'),
    managementGroup('mg1', 'root'),
    subscription(sub1, 'mg1', 'root'),
    resourceGroup(sub1, 'rg', { tags: { environment: 'prod' } }),
    resourceGroup(sub1, 'plain'),
  ],
  'arg/resources': [uami],
  'arg/authorizationresources': [contributorRole, assignment(1, guid(1), `/subscriptions/${sub1}`)],
  'graph/servicePrincipals': [microsoftGraph, managedIdentity(guid(1), uami.id)],
};
/** What an audit of a healthy tenant says: deny assignments can only narrow. */
const harmful = (gaps: readonly Gap[]) => gaps.filter((gap) => gap.harmless !== true);
const slicesAt = (gaps: readonly Gap[], scope: string) =>
  [
    ...new Set(
      harmful(gaps)
        .filter((gap) => gap.scope.toLowerCase() === scope.toLowerCase())
        .map((gap) => gap.slice),
    ),
  ].sort();

describe('azureEstateSource', () => {
  it('lives with half a surrogate pair in every id, and says which rows it left out', async () => {
    const half = '\ud83d';
    const rg = `/subscriptions/${sub1}/resourceGroups/rg`;
    const { estate } = await collect({
      files: {
        ...base,
        'arg/resources': [uami, userAssigned(sub1, `id-${half}`, guid(5))],
        'arg/authorizationresources': [
          contributorRole,
          assignment(1, guid(1), `/subscriptions/${sub1}`),
          // Its principal is missing, so that it would be read again over ARM.
          assignment(2, guid(2), `${rg}/providers/Microsoft.Storage/storageAccounts/st${half}`),
          assignment(3, `${guid(3)}${half}`, rg),
          assignment(4, guid(4), rg),
        ],
        // A resource group that is pointed to and not visible is asked for by its id.
        'graph/servicePrincipals': [
          microsoftGraph,
          managedIdentity(guid(1), uami.id),
          managedIdentity(guid(4), `/subscriptions/${sub1}/resourceGroups/rg-${half}/providers/Microsoft.Web/sites/app`),
        ],
      },
    });
    expect(estate.assignments.map(({ principalId }) => principalId)).toEqual([guid(1), guid(4)]);
    expect(harmful(estate.gaps).map(({ slice, why }) => `${slice}: ${why.slice(0, 6)}`)).toEqual([
      'identities: 1 row ',
      'roleAssignments: 2 rows',
    ]);
  });

  it('collects a healthy tenant without a gap that matters', async () => {
    const { estate, calls } = await collect({ files: base });
    expect(harmful(estate.gaps)).toEqual([]);
    expect(estate.gaps.map((gap) => gap.slice)).toEqual(['denyAssignments']);
    expect(estate.tenantId).toBe(tenantId);
    expect(estate.auditorPrincipalId).toBe(auditor);
    expect(estate.identities).toMatchObject([
      {
        kind: 'user-assigned',
        principalId: guid(1),
        clientId: guid(101),
        resourceId: uami.id,
        key: uami.id.toLowerCase(),
        name: 'App-Identity',
        tags: { app: 'App-Identity' },
      },
    ]);
    expect(estate.assignments).toMatchObject([
      {
        principalId: guid(1),
        roleId: contributor,
        scope: `/subscriptions/${sub1}`,
        condition: undefined,
        createdBy: undefined,
        createdAt: '2026-01-15T21:08:45.4904312Z',
      },
    ]);
    expect(estate.roles.get(estate.assignments[0]!.roleId)).toMatchObject({ name: 'Contributor', custom: false, source: 'azure' });
    expect(estate.directory).toMatchObject({ canary: 'visible' });
    expect(estate.directory.found.get(estate.assignments[0]!.principalId)).toMatchObject({
      kind: 'managed-identity',
      isExplicit: true,
      resourceId: uami.id,
    });
    expect(calls).toMatchObject({ resourceGraph: 5, logs: 0, tables: 0 });
  });

  it('builds the tree of management groups, also of those it may not read', async () => {
    const { estate } = await collect({ files: { ...base, 'arg/resourcecontainers': [subscription(sub1, 'mg1', 'root')] } });
    const parents = Object.fromEntries(estate.containers.map(({ key, parent }) => [key, parent]));
    expect(parents).toEqual({
      [`/subscriptions/${sub1}`]: '/providers/microsoft.management/managementgroups/mg1',
      '/providers/microsoft.management/managementgroups/mg1': '/providers/microsoft.management/managementgroups/root',
      '/providers/microsoft.management/managementgroups/root': undefined,
    });
  });

  it('takes resource groups for their tags and owners only', async () => {
    const { estate } = await collect({ files: base });
    expect(estate.containers.filter(({ kind }) => kind === 'resourceGroup')).toMatchObject([
      { name: 'rg', tags: { environment: 'prod' }, parent: `/subscriptions/${sub1}` },
    ]);
  });

  it('finds identities on every kind of host, in bags of any case and in nested places', async () => {
    const bag = {
      [uami.id.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions')]: { principalId: guid(1).toUpperCase(), clientId: guid(101) },
    };
    const files = {
      ...base,
      'arg/resources': [
        uami,
        resource(sub1, 'Microsoft.Web/sites', 'both', {
          identity: { type: 'SystemAssigned,userassigned', principalId: guid(2), tenantId, userAssignedIdentities: bag },
          managedBy: '/subscriptions/x/app',
        }),
        resource(sub1, 'Microsoft.Web/sites/slots', 'slot', { identity: { type: 'SystemAssigned', principalId: guid(3) } }),
        resource(sub1, 'Contoso.Preview/things', 'anything', { identity: { type: 'systemassigned', principalId: guid(4) } }),
        resource(sub1, 'Microsoft.Compute/virtualMachines', 'none', { identity: { type: 'None' } }),
        resource(sub1, 'Microsoft.Compute/virtualMachines', 'without'),
        resource(sub1, 'Microsoft.ContainerService/managedClusters', 'aks', {
          identity: { type: 'SystemAssigned', principalId: guid(5) },
          properties: {
            identityProfile: { kubeletidentity: { resourceId: uami.id, clientId: guid(101), objectId: guid(1) } },
            addonProfiles: {
              azurepolicy: { enabled: true, identity: { resourceId: uami.id, objectId: guid(1) } },
              off: { enabled: false },
            },
            oidcIssuerProfile: { issuerURL: 'https://oidc.example/aks/' },
            nodeResourceGroup: 'MC_rg',
          },
        }),
      ],
      'arg/policyresources': [
        {
          id: `/subscriptions/${sub1}/providers/Microsoft.Authorization/policyAssignments/p1`,
          name: 'p1',
          type: 'microsoft.authorization/policyassignments',
          identity: { type: 'SystemAssigned', principalId: guid(6) },
          properties: { displayName: 'Deploy agents' },
        },
        {
          id: `/subscriptions/${sub1}/providers/Microsoft.Authorization/policyAssignments/p2`,
          name: 'p2',
          type: 'microsoft.authorization/policyassignments',
          properties: {},
        },
        {
          id: `/providers/Microsoft.Authorization/policyDefinitions/d`,
          name: 'd',
          type: 'microsoft.authorization/policydefinitions',
          properties: {},
        },
      ],
    };
    const { estate } = await collect({ files });
    const hosts = Object.fromEntries(
      estate.hosts.map((host) => [
        host.name,
        [host.systemAssigned, host.userAssigned.map(({ key, place }) => [key === uami.id.toLowerCase(), place])],
      ]),
    );
    expect(hosts).toEqual({
      both: [guid(2), [[true, 'identity']]],
      slot: [guid(3), []],
      anything: [guid(4), []],
      aks: [
        guid(5),
        [
          [true, 'properties.identityProfile.kubeletidentity'],
          [true, 'properties.addonProfiles.azurepolicy.identity'],
        ],
      ],
      'Deploy agents': [guid(6), []],
    });
    expect(estate.clusters).toMatchObject([{ issuer: 'https://oidc.example/aks/', nodeResourceGroup: 'MC_rg' }]);
    expect(estate.policyAssignments.map(({ name, principalId }) => [name, principalId])).toEqual([
      ['Deploy agents', guid(6)],
      ['p2', undefined],
    ]);
    expect(Object.fromEntries(estate.identities.map(({ kind, principalId }) => [principalId, kind]))).toEqual({
      [guid(1)]: 'user-assigned',
      ...Object.fromEntries([2, 3, 4, 5, 6].map((n) => [guid(n), 'system-assigned'])),
    });
  });

  it('reads vaults by their mode, and workspaces', async () => {
    const policy = (objectId: string, tenant = tenantId) => ({
      tenantId: tenant,
      objectId,
      permissions: { secrets: ['Get', 'LIST'], keys: [] },
    });
    const files = {
      ...base,
      'arg/resources': [
        resource(sub1, 'Microsoft.KeyVault/vaults', 'policies', {
          properties: { accessPolicies: [policy(guid(50)), policy(guid(51), guid(77))] },
        }),
        resource(sub1, 'Microsoft.KeyVault/vaults', 'rbac', { properties: { enableRbacAuthorization: true, accessPolicies: [] } }),
        resource(sub1, 'Microsoft.OperationalInsights/workspaces', 'logs', { properties: { customerId: guid(60) } }),
      ],
    };
    const { estate } = await collect({ files });
    expect(estate.vaults).toMatchObject([
      {
        name: 'policies',
        rbac: false,
        policies: [
          { objectId: guid(50), secrets: ['get', 'list'], keys: [], certificates: [] },
          { objectId: guid(51), tenantId: guid(77) },
        ],
      },
      { name: 'rbac', rbac: true, policies: [] },
    ]);
    expect(estate.workspaces).toMatchObject([{ customerId: guid(60) }]);
    // Another tenant's principal is not in our directory, and that means nothing.
    expect(estate.directory.asked.has(estate.vaults[0]!.policies[0]!.objectId)).toBe(true);
    expect(estate.directory.asked.has(estate.vaults[0]!.policies[1]!.objectId)).toBe(false);
  });

  it('keeps assignments of every scope apart by their own scope', async () => {
    const mg = '/providers/Microsoft.Management/managementGroups/mg1';
    const files = {
      ...base,
      'arg/authorizationresources': [
        contributorRole,
        assignment(1, guid(1), '/'),
        assignment(2, guid(1), mg),
        assignment(3, guid(1), `/subscriptions/${sub1}/resourceGroups/RG`, {
          condition: '@Resource[x] StringEquals 1',
          conditionVersion: '2.0',
        }),
      ],
    };
    const { estate } = await collect({ files });
    expect(Object.fromEntries(estate.assignments.map(({ scope, scopeId, condition }) => [scope, [scopeId, condition]]))).toEqual({
      '/': ['/', undefined],
      [mg.toLowerCase()]: [mg, undefined],
      [`/subscriptions/${sub1}/resourcegroups/rg`]: [`/subscriptions/${sub1}/resourceGroups/RG`, '@Resource[x] StringEquals 1'],
    });
  });
});

describe('blindness becomes a gap', () => {
  const bothSubscriptions: Files = { ...base, 'arg/resourcecontainers': [...base['arg/resourcecontainers']!, subscription(sub2, 'root')] };
  const denied = { denied: [`arm:/subscriptions/${sub2}`] };
  const rowSlices = [
    'clusters',
    'containers',
    'federatedCredentials',
    'hosts',
    'identities',
    'policyAssignments',
    'roleAssignments',
    'vaults',
    'workspaces',
  ];

  it('for a subscription that Azure lists and Resource Graph leaves out', async () => {
    const { estate } = await collect({ files: bothSubscriptions, settings: denied });
    expect(slicesAt(estate.gaps, `/subscriptions/${sub2}`)).toEqual(rowSlices);
    const gaps = estate.gaps.filter(({ scope }) => scope === `/subscriptions/${sub2}`);
    expect(gaps.find(({ slice }) => slice === 'roleAssignments')).toMatchObject({
      state: 'missing',
      permission: 'Microsoft.Authorization/roleAssignments/read',
      why: expect.stringContaining('403'),
    });
    expect(slicesAt(estate.gaps, `/subscriptions/${sub1}`)).toEqual([]);
  });

  it('for one that an earlier run saw, that an attachment names, that a principal comes from; not for one that is gone', async () => {
    const attached = userAssigned(sub2, 'elsewhere', guid(20));
    const host = resource(sub1, 'Microsoft.Web/sites', 'web', {
      identity: { type: 'UserAssigned', userAssignedIdentities: { [attached.id]: { principalId: guid(20) } } },
    });
    const hidden = [{ match: 'GET ^/subscriptions\\?', status: 500 }];
    const gone = '33333333-3333-4333-8333-333333333333';
    const cases: readonly { readonly files: Files; readonly seen?: readonly string[] }[] = [
      { files: bothSubscriptions, seen: [sub2, gone] },
      { files: { ...bothSubscriptions, 'arg/resources': [uami, host] } },
      {
        files: {
          ...bothSubscriptions,
          'graph/servicePrincipals': [...base['graph/servicePrincipals']!, managedIdentity(guid(20), attached.id)],
          'arg/authorizationresources': [contributorRole, assignment(9, guid(20), '/')],
        },
      },
    ];
    for (const { files, seen = [] } of cases) {
      const { estate } = await collect({
        files,
        settings: { ...denied, faults: hidden },
        request: { memory: { federatedCredentials: new Map(), missing: new Set(), subscriptions: new Set(seen) } },
      });
      expect(slicesAt(estate.gaps, `/subscriptions/${sub2}`)).toEqual(rowSlices);
      expect(slicesAt(estate.gaps, `/subscriptions/${gone}`)).toEqual([]);
      // The list that would have shown it failed, which is said too.
      expect(slicesAt(estate.gaps, '/')).toContain('containers');
    }
  });

  it('for a resource group that others point into; not for one that is gone', async () => {
    const hidden = {
      ...userAssigned(sub1, 'hidden', guid(30)),
      id: `/subscriptions/${sub1}/resourceGroups/secret/providers/Microsoft.ManagedIdentity/userAssignedIdentities/hidden`,
    };
    const goneId = `/subscriptions/${sub1}/resourceGroups/gone/providers/Microsoft.Web/sites/web`;
    const files: Files = {
      ...base,
      'arg/resourcecontainers': [...base['arg/resourcecontainers']!, resourceGroup(sub1, 'secret')],
      'arg/resources': [
        uami,
        hidden,
        resource(sub1, 'Microsoft.Web/sites', 'web', {
          identity: { type: 'UserAssigned', userAssignedIdentities: { [hidden.id]: { principalId: guid(30) }, [uami.id]: {} } },
        }),
      ],
      'arg/authorizationresources': [contributorRole, assignment(1, guid(1), '/'), assignment(2, guid(31), '/')],
      'graph/servicePrincipals': [...base['graph/servicePrincipals']!, managedIdentity(guid(31), goneId, false)],
    };
    const { estate } = await collect({ files, settings: { denied: [`arm:/subscriptions/${sub1}/resourceGroups/secret`] } });
    expect(slicesAt(estate.gaps, `/subscriptions/${sub1}/resourceGroups/secret`)).toEqual([
      'clusters',
      'federatedCredentials',
      'hosts',
      'identities',
      'roleAssignments',
      'vaults',
    ]);
    expect(slicesAt(estate.gaps, `/subscriptions/${sub1}/resourceGroups/gone`)).toEqual([]);
  });

  it('for a tenant in which nothing is visible', async () => {
    const { estate } = await collect({});
    expect(slicesAt(estate.gaps, '/')).toEqual(rowSlices);
    expect(estate.assignments).toEqual([]);
  });

  it('for what lies outside of a narrowed audit', async () => {
    const { estate } = await collect({ files: bothSubscriptions, request: { scope: { managementGroups: [], subscriptions: [sub1] } } });
    expect(slicesAt(estate.gaps, '/')).toEqual(['clusters', 'hosts', 'identities', 'policyAssignments', 'roleAssignments', 'vaults']);
    expect(estate.containers.some(({ key }) => key === `/subscriptions/${sub2}`)).toBe(false);
    // What is inherited from above is in it.
    expect(estate.assignments).toHaveLength(1);
  });

  it('for a subscription of the settings that is not there to see', async () => {
    const { estate } = await collect({
      files: bothSubscriptions,
      settings: denied,
      request: { scope: { managementGroups: [], subscriptions: [sub1, sub2] } },
    });
    expect(slicesAt(estate.gaps, `/subscriptions/${sub2}`)).toEqual(rowSlices);
  });

  it('for Microsoft Graph, while everything else is read', async () => {
    const { estate } = await collect({ files: base, settings: { denied: ['graph'] } });
    expect(slicesAt(estate.gaps, '/')).toEqual(['appRoleGrants', 'deletedPrincipals', 'directoryRoles', 'principals']);
    expect(estate.gaps.find(({ slice }) => slice === 'principals')).toMatchObject({ state: 'missing', permission: 'Application.Read.All' });
    expect(estate.assignments).toHaveLength(1);
    expect(estate.directory.canary).toBe('invisible');
    expect(estate.directory.unresolved.get(estate.assignments[0]!.principalId)).toContain('403');
    expect(estate.confirmations.size).toBe(0);
  });

  it('for a page that stays broken, with the pages before it kept', async () => {
    const many = Array.from({ length: 2500 }, (_, at) => assignment(at, guid(1), `/subscriptions/${sub1}`));
    const files = { ...base, 'arg/authorizationresources': [contributorRole, ...many] };
    const settings = { faults: [{ match: 'POST /providers/Microsoft.ResourceGraph/resources', status: 500, after: 4 }] };
    const { estate } = await collect({ files, settings });
    expect(estate.gaps.find(({ slice }) => slice === 'roleAssignments')).toMatchObject({ scope: '/', state: 'partial' });
    expect(estate.assignments.length % 1000).toBe(0);
    expect(estate.assignments.length).toBeGreaterThan(0);
  });

  it('but not for trouble that passes', async () => {
    const many = Array.from({ length: 2500 }, (_, at) => assignment(at, guid(1), `/subscriptions/${sub1}`));
    const settings = {
      faults: [
        { match: 'POST /providers/Microsoft.ResourceGraph/resources', status: 503, retryAfterSeconds: 0, times: 2, after: 2 },
        { match: 'POST /providers/Microsoft.ResourceGraph/resources', status: 429, retryAfterSeconds: 1, times: 1, after: 1 },
        { match: 'POST /providers/Microsoft.ResourceGraph/resources', dropConnection: true, times: 1, after: 4 },
        { match: 'POST /v1.0/directoryObjects/getByIds', status: 429, retryAfterSeconds: 0, times: 1 },
        { match: 'GET /subscriptions', delayMs: 1500, times: 1 },
      ],
    };
    const { estate } = await collect({
      files: { ...base, 'arg/authorizationresources': [contributorRole, ...many] },
      settings,
      clients: { timeoutSeconds: 1 },
    });
    expect(harmful(estate.gaps)).toEqual([]);
    expect(new Set(estate.assignments.map(({ key }) => key)).size).toBe(2500);
  });

  it('for odd rows, counted, with the rest of the page kept', async () => {
    const noPrincipal = assignment(7, '', `/subscriptions/${sub1}`);
    const huge = assignment(8, guid(1), `/subscriptions/${sub1}`);
    const files = {
      ...base,
      'arg/authorizationresources': [
        contributorRole,
        assignment(1, guid(1), `/subscriptions/${sub1}`),
        noPrincipal,
        { ...huge, id: `${huge.id}${'x'.repeat(10_000)}` },
      ],
      'arg/resources': [
        { ...uami, tags: 'not a bag', name: 'n'.repeat(100_000) },
        userAssigned(sub1, 'no-principal', ''),
        resource(sub1, 'Microsoft.Web/sites', 'odd', {
          identity: { type: 'UserAssigned', userAssignedIdentities: ['x'], principalId: 'y' },
        }),
        resource(sub1, 'Microsoft.KeyVault/vaults', 'odd', {
          properties: { accessPolicies: [{ permissions: {} }, { objectId: guid(50) }] },
        }),
      ],
    };
    const { estate } = await collect({ files });
    expect(estate.assignments).toHaveLength(1);
    expect(estate.identities).toHaveLength(1);
    expect(estate.identities[0]!.name.length).toBeLessThan(2000);
    expect(estate.vaults).toMatchObject([{ policies: [{ objectId: guid(50) }] }]);
    const gap = (slice: string) => estate.gaps.find((one) => one.slice === slice && one.harmless !== true);
    expect(gap('roleAssignments')).toMatchObject({
      scope: `/subscriptions/${sub1}`,
      state: 'partial',
      why: expect.stringMatching(/^2 rows.*the first: \/subscriptions/),
    });
    expect(gap('identities')).toMatchObject({ scope: `/subscriptions/${sub1}`, state: 'partial' });
    expect(gap('vaults')).toMatchObject({ state: 'partial' });
    expect(JSON.stringify(estate.gaps).length).toBeLessThan(10_000);
  });
});

describe('principals', () => {
  const scope = `/subscriptions/${sub1}`;

  it('are found, deleted, foreign, missing and confirmed, each by its own proof', async () => {
    const files: Files = {
      ...base,
      'arg/authorizationresources': [
        contributorRole,
        assignment(1, guid(1), scope),
        assignment(2, guid(2), scope),
        assignment(3, guid(3), scope),
        assignment(4, guid(4), scope, { principalType: 'ForeignGroup' }),
        assignment(5, guid(5), scope, { principalType: 'User' }),
        assignment(6, guid(6), scope, { principalType: 'Group' }),
        assignment(7, guid(7), scope),
        assignment(8, guid(8), scope),
      ],
      arm: [{ id: assignment(8, guid(8), scope).id, deleted: true }],
      'graph/servicePrincipals': [
        ...base['graph/servicePrincipals']!,
        managedIdentity(guid(20), '/subscriptions/x/resourceGroups/y/providers/a/b/c'),
      ],
      'graph/groups': [{ id: guid(6), displayName: 'deployers' }],
      'graph/groupMembers': [
        { groupId: guid(6), memberId: guid(66) },
        { groupId: guid(66), memberId: guid(20) },
      ],
      'graph/partnerReferences': [{ id: guid(7), displayName: 'partner' }],
      'graph/deletedItems': [
        { id: guid(2), '@odata.type': '#microsoft.graph.servicePrincipal', displayName: 'was', deletedDateTime: '2026-11-10T00:00:00Z' },
        {
          id: guid(5),
          '@odata.type': '#microsoft.graph.user',
          userPrincipalName: 'x@example.org',
          deletedDateTime: '2026-11-11T00:00:00Z',
        },
      ],
    };
    const { estate, calls } = await collect({ files });
    const { directory } = estate;
    expect(harmful(estate.gaps)).toEqual([]);
    expect(Object.fromEntries([...directory.found].map(([id, { kind }]) => [id, kind]))).toEqual({
      [auditor]: 'managed-identity',
      [guid(1)]: 'managed-identity',
      [guid(6)]: 'group',
      [guid(7)]: 'partner',
    });
    expect([...directory.deleted.values()].map(({ id, deletedAt }) => [id, deletedAt])).toEqual([
      [guid(2), '2026-11-10T00:00:00Z'],
      [guid(5), '2026-11-11T00:00:00Z'],
    ]);
    expect(Object.fromEntries(estate.confirmations)).toEqual({
      [assignment(3, '', scope).id.toLowerCase()]: 'stands',
      [assignment(8, '', scope).id.toLowerCase()]: 'gone',
    });
    expect([...estate.memberships]).toEqual([[guid(20), [guid(6)]]]);
    // Subscriptions and two confirmations.
    expect(calls.arm).toBe(1 + 2 + 1);
  });

  it('prove nothing when nobody who exists is visible', async () => {
    const { estate } = await collect({
      files: { ...base, 'graph/servicePrincipals': [], 'arg/authorizationresources': [contributorRole, assignment(1, guid(3), scope)] },
      auditorVisible: false,
    });
    expect(estate.directory.canary).toBe('invisible');
    expect(estate.confirmations.size).toBe(0);
  });

  it('of living resources are never missing, even where the directory does not know them', async () => {
    const { estate } = await collect({
      files: {
        ...base,
        'graph/servicePrincipals': [],
        'arg/authorizationresources': [contributorRole, assignment(1, guid(1), scope), assignment(3, guid(3), scope)],
      },
    });
    expect(estate.directory.canary).toBe('visible');
    expect(estate.directory.unresolved.get(estate.identities[0]!.principalId)).toContain('one of the two lags');
    expect([...estate.confirmations.values()]).toEqual(['stands']);
  });

  it('stay unresolved where their recycle bin may not be read', async () => {
    const files: Files = {
      ...base,
      'arg/authorizationresources': [
        contributorRole,
        assignment(5, guid(5), scope, { principalType: 'User' }),
        assignment(3, guid(3), scope),
      ],
    };
    const settings = { faults: [{ match: 'GET /v1.0/directory/deletedItems/microsoft.graph.user', status: 403 }] };
    const { estate } = await collect({ files, settings });
    expect([...estate.directory.unresolved.keys()]).toEqual([guid(5)]);
    expect(harmful(estate.gaps)).toMatchObject([{ slice: 'deletedPrincipals', state: 'partial', permission: 'User.Read.All' }]);
  });

  it('may be in groups that hold directory roles or stand in access policies, and no assignment', async () => {
    const [administrators, readers, strangers, outer] = [guid(61), guid(62), guid(63), guid(64)];
    const files: Files = {
      ...base,
      'arg/resources': [
        uami,
        resource(sub1, 'Microsoft.KeyVault/vaults', 'kv', {
          properties: { accessPolicies: [{ tenantId, objectId: readers, permissions: { secrets: ['get'] } }] },
        }),
      ],
      'graph/groups': [administrators, readers, strangers, outer].map((id) => ({ id, displayName: 'a group' })),
      'graph/groupMembers': [
        { groupId: outer, memberId: guid(1) },
        { groupId: administrators, memberId: outer },
        { groupId: readers, memberId: guid(1) },
        { groupId: strangers, memberId: guid(1) },
      ],
      'graph/directoryRoleAssignments': [
        { id: 'r', principalId: administrators, roleDefinitionId: guid(402), directoryScopeId: '/administrativeUnits/u' },
      ],
    };
    const { estate } = await collect({ files });
    expect(estate.directoryRoles).toMatchObject([
      { principalId: administrators, roleTemplateId: guid(402), scope: '/administrativeUnits/u' },
    ]);
    expect([...estate.memberships].map(([member, groups]) => [member, [...groups].sort()])).toEqual([[guid(1), [administrators, readers]]]);
    expect(harmful(estate.gaps)).toEqual([]);
  });

  it('may hold application permissions and directory roles', async () => {
    const files: Files = {
      ...base,
      'graph/appRoleAssignments': [
        { id: 'a', principalId: guid(1), resourceId: microsoftGraph.id, resourceDisplayName: 'Microsoft Graph', appRoleId: guid(301) },
        { id: 'b', principalId: guid(1), resourceId: guid(555), appRoleId: guid(302) },
      ],
      'graph/directoryRoleAssignments': [
        {
          id: 'c',
          principalId: guid(1),
          roleDefinitionId: guid(401),
          directoryScopeId: '/',
          roleDefinition: { displayName: 'Reader of all', templateId: guid(401) },
        },
      ],
    };
    const { estate } = await collect({ files });
    expect(estate.appRoleGrants).toEqual([
      { principalId: guid(1), resourceId: microsoftGraph.id, resourceName: 'Microsoft Graph', appRoleId: guid(301) },
    ]);
    expect(estate.directoryRoles).toEqual([{ principalId: guid(1), roleTemplateId: guid(401), roleName: 'Reader of all' }]);
  });

  it('of a type that may not be read exist all the same', async () => {
    const files: Files = {
      ...base,
      'graph/users': [{ id: guid(5), displayName: 'Ann' }],
      'arg/authorizationresources': [
        contributorRole,
        assignment(5, guid(5), scope, { principalType: 'User' }),
        assignment(6, guid(6), scope),
      ],
      'graph/servicePrincipals': [...base['graph/servicePrincipals']!, servicePrincipal(guid(6))],
    };
    const { estate } = await collect({ files, settings: { denied: ['graph:users', 'graph:servicePrincipals'] } });
    const kinds = Object.fromEntries([...estate.directory.found].map(([id, { kind }]) => [id, kind]));
    expect(kinds).toMatchObject({ [guid(5)]: 'user', [guid(6)]: 'limited' });
    expect(estate.gaps.find(({ slice }) => slice === 'principals')).toMatchObject({ state: 'partial', permission: 'Application.Read.All' });
  });
});
