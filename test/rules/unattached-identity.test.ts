import { unattachedIdentity } from '../../src/rules/unattached-identity.ts';
import {
  assign,
  attached,
  blobDataReader,
  contributor,
  directory,
  estate,
  federatedCredential,
  host,
  pid,
  principal,
  reader,
  sub,
  userAssigned,
} from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const group = `${sub('prod')}/resourceGroups/rg-app`;
const app = userAssigned('app-id');
const other = userAssigned('other-id');

ruleTable(unattachedIdentity, {
  fires: [
    {
      name: 'nothing lists it and it trusts nobody outside',
      estate: estate({ identities: [app] }),
      violations: [{ subject: app.resourceId, severity: 'low', scope: app.resourceId }],
      says: ['az identity delete --ids', 'no role assignment'],
    },
    {
      name: 'only a question where the role of the auditor names the kinds of hosts that it reads',
      estate: {
        ...estate({ identities: [app] }),
        gaps: [{ slice: 'hosts', scope: '/', state: 'partial', why: 'other kinds are not shown', permission: '*/read', harmless: true }],
      },
      violations: [{ subject: app.resourceId, confidence: 'possible' }],
      says: ['of the kinds that the auditor may read'],
    },
    {
      name: 'high with a broad grant',
      estate: estate({ identities: [app], assignments: [assign(app.principalId, contributor, sub('prod'))] }),
      violations: [{ severity: 'high' }],
      says: ['Contributor at', 'az role assignment delete --ids'],
    },
    {
      name: 'high with a broad grant through a group',
      estate: estate({
        identities: [app],
        assignments: [assign(pid('deployers'), contributor, sub('prod'))],
        memberships: new Map([[app.principalId, [pid('deployers')]]]),
      }),
      violations: [{ severity: 'high' }],
    },
    {
      name: 'a Reader of the whole subscription holds no broad grant',
      estate: estate({
        identities: [app],
        assignments: [assign(app.principalId, reader, sub('prod')), assign(app.principalId, blobDataReader, group)],
      }),
      violations: [{ severity: 'low' }],
      says: ['2 role assignments'],
    },
    {
      name: 'what could not be read about its grants is said',
      estate: estate({
        identities: [app],
        gaps: [
          { slice: 'roleAssignments', scope: sub('test'), state: 'missing', why: 'no access' },
          { slice: 'groupMembers', scope: '/', state: 'missing', why: 'Microsoft Graph answered 403' },
        ],
      }),
      violations: [{ severity: 'low' }],
      says: ['could not be read everywhere', 'what it holds through groups could not be read'],
    },
    {
      name: 'the others are judged where one identity’s credentials could not be read',
      estate: estate({
        identities: [app, other],
        gaps: [{ slice: 'federatedCredentials', scope: other.resourceId, state: 'missing', why: 'ARM answered 500' }],
      }),
      violations: [{ subject: app.resourceId }],
    },
    {
      name: 'it was asked and has none, while others still wait for their first reading',
      estate: estate({
        identities: [app, other],
        federatedCredentialsReadAt: new Map([[app.key, '2026-11-20T08:00:00Z']]),
        gaps: [{ slice: 'federatedCredentials', scope: '/', state: 'partial', why: '1 identity has not been read yet' }],
      }),
      violations: [{ subject: app.resourceId }],
    },
    {
      name: 'a gap that is known to be harmless closes nothing',
      estate: estate({
        identities: [app],
        gaps: [{ slice: 'federatedCredentials', scope: '/', state: 'partial', why: 'read three days ago', harmless: true }],
      }),
      violations: [{ subject: app.resourceId }],
    },
  ],
  silent: [
    { name: 'attached to a web app', estate: estate({ identities: [app], hosts: [attached(host('web'), app)] }) },
    {
      name: 'attached in a nested place of a cluster',
      estate: estate({
        identities: [app],
        hosts: [
          {
            ...host('aks'),
            userAssigned: [{ key: app.key, resourceId: app.resourceId, place: 'properties.identityProfile.kubeletidentity' }],
          },
        ],
      }),
    },
    { name: 'used from outside', estate: estate({ identities: [app], federatedCredentials: [federatedCredential(app, 'github')] }) },
    {
      name: 'made a moment ago',
      estate: estate({ identities: [app], directory: directory({ found: [principal(app, { createdAt: '2026-11-20T07:40:00Z' })] }) }),
    },
    {
      name: 'its own credentials could not be read',
      estate: estate({
        identities: [app],
        gaps: [{ slice: 'federatedCredentials', scope: app.resourceId, state: 'missing', why: 'ARM answered 500' }],
      }),
    },
    {
      name: 'the credentials of its resource group could not be read',
      estate: estate({
        identities: [app],
        gaps: [{ slice: 'federatedCredentials', scope: group.toUpperCase(), state: 'partial', why: 'ARM answered 500' }],
      }),
    },
    { name: 'a system-assigned identity', estate: estate({ identities: [{ ...app, kind: 'system-assigned' }] }) },
  ],
  inconclusive: [
    {
      name: 'the hosts of one subscription could not be read: it may be attached there',
      estate: estate({ identities: [app], gaps: [{ slice: 'hosts', scope: sub('test'), state: 'missing', why: 'no access' }] }),
      because: /hosts missing/,
    },
    {
      name: 'it is not known whose credentials could not be read',
      estate: estate({
        identities: [app],
        gaps: [{ slice: 'federatedCredentials', scope: '/', state: 'partial', why: 'stopped after 500 calls' }],
      }),
      because: /federatedCredentials/,
    },
  ],
});
