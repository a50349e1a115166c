import { directoryPower } from '../../src/rules/directory-power.ts';
import { directory, estate, guid, pid, userAssigned } from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const permission = (appRoleId: string, principalId = app.principalId) => ({
  principalId,
  appRoleId,
  resourceId: guid('graph'),
  resourceName: 'Microsoft Graph',
});
const roleManagement = '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8';
const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10';

ruleTable(directoryPower, {
  fires: [
    {
      name: 'an application permission that makes administrators',
      estate: estate({ identities: [app], appRoleGrants: [permission(roleManagement.toUpperCase())] }),
      violations: [{ subject: app.principalId, aspect: roleManagement, severity: 'critical', scope: app.resourceId }],
      says: ['RoleManagement.ReadWrite.Directory', `servicePrincipals/${app.principalId}/appRoleAssignments`],
    },
    {
      name: 'a directory role',
      estate: estate({
        identities: [app],
        directoryRoles: [{ principalId: app.principalId, roleTemplateId: globalAdministrator, roleName: 'Company Administrator' }],
      }),
      violations: [{ aspect: globalAdministrator, severity: 'critical', role: { id: globalAdministrator, name: 'Global Administrator' } }],
    },
    {
      name: 'a directory role over an administrative unit is lowered, and stands beside the same role over everything',
      estate: estate({
        identities: [app],
        directoryRoles: [undefined, '/administrativeUnits/one', '/administrativeUnits/two'].map((scope) => ({
          principalId: app.principalId,
          roleTemplateId: globalAdministrator,
          roleName: 'Company Administrator',
          ...(scope === undefined ? {} : { scope }),
        })),
      }),
      violations: [
        { aspect: globalAdministrator, severity: 'critical' },
        { aspect: `${globalAdministrator}//administrativeUnits/one`, severity: 'high' },
        { aspect: `${globalAdministrator}//administrativeUnits/two`, severity: 'high' },
      ],
      says: ['It holds in /administrativeUnits/one only', 'It reaches over the whole tenant'],
    },
    {
      name: 'a directory role of a group that the identity is in',
      estate: estate({
        identities: [app],
        memberships: new Map([[app.principalId, [pid('other group'), pid('administrators')]]]),
        directoryRoles: [{ principalId: pid('administrators'), roleTemplateId: globalAdministrator, roleName: 'Company Administrator' }],
        directory: directory({ found: [{ id: pid('administrators'), kind: 'group' }] }),
      }),
      violations: [{ subject: app.principalId, aspect: `${globalAdministrator}/${pid('administrators')}`, severity: 'critical' }],
      says: ['through group', `az ad group member remove --group ${pid('administrators')} --member-id ${app.principalId}`],
    },
    {
      name: 'an identity whose resource we cannot see, known from the directory',
      estate: estate({
        appRoleGrants: [permission(roleManagement, pid('hidden'))],
        directory: directory({ found: [{ id: pid('hidden'), kind: 'managed-identity', isExplicit: false }] }),
      }),
      violations: [{ subject: pid('hidden'), scope: '/' }],
    },
  ],
  silent: [
    {
      name: 'a permission that only reads',
      estate: estate({ identities: [app], appRoleGrants: [permission('7ab1d382-f21e-4acd-a863-ba3e13f7da61')] }),
    },
    {
      name: 'an application that holds it',
      estate: estate({
        appRoleGrants: [permission(roleManagement, pid('pipeline'))],
        directory: directory({ found: [{ id: pid('pipeline'), kind: 'application' }] }),
      }),
    },
    {
      name: 'a role that reads the directory',
      estate: estate({
        identities: [app],
        directoryRoles: [
          { principalId: app.principalId, roleTemplateId: '88d8e3e3-8f55-4a1e-953a-9b9898b8876b', roleName: 'Directory Readers' },
        ],
      }),
    },
    {
      name: 'a custom role with the name of a powerful one',
      estate: estate({
        identities: [app],
        directoryRoles: [{ principalId: app.principalId, roleTemplateId: guid('custom'), roleName: 'Global Administrator' }],
      }),
    },
  ],
});
