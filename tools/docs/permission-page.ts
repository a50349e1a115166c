import { openAccess, permissions, type Permission } from '../../src/access/index.ts';
import { principalId, type Directory, type Estate, type Gap, type PrincipalId, type Slice } from '../../src/estate/index.ts';
import { defaultRuleSettings, judge, rules } from '../../src/rules/index.ts';
import { pageWithSections, table } from './marked-section.ts';
import type { Page } from './page.ts';

/** docs/permissions.md: the prose is written, the tables come from the list of permissions and from what the rules need. */
export function permissionPages(): readonly Page[] {
  return [pageWithSections('docs/permissions.md', { arm: tableOf('arm'), logs: tableOf('logs'), graph: tableOf('graph') })];
}

function tableOf(plane: Permission['plane']): string {
  const wanted = permissions.filter((permission) => permission.plane === plane);
  if (plane === 'logs')
    return table(
      ['permission', 'what is lost'],
      wanted.map(({ permission, lost }) => [`\`${permission}\``, lost]),
    );
  return table(['permission', 'blind without it', 'what is lost', 'answers nothing', 'answers in part'], wanted.map(rowOf));
}

function rowOf(permission: Permission): readonly string[] {
  const { nothing, inPart } = judgedWithout(permission);
  const links = (ids: readonly string[]): string => ids.map((id) => `[${id}](rules/${id}.md)`).join(', ');
  return [`\`${permission.permission}\``, permission.slices.join(', ') || 'the watch', permission.lost, links(nothing), links(inPart)];
}

/** Rules that answer nothing, and rules that judge what they saw and leave the rest as it was, when this permission alone is missing everywhere. */
export function judgedWithout(permission: Permission): { readonly nothing: readonly string[]; readonly inPart: readonly string[] } {
  const estate: Estate = {
    ...nothingSeen,
    directory: directoryWithout(permission),
    gaps: permission.slices.map((slice) => gapOf(permission, slice)),
  };
  const { verdicts } = judge({
    estate,
    settings: defaultRuleSettings,
    memory: { missingSince: new Map(), lastSeen: new Map() },
    now: nothingSeen.collectedAt,
    access: openAccess(estate),
    // What a rule needs, and not what it would find, nor what it waits for.
    rules: rules.map((rule) => ({ ...rule, enabled: () => true, awaits: () => undefined, judge: () => [] })),
  });
  return {
    nothing: verdicts.filter(({ verdict }) => verdict === 'inconclusive').map(({ id }) => id),
    inPart: verdicts.filter(({ verdict, because }) => verdict === 'checked' && because !== '').map(({ id }) => id),
  };
}

/** A principal of each type is absent. Whatever its stored type, it may lie among the deleted service principals; users and groups have a recycle bin of their own besides. */
function directoryWithout({ permission }: Permission): Directory {
  const absent = (['app', 'user', 'group'] as const).map((name) => principalId(name));
  const unread: Readonly<Record<string, readonly PrincipalId[]>> = {
    'Application.Read.All': absent,
    'User.Read.All': [principalId('user')],
    'Group.Read.All': [principalId('group')],
  };
  const unresolved = new Map((unread[permission] ?? []).map((id) => [id, 'its recycle bin could not be read'] as const));
  return { asked: new Set(absent), found: new Map(), deleted: new Map(), unresolved, canary: 'visible' };
}

/** Objects whose type may not be read still show that they exist, and each type has a recycle bin of its own. */
const partlySeen: readonly Slice[] = ['principals', 'deletedPrincipals'];

const gapOf = ({ id, plane, permission }: Permission, slice: Slice): Gap => ({
  slice,
  // Azure's list of subscriptions is one for the tenant.
  scope: plane === 'arm' && id !== 'subscriptions' ? '/providers/Microsoft.Management/managementGroups/root' : '/',
  state: plane === 'graph' && partlySeen.includes(slice) ? 'partial' : 'missing',
  why: 'the permission is missing',
  permission,
});

const nothingSeen: Omit<Estate, 'directory'> = {
  tenantId: '',
  collectedAt: '2026-01-01T00:00:00Z',
  containers: [],
  identities: [],
  hosts: [],
  assignments: [],
  roles: new Map(),
  confirmations: new Map(),
  federatedCredentials: [],
  policyAssignments: [],
  vaults: [],
  clusters: [],
  workspaces: [],
  memberships: new Map(),
  appRoleGrants: [],
  directoryRoles: [],
  gaps: [],
};
