import { describe, expect, it } from 'vitest';
import { hostReads, permissions, roleActions, type Permission } from '../../src/access/index.ts';
import type { Estate, Gap } from '../../src/estate/index.ts';
import { judgedWithout } from '../../tools/docs/permission-page.ts';
import { unanswered } from './judged.ts';
import { auditor, collect, guid, tenantId, type Files } from './sandboxed.ts';

/**
 * The auditor with the custom role of infra/, and each action taken away in turn, in the role and in what the sandbox shows: what is lost must be said, and nothing else.
 */
const root = `/providers/Microsoft.Management/managementGroups/${tenantId}`;
const prod = guid(100);
const inProd = (rest: string): string => `/subscriptions/${prod}/resourceGroups/rg-app${rest}`;
const identityId = inProd('/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app');
const roleId = guid(200);

const files = (actions: readonly string[]): Files => ({
  'arg/resourcecontainers': [
    {
      id: root,
      name: tenantId,
      type: 'microsoft.management/managementgroups',
      tenantId,
      properties: { details: { managementGroupAncestorsChain: [] } },
    },
    {
      id: `/subscriptions/${prod}`,
      name: 'prod',
      type: 'microsoft.resources/subscriptions',
      tenantId,
      subscriptionId: prod,
      properties: { state: 'Enabled', managementGroupAncestorsChain: [{ name: tenantId, displayName: 'Tenant Root Group' }] },
    },
    {
      id: inProd(''),
      name: 'rg-app',
      type: 'microsoft.resources/subscriptions/resourcegroups',
      tenantId,
      subscriptionId: prod,
      resourceGroup: 'rg-app',
    },
  ],
  'arg/resources': [
    resource('Microsoft.ManagedIdentity/userAssignedIdentities', 'app', { properties: { principalId: guid(1), clientId: guid(2) } }),
    resource('Microsoft.Web/sites', 'site', {
      identity: { type: 'UserAssigned', userAssignedIdentities: { [identityId]: { principalId: guid(1), clientId: guid(2) } } },
    }),
    resource('Microsoft.KeyVault/vaults', 'kv', { properties: { enableRbacAuthorization: true } }),
    resource('Microsoft.ContainerService/managedClusters', 'aks', {
      properties: { oidcIssuerProfile: { issuerURL: 'https://issuer.example' } },
    }),
    resource('Microsoft.OperationalInsights/workspaces', 'log', { properties: { customerId: guid(3) } }),
  ],
  'arg/policyresources': [
    {
      id: `${inProd('')}/providers/Microsoft.Authorization/policyAssignments/tags`,
      name: 'tags',
      type: 'microsoft.authorization/policyassignments',
      tenantId,
      subscriptionId: prod,
      resourceGroup: 'rg-app',
      properties: {},
    },
  ],
  'arm/objects': [
    {
      id: `${identityId}/federatedIdentityCredentials/github`,
      name: 'github',
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
      properties: { issuer: 'https://token.example', subject: 'repo:a/b:ref:refs/heads/main', audiences: ['api://AzureADTokenExchange'] },
    },
  ],
  'arg/authorizationresources': [
    {
      id: `${root}/providers/Microsoft.Authorization/roleAssignments/${guid(300)}`,
      name: guid(300),
      type: 'microsoft.authorization/roleassignments',
      tenantId,
      properties: {
        principalId: auditor,
        principalType: 'ServicePrincipal',
        roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
        scope: root,
        createdOn: '2026-01-15T21:08:45Z',
      },
    },
    {
      id: `/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
      name: roleId,
      type: 'microsoft.authorization/roledefinitions',
      tenantId,
      properties: {
        roleName: 'mi-audit reader',
        type: 'CustomRole',
        assignableScopes: [root],
        permissions: [{ actions, notActions: [], dataActions: [], notDataActions: [] }],
      },
    },
  ],
  'graph/servicePrincipals': [
    { id: guid(1), displayName: 'app', servicePrincipalType: 'ManagedIdentity', alternativeNames: ['isExplicit=True', identityId] },
  ],
});

function resource(type: string, name: string, more: object) {
  return {
    id: inProd(`/providers/${type}/${name}`),
    name,
    type: type.toLowerCase(),
    tenantId,
    subscriptionId: prod,
    resourceGroup: 'rg-app',
    location: 'westeurope',
    ...more,
  };
}

async function seen(actions: readonly string[], denied: readonly string[]): Promise<Estate> {
  const { estate } = await collect({ files: files(actions), settings: { denied } });
  expect(estate.auditorPrincipalId).toBe(auditor);
  return estate;
}

const grave = ({ gaps }: Estate): readonly Gap[] => gaps.filter(({ harmless }) => harmless !== true);

/** An audit reads none of them: the watch and each question about access say what they did not see. */
const notAudited = ['deny-assignments', 'activity-log', 'native-roles', 'native-role-definitions'];

const onlyHostReads = hostReads.filter((action) => !permissions.some(({ permission }) => permission === action));

/** Nobody confirms an assignment that is not shown. */
const slicesOf = ({ slices }: Permission): readonly string[] => slices.filter((slice) => slice !== 'assignmentConfirmations');

describe('what the role of the auditor keeps from it', () => {
  it('is nothing that a rule rests on, with the role of infra/', async () => {
    const estate = await seen(roleActions, []);
    expect(grave(estate)).toEqual([]);
    expect(unanswered(estate)).toEqual({ nothing: [], inPart: [] });
  });

  it('is nothing at all with Reader, and kinds of hosts with the role of infra/', async () => {
    const hosts = async (actions: readonly string[]) =>
      (await collect({ files: files(actions) })).estate.gaps
        .filter(({ slice }) => slice === 'hosts')
        .map(({ state, harmless, permission }) => ({ state, harmless, permission }));
    expect(await hosts(['*/read'])).toEqual([]);
    expect(await hosts(roleActions)).toEqual([{ state: 'partial', harmless: true, permission: '*/read' }]);
  });

  it.each(permissions.filter(({ id, plane }) => plane === 'arm' && id !== 'management-groups' && !notAudited.includes(id)))(
    'says so: $permission',
    async (one) => {
      const { permission } = one;
      const taken = permission === '*/read' ? onlyHostReads : [permission];
      const estate = await seen(
        roleActions.filter((action) => !taken.includes(action)),
        taken.map((action) => `read:${action}`),
      );
      expect(new Set(grave(estate).map((gap) => gap.permission))).toEqual(new Set([permission]));
      expect(new Set(grave(estate).map(({ slice }) => slice))).toEqual(new Set(slicesOf(one)));
      expect(unanswered(estate)).toEqual(judgedWithout(one));
    },
  );

  it('is nothing without reading management groups, since each subscription names those above it', async () => {
    const action = 'Microsoft.Management/managementGroups/read';
    const estate = await seen(
      roleActions.filter((one) => one !== action),
      [`read:${action}`],
    );
    expect(grave(estate)).toEqual([]);
    expect(estate.containers.find(({ kind }) => kind === 'subscription')?.parent).toBe(root.toLowerCase());
  });

  it('is not said of an absence where reading is allowed', async () => {
    const all = files(roleActions);
    const without = {
      ...all,
      'arg/resources': all['arg/resources']!.filter((row) => (row as { readonly type: string }).type !== 'microsoft.keyvault/vaults'),
    };
    const { estate } = await collect({ files: without });
    expect(estate.vaults).toEqual([]);
    expect(estate.gaps.filter(({ slice }) => slice === 'vaults')).toEqual([]);
  });
});
