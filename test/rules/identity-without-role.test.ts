import { identityWithoutRole } from '../../src/rules/identity-without-role.ts';
import {
  assign,
  directory,
  estate,
  guid,
  host,
  pid,
  principal,
  reader,
  sub,
  systemAssignedOf,
  userAssigned,
  vault,
} from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const web = host('app-web');
const missing = (slice: 'roleAssignments' | 'groupMembers' | 'vaults' | 'appRoleGrants' | 'directoryRoles') => ({
  name: `${slice} could not be read in one place`,
  estate: estate({ identities: [app], gaps: [{ slice, scope: sub('test'), state: 'partial', why: 'no access' }] }),
  because: new RegExp(slice),
});

ruleTable(identityWithoutRole, {
  fires: [
    {
      name: 'a user-assigned identity',
      estate: estate({ identities: [app] }),
      violations: [{ subject: app.principalId, severity: 'info', confidence: 'possible', scope: app.resourceId }],
      says: ['az identity delete --ids', 'Cosmos DB native roles'],
    },
    {
      name: 'a system-assigned identity',
      estate: estate({ identities: [systemAssignedOf(web)], hosts: [web] }),
      violations: [{ subject: pid('app-web'), scope: web.id }],
      says: ['az resource show --ids'],
    },
  ],
  silent: [
    { name: 'a role assignment', estate: estate({ identities: [app], assignments: [assign(app.principalId, reader, sub('prod'))] }) },
    { name: 'a group that has one', estate: estate({ identities: [app], memberships: new Map([[app.principalId, [pid('readers')]]]) }) },
    {
      name: 'an access policy',
      estate: estate({
        identities: [app],
        vaults: [
          vault('kv', {
            rbac: false,
            policies: [{ tenantId: '', objectId: app.principalId, keys: [], secrets: ['get'], certificates: [] }],
          }),
        ],
      }),
    },
    {
      name: 'an application permission',
      estate: estate({
        identities: [app],
        appRoleGrants: [
          { principalId: app.principalId, resourceId: guid('graph'), resourceName: 'Microsoft Graph', appRoleId: guid('Mail.Send') },
        ],
      }),
    },
    {
      name: 'a directory role',
      estate: estate({
        identities: [app],
        directoryRoles: [{ principalId: app.principalId, roleTemplateId: guid('reader'), roleName: 'Directory Readers' }],
      }),
    },
    {
      name: 'made a moment ago',
      estate: estate({ identities: [app], directory: directory({ found: [principal(app, { createdAt: '2026-11-20T07:40:00Z' })] }) }),
    },
  ],
  inconclusive: [
    missing('roleAssignments'),
    missing('groupMembers'),
    missing('vaults'),
    missing('appRoleGrants'),
    missing('directoryRoles'),
  ],
});
