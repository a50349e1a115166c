import { principalId, resourceKey } from '../../src/estate/index.ts';
import { orphanedAssignment } from '../../src/rules/orphaned-assignment.ts';
import {
  assign,
  attached,
  blobDataReader,
  contributor,
  directory,
  estate,
  host,
  mg,
  owner,
  pid,
  principal,
  reader,
  resourceGroup,
  sub,
  subscription,
  systemAssignedOf,
  userAssigned,
} from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const group = `${sub('prod')}/resourceGroups/rg-app`;
const orphan = assign(pid('gone'), blobDataReader, group);
const gone = directory({ found: [principal(app)], absent: [pid('gone')] });
const before = { missingSince: new Map([[pid('gone'), '2026-11-19T08:00:00Z']]) };

ruleTable(orphanedAssignment, {
  fires: [
    {
      name: 'absent from directory and recycle bin, canary visible, still standing: likely at first sight',
      estate: estate({ assignments: [orphan], directory: gone }),
      violations: [
        {
          subject: orphan.id,
          scope: group,
          proof: 'deleted',
          confidence: 'likely',
          severity: 'low',
          principal: { id: pid('gone'), kind: 'unknown', name: '', resourceId: '', clientId: '' },
        },
      ],
      says: ['az role assignment delete --ids', 'first audit that saw it missing'],
    },
    {
      name: 'certain once an earlier run saw it missing too',
      estate: estate({ assignments: [orphan], directory: gone }),
      memory: before,
      violations: [{ confidence: 'certain' }],
      says: ['missing since 2026-11-19 08:00 UTC'],
    },
    {
      name: 'a deleted user is an orphan too, whatever AUDIT_PRINCIPALS says',
      estate: estate({ assignments: [{ ...orphan, principalType: 'User' }], directory: gone }),
      violations: [{ proof: 'deleted' }],
    },
    {
      name: 'Owner of a subscription weighs more, and the last administrator is named as an obstacle',
      estate: estate({ assignments: [assign(pid('gone'), owner, sub('prod'))], directory: gone }),
      violations: [{ severity: 'medium', role: { id: owner, name: 'Owner' } }],
      says: ['refuses to delete the last one'],
    },
    {
      name: 'a living owner beside it removes that obstacle',
      estate: estate({
        identities: [app],
        assignments: [assign(pid('gone'), owner, sub('prod')), assign(app.principalId, owner, sub('prod'))],
        directory: gone,
      }),
      violations: [{ severity: 'medium' }],
      says: [/^(?![\s\S]*refuses to delete)/],
    },
    {
      name: 'a managed resource group is named as an obstacle',
      estate: estate({
        containers: [
          subscription('prod'),
          resourceGroup('prod', 'rg-app', { managedBy: `${group}/providers/Microsoft.Databricks/workspaces/dbw` }),
        ],
        assignments: [orphan],
        directory: gone,
      }),
      violations: [{ proof: 'deleted' }],
      says: ['managed by', 'Microsoft.Databricks/workspaces/dbw'],
    },
    {
      name: 'assignments at a management group and at the root print their own commands',
      estate: estate({ assignments: [assign(pid('gone'), reader, '/'), assign(pid('gone'), reader, mg('platform'))], directory: gone }),
      violations: [{ scope: '/' }, { scope: mg('platform') }],
      says: [/az role assignment delete --ids '\/providers\/Microsoft\.Authorization\/roleAssignments\/[0-9a-f-]+'/],
    },
    {
      name: 'the identity that took its place is named first',
      estate: estate({
        identities: [app],
        hosts: [
          {
            ...attached(host('app'), app),
            userAssigned: [{ key: app.key, resourceId: app.resourceId, principalId: pid('gone'), place: 'identity' }],
          },
        ],
        assignments: [orphan],
        directory: gone,
      }),
      violations: [{ related: [pid('gone'), app.principalId] }],
      says: ['recreated-identity', 'app-id'],
    },
    {
      name: 'what it was, is remembered from earlier runs',
      estate: estate({ assignments: [orphan], directory: gone }),
      memory: {
        ...before,
        lastSeen: new Map([
          [
            pid('gone'),
            {
              kind: 'system-assigned',
              resourceId: `${group}/providers/Microsoft.Web/sites/app`,
              name: 'app',
              lastSeenAt: '2026-11-10T08:00:00Z',
            },
          ],
        ]),
      },
      violations: [
        {
          principal: {
            id: pid('gone'),
            kind: 'system-assigned',
            name: 'app',
            resourceId: `${group}/providers/Microsoft.Web/sites/app`,
            clientId: '',
          },
        },
      ],
    },
    {
      name: 'the bin of users could not be read, which hides nobody else',
      estate: estate({
        assignments: [orphan, assign(pid('somebody'), reader, group, { principalType: 'User' })],
        directory: directory({ absent: [pid('gone')], unresolved: [pid('somebody')] }),
        gaps: [{ slice: 'deletedPrincipals', scope: '/', state: 'partial', why: 'Microsoft Graph answered 403' }],
      }),
      violations: [{ subject: orphan.id }],
    },
    {
      name: 'without a date, once an earlier run saw its principal missing',
      estate: estate({ assignments: [{ ...orphan, createdAt: undefined }], directory: gone }),
      memory: before,
      violations: [{ confidence: 'certain' }],
    },
  ],
  silent: [
    { name: 'the principal is there', estate: estate({ identities: [app], assignments: [assign(app.principalId, contributor, group)] }) },
    {
      name: 'the principal exists and the auditor may not read its type',
      estate: estate({ assignments: [orphan], directory: directory({ found: [{ id: pid('gone'), kind: 'limited' }] }) }),
    },
    {
      name: 'the principal is in the recycle bin',
      estate: estate({
        assignments: [orphan],
        directory: directory({ deleted: [{ id: pid('gone'), deletedAt: '2026-11-18T08:00:00Z' }] }),
      }),
    },
    {
      name: 'a partner tenant’s principal',
      estate: estate({ assignments: [orphan], directory: directory({ found: [{ id: pid('gone'), kind: 'partner' }] }) }),
    },
    { name: 'a foreign group', estate: estate({ assignments: [{ ...orphan, principalType: 'ForeignGroup' }], directory: gone }) },
    {
      name: 'a delegated managed identity',
      estate: estate({
        assignments: [{ ...orphan, delegatedManagedIdentityResourceId: `${group}/providers/Microsoft.Web/sites/app` }],
        directory: gone,
      }),
    },
    {
      name: 'the look-up of this principal failed',
      estate: estate({ assignments: [orphan], directory: directory({ unresolved: [pid('gone')] }) }),
    },
    { name: 'nobody asked for this principal', estate: estate({ assignments: [orphan], directory: directory({}) }) },
    {
      name: 'made a moment ago: it may not have replicated',
      estate: estate({ assignments: [{ ...orphan, createdAt: '2026-11-20T07:30:00Z' }], directory: gone }),
    },
    {
      name: 'made in the future: clocks differ',
      estate: estate({ assignments: [{ ...orphan, createdAt: '2026-11-20T09:30:00Z' }], directory: gone }),
    },
    {
      name: 'judged a day later, but collected a moment after it was made',
      estate: estate({ assignments: [{ ...orphan, createdAt: '2026-11-20T07:30:00Z' }], directory: gone }),
      now: '2026-11-21T08:00:00Z',
    },
    {
      name: 'the principal was seen alive within the window',
      estate: estate({ assignments: [orphan], directory: gone }),
      memory: {
        lastSeen: new Map([
          [pid('gone'), { kind: 'user-assigned', resourceId: app.resourceId, name: 'app-id', lastSeenAt: '2026-11-20T07:45:00Z' }],
        ]),
      },
    },
    { name: 'without a date, at first sight', estate: estate({ assignments: [{ ...orphan, createdAt: undefined }], directory: gone }) },
    { name: 'with a date that is none', estate: estate({ assignments: [{ ...orphan, createdAt: 'yesterday' }], directory: gone }) },
    {
      name: 'ARM says that the assignment is gone already',
      estate: estate({ assignments: [orphan], directory: gone, confirmations: new Map([[orphan.key, 'gone']]) }),
    },
    {
      name: 'the re-read over ARM failed',
      estate: estate({ assignments: [orphan], directory: gone, confirmations: new Map([[orphan.key, 'unresolved']]) }),
    },
    { name: 'nobody re-read it', estate: estate({ assignments: [orphan], directory: gone, confirmations: new Map() }) },
    {
      name: 'Resource Graph still shows an identity with that principal id',
      estate: estate({ identities: [userAssigned('app-id', group, { principalId: pid('gone') })], assignments: [orphan], directory: gone }),
    },
    { name: 'an empty principal id', estate: estate({ assignments: [{ ...orphan, principalId: principalId('') }], directory: gone }) },
    { name: 'an empty tenant', estate: estate({ directory: directory({ canary: 'not-asked' }) }) },
    {
      name: 'everybody is there, so no canary was needed',
      estate: estate({
        identities: [app],
        assignments: [assign(app.principalId, reader, group)],
        directory: directory({ found: [principal(app)], canary: 'not-asked' }),
      }),
    },
    {
      name: 'a system-assigned identity whose host is there',
      estate: estate({
        identities: [systemAssignedOf(host('app'))],
        hosts: [host('app')],
        assignments: [assign(pid('app'), reader, resourceKey(group))],
      }),
    },
  ],
  inconclusive: [
    {
      name: 'the canary stayed invisible',
      estate: estate({ assignments: [orphan], directory: directory({ absent: [pid('gone')], canary: 'invisible' }) }),
      because: /known to exist could not be seen/,
    },
    {
      name: 'no canary was asked for',
      estate: estate({ assignments: [orphan], directory: directory({ absent: [pid('gone')], canary: 'not-asked' }) }),
      because: /proves nothing/,
    },
    {
      name: 'the directory could not be read at all',
      estate: estate({
        assignments: [orphan],
        directory: gone,
        gaps: [
          { slice: 'principals', scope: '/', state: 'missing', why: 'Microsoft Graph answered 403', permission: 'Application.Read.All' },
        ],
      }),
      because: /principals missing at \/ \(Microsoft Graph answered 403\)/,
    },
    {
      name: 'the recycle bin could not be read for any of the missing',
      estate: estate({
        assignments: [orphan],
        directory: directory({ unresolved: [pid('gone')] }),
        gaps: [{ slice: 'deletedPrincipals', scope: '/', state: 'partial', why: 'Microsoft Graph answered 403' }],
      }),
      because: /none of the 1 missing principals.*deletedPrincipals/,
    },
    {
      name: 'the recycle bin could not be read at all',
      estate: estate({
        assignments: [orphan],
        directory: gone,
        gaps: [{ slice: 'deletedPrincipals', scope: '/', state: 'missing', why: 'Microsoft Graph answered 403' }],
      }),
      because: /deletedPrincipals missing/,
    },
    {
      name: 'no assignment could be re-read',
      estate: estate({
        assignments: [orphan],
        directory: gone,
        gaps: [{ slice: 'assignmentConfirmations', scope: '/', state: 'missing', why: 'ARM answered 503' }],
      }),
      because: /ARM answered 503/,
    },
  ],
});
