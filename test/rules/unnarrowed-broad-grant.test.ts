import { unnarrowedBroadGrant } from '../../src/rules/unnarrowed-broad-grant.ts';
import {
  assign,
  blobDataReader,
  contributor,
  estate,
  guid,
  keyVaultSecretsUser,
  managementGroup,
  mg,
  owner,
  pid,
  principal,
  directory,
  reader,
  sub,
  subscription,
  userAssigned,
} from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const deployer = userAssigned('deployer');
const world = { identities: [app], containers: [managementGroup('corp'), subscription('prod', mg('corp'))] };
const accessAdministrator = 'f58310d9-a9f6-439a-9e8d-f62e7b41a168';
const held = (id: string, scope: string, more: Parameters<typeof assign>[3] = {}) =>
  estate({ ...world, assignments: [assign(app.principalId, id, scope, more)] });
const allowList = `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${keyVaultSecretsUser}}))`;
const onlyLogs = `((!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'logs'))`;

ruleTable(unnarrowedBroadGrant, {
  fires: [
    {
      name: 'after the review period, with age, creator and what is not known',
      estate: estate({
        ...world,
        assignments: [assign(app.principalId, contributor, sub('prod'), { createdBy: deployer.principalId })],
        directory: directory({ found: [principal(app), principal(deployer)] }),
      }),
      violations: [{ severity: 'medium', confidence: 'certain', scope: sub('prod') }],
      says: ['308 days', 'deployer', 'Whether it is used is not known'],
    },
    {
      name: 'on the day it comes due',
      estate: held(contributor, sub('prod'), { createdAt: '2026-10-21T08:00:00Z' }),
      violations: [{}],
      says: ['30 days'],
    },
    { name: 'above subscriptions', estate: held(owner, mg('corp')), violations: [{ severity: 'high' }] },
    { name: 'data', estate: held(keyVaultSecretsUser, sub('prod')), violations: [{ severity: 'medium' }] },
    {
      name: 'the review period is a setting',
      estate: held(contributor, sub('prod'), { createdAt: '2026-11-10T08:00:00Z' }),
      settings: { broadGrantReviewDays: 7 },
      violations: [{}],
    },
    {
      name: 'without a date nobody can call it young',
      estate: held(contributor, sub('prod'), { createdAt: undefined, createdBy: '' }),
      violations: [{ confidence: 'possible' }],
      says: ['does not say when'],
    },
    {
      name: 'a date that is none is no date',
      estate: held(contributor, sub('prod'), { createdAt: 'soon' }),
      violations: [{ confidence: 'possible' }],
    },
    {
      name: 'an allow-list on granting leaves Owner as broad as it was',
      estate: held(owner, sub('prod'), { condition: allowList }),
      violations: [{}],
    },
    {
      name: 'through a group',
      estate: estate({
        ...world,
        memberships: new Map([[app.principalId, [pid('team')]]]),
        assignments: [assign(pid('team'), contributor, sub('prod'))],
      }),
      violations: [{ aspect: app.principalId }],
    },
  ],
  silent: [
    { name: 'a day before', estate: held(contributor, sub('prod'), { createdAt: '2026-10-21T08:00:01Z' }) },
    { name: 'a resource group', estate: held(contributor, `${sub('prod')}/resourceGroups/rg-app`) },
    { name: 'Reader', estate: held(reader, '/') },
    { name: 'granting, narrowed to a list of roles', estate: held(accessAdministrator, sub('prod'), { condition: allowList }) },
    { name: 'data, narrowed to a container', estate: held(blobDataReader, sub('prod'), { condition: onlyLogs }) },
    { name: 'a role nobody can read', estate: held(guid('hidden'), sub('prod')) },
    { name: 'a person', estate: estate({ ...world, assignments: [assign(pid('person'), owner, sub('prod'))] }) },
  ],
});
