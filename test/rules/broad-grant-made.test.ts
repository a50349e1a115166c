import { resourceKey, roleId } from '../../src/estate/index.ts';
import { broadGrantMade } from '../../src/rules/broad-grant-made.ts';
import type { MadeGrant } from '../../src/rules/index.ts';
import {
  assign,
  attached,
  blobDataReader,
  contributor,
  directory,
  estate,
  federatedCredential,
  guid,
  host,
  keyVaultSecretsUser,
  managementGroup,
  mg,
  owner,
  pid,
  principal,
  reader,
  role,
  sub,
  subscription,
  userAccessAdministrator,
  userAssigned,
} from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const other = userAssigned('other-id');
const world = { identities: [app, other], containers: [managementGroup('corp'), subscription('prod', mg('corp'))] };
const group = `${sub('prod')}/resourceGroups/rg-app`;
const at = '2026-11-20T07:50:00Z';
const pim = '01fc33a7-78ba-4d2f-a4b7-768e336e890e';
const aks = '7319c514-987d-4e9b-ac3d-d38c4f427f4c';
const accessAdministrator = 'f58310d9-a9f6-439a-9e8d-f62e7b41a168';
const only = (...roles: string[]): string =>
  `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${roles.join(', ')}}))`;
const allBut = (...roles: string[]): string => only(...roles).replace('ForAnyOfAnyValues:GuidEquals', 'ForAnyOfAllValues:GuidNotEquals');

const grantOf = (id: string, more: Partial<MadeGrant> = {}): MadeGrant => ({
  kind: 'assignment',
  id,
  firstId: id,
  at,
  caller: 'operator@contoso.example',
  callerObjectId: guid('operator'),
  callerAppId: '',
  callerAddress: '20.50.2.14',
  correlationId: guid('correlation'),
  principalId: '',
  roleId: '',
  scopeId: '',
  ...more,
});

/** An assignment made ten minutes ago and the log's record of it, in a tenant where `operator` has granted before. */
function made(
  id: string,
  scope: string,
  more: { assignment?: Parameters<typeof assign>[3]; grant?: Partial<MadeGrant>; holder?: string } = {},
) {
  const one = assign(pid(more.holder ?? 'app-id'), id, scope, { createdAt: at, createdBy: guid('operator'), ...more.assignment });
  const old = assign(other.principalId, reader, group, { createdBy: guid('operator') });
  return { estate: estate({ ...world, assignments: [one, old] }), memory: { grantsMade: [grantOf(one.id, more.grant)] } };
}

const credential = federatedCredential(app, 'github');
const added = grantOf(credential.id, { kind: 'federated-credential' });
const elevated = grantOf(guid('operator'), { kind: 'elevation', principalId: guid('operator'), scopeId: '/' });
const inLog = (id: string, scope: string): Partial<MadeGrant> => ({ principalId: app.principalId, roleId: roleId(id), scopeId: scope });
const unseen = assign(app.principalId, owner, sub('prod'));
const people = { id: pid('people'), kind: 'group' as const, displayName: 'people' };

ruleTable(broadGrantMade, {
  fires: [
    {
      name: 'Contributor of a subscription: who, to whom, what, when, and both commands',
      estate: estate({
        ...world,
        hosts: [attached(host('app-site', group, { systemAssigned: undefined }), app)],
        assignments: [
          assign(app.principalId, contributor, sub('prod'), { createdAt: at }),
          assign(other.principalId, reader, group, { createdBy: guid('operator') }),
        ],
      }),
      memory: { grantsMade: [grantOf(assign(app.principalId, contributor, sub('prod')).id)] },
      violations: [
        { severity: 'high', confidence: 'certain', scope: sub('prod'), subject: assign(app.principalId, contributor, sub('prod')).id },
      ],
      says: [
        /operator@contoso.example gave .* Contributor on subscription .* at 2026-11-20 07:50 UTC/,
        'az role assignment delete --ids',
        'az role assignment create',
      ],
    },
    { name: 'Owner of a management group', ...made(owner, mg('corp')), violations: [{ severity: 'critical' }] },
    { name: 'the right to grant on a resource group', ...made(userAccessAdministrator, group), violations: [{ severity: 'medium' }] },
    { name: 'secrets of a whole subscription', ...made(keyVaultSecretsUser, sub('prod')), violations: [{ severity: 'high' }] },
    { name: 'blobs of a whole subscription', ...made(blobDataReader, sub('prod')), violations: [{ severity: 'medium' }] },
    {
      name: 'a custom role by what it allows',
      ...made(guid('rd'), sub('prod')),
      estate: estate({
        ...world,
        roles: [role(guid('rd'), 'Harmless reader', { actions: ['*'] }, { custom: true })],
        assignments: [assign(app.principalId, guid('rd'), sub('prod'), { createdAt: at })],
      }),
      violations: [{ severity: 'high', role: { id: guid('rd'), name: 'Harmless reader' } }],
    },
    {
      name: 'an identity that grants itself more',
      ...made(contributor, sub('prod'), { grant: { caller: app.principalId, callerObjectId: app.principalId } }),
      violations: [{ severity: 'critical' }],
      says: ['gave itself', 'take it for a break-in'],
    },
    {
      name: 'somebody who never granted before weighs more, up to high',
      ...made(blobDataReader, sub('prod'), { grant: { caller: 'new@contoso.example', callerObjectId: guid('newcomer') } }),
      violations: [{ severity: 'high' }],
      says: ['Nobody has seen its maker make a grant before'],
    },
    {
      name: 'somebody whose grants the watch remembers is not new',
      ...made(blobDataReader, sub('prod'), { grant: { caller: 'new@contoso.example', callerObjectId: guid('newcomer') } }),
      memory: {
        grantsMade: [grantOf(assign(app.principalId, blobDataReader, sub('prod')).id, { callerObjectId: guid('newcomer') })],
        callersSeen: new Map([[guid('newcomer'), '2026-10-01T08:00:00Z']]),
      },
      violations: [{ severity: 'medium' }],
    },
    {
      name: 'PIM lowers it, by the application of the token, and says that a workload cannot activate',
      ...made(contributor, sub('prod'), { grant: { caller: guid('pim'), callerObjectId: guid('pim'), callerAppId: pim } }),
      violations: [{ severity: 'low' }],
      says: ['Privileged Identity Management', 'A workload cannot activate'],
    },
    {
      name: 'PIM by its name, where the log gives nothing else',
      ...made(contributor, sub('prod'), { grant: { caller: 'MS-PIM', callerObjectId: '' } }),
      violations: [{ severity: 'low' }],
    },
    {
      name: 'an application that calls itself MS-PIM is not',
      ...made(contributor, sub('prod'), { grant: { caller: 'MS-PIM', callerObjectId: guid('operator'), callerAppId: guid('somebody') } }),
      violations: [{ severity: 'high' }],
    },
    {
      name: 'a person who activates a role is told as info, where people are asked for',
      estate: estate({
        ...world,
        assignments: [assign(pid('person'), owner, sub('prod'), { createdAt: at })],
        directory: directory({ found: [{ id: pid('person'), kind: 'user', displayName: 'person' }] }),
      }),
      settings: { principals: 'all' },
      memory: { grantsMade: [grantOf(assign(pid('person'), owner, sub('prod')).id, { callerAppId: pim })] },
      violations: [{ severity: 'info' }],
      says: ['an activation, which ends by itself'],
    },
    {
      name: 'the AKS resource provider lowers it',
      ...made(contributor, sub('prod'), { grant: { callerAppId: aks } }),
      violations: [{ severity: 'low' }],
    },
    {
      name: 'the remediation of a policy, within its scope, lowers it',
      ...made(contributor, sub('prod')),
      estate: estate({
        ...world,
        assignments: [assign(app.principalId, contributor, sub('prod'), { createdAt: at })],
        policyAssignments: [
          {
            id: `${sub('prod')}/providers/Microsoft.Authorization/policyAssignments/tags`,
            key: resourceKey(`${sub('prod')}/providers/Microsoft.Authorization/policyAssignments/tags`),
            name: 'tags',
            principalId: app.principalId,
          },
        ],
      }),
      violations: [{ severity: 'low' }],
      says: ['Azure Policy assignment tags'],
    },
    {
      name: 'a list of the only roles it may hand out lowers it',
      ...made(accessAdministrator, sub('prod'), { assignment: { condition: only(keyVaultSecretsUser) } }),
      violations: [{ severity: 'low' }],
    },
    {
      name: 'a list of roles it may not hand out does not',
      ...made(accessAdministrator, sub('prod'), { assignment: { condition: allBut(owner) } }),
      violations: [{ severity: 'high' }],
    },
    {
      name: 'a group, for the identities in it',
      estate: estate({
        ...world,
        assignments: [assign(people.id, contributor, sub('prod'), { createdAt: at })],
        directory: directory({ found: [people] }),
        memberships: new Map([[app.principalId, [people.id]]]),
      }),
      memory: { grantsMade: [grantOf(assign(people.id, contributor, sub('prod')).id)] },
      violations: [{ severity: 'high', principal: { id: people.id, kind: 'group', name: 'people', resourceId: '', clientId: '' } }],
      says: ['Through this group it reaches'],
    },
    {
      name: 'one that Resource Graph does not show yet, on the word of the log',
      estate: estate(world),
      memory: { grantsMade: [grantOf(unseen.id, inLog(owner, sub('prod')))] },
      violations: [{ severity: 'high', confidence: 'likely' }],
      says: ['does not show the assignment yet'],
    },
    {
      name: 'one that a pipeline re-created keeps its first id and is deleted by its last',
      ...made(contributor, sub('prod'), {
        grant: { firstId: `${sub('prod')}/providers/Microsoft.Authorization/roleAssignments/${guid('first')}` },
      }),
      violations: [{ subject: `${sub('prod')}/providers/Microsoft.Authorization/roleAssignments/${guid('first')}` }],
      says: [`--ids '${assign(app.principalId, contributor, sub('prod')).id}'`],
    },
    {
      name: 'elevated access, whoever it is, with the assignment at the root',
      estate: estate({ ...world, assignments: [assign(pid('operator'), userAccessAdministrator, '/', { createdAt: at })] }),
      memory: { grantsMade: [elevated] },
      violations: [{ severity: 'critical', confidence: 'certain', scope: '/', aspect: 'elevate-access' }],
      says: ["az role assignment delete --ids '/providers/Microsoft.Authorization/roleAssignments/"],
    },
    {
      name: 'elevated access a moment ago, before Resource Graph shows it',
      estate: estate(world),
      memory: { grantsMade: [elevated] },
      violations: [{ severity: 'critical', confidence: 'likely' }],
    },
    {
      name: 'elevated access tells the assignment at the root once',
      estate: estate({ ...world, assignments: [assign(app.principalId, userAccessAdministrator, '/', { createdAt: at })] }),
      memory: {
        grantsMade: [
          { ...elevated, id: app.principalId, firstId: app.principalId, callerObjectId: app.principalId, principalId: app.principalId },
          grantOf(assign(app.principalId, userAccessAdministrator, '/').id),
        ],
      },
      violations: [{ aspect: 'elevate-access' }],
    },
    {
      name: 'a new way to sign in as an identity that holds a broad grant',
      estate: estate({ ...world, assignments: [assign(app.principalId, contributor, sub('prod'))], federatedCredentials: [credential] }),
      memory: { grantsMade: [added] },
      violations: [{ severity: 'high', subject: credential.id, scope: app.resourceId }],
      says: ['repo:contoso/storefront', 'az identity federated-credential delete'],
    },
    {
      name: 'an identity that lets outsiders in by itself, whatever it holds',
      estate: estate({ ...world, federatedCredentials: [credential] }),
      memory: { grantsMade: [{ ...added, callerObjectId: app.principalId, caller: app.principalId }] },
      violations: [{ severity: 'medium' }],
    },
  ],
  silent: [
    { name: 'the watch noted callers and no grant', estate: made(owner, sub('prod')).estate, memory: { grantsMade: [] } },
    { name: 'a data role on one resource', ...made(blobDataReader, `${group}/providers/Microsoft.Storage/storageAccounts/st`) },
    { name: 'Contributor of one resource group', ...made(contributor, group) },
    { name: 'Reader of the whole tenant', ...made(reader, '/') },
    {
      name: 'the right to hand out harmless roles on one resource',
      ...made(accessAdministrator, `${group}/providers/Microsoft.Web/sites/app`, { assignment: { condition: only(keyVaultSecretsUser) } }),
    },
    {
      name: 'an assignment that a deployment wrote once more',
      ...made(owner, sub('prod'), { assignment: { createdAt: '2026-11-10T08:00:00Z' } }),
    },
    {
      name: 'a grant that is gone',
      estate: estate(world),
      memory: { grantsMade: [grantOf(unseen.id, { ...inLog(owner, sub('prod')), at: '2026-11-20T06:50:00Z' })] },
    },
    {
      name: 'a grant that was seen and is gone, a moment later',
      estate: estate(world),
      memory: { grantsMade: [grantOf(unseen.id, { ...inLog(owner, sub('prod')), seenAt: at })] },
    },
    {
      name: 'a log that does not say what was granted, before Resource Graph shows it',
      estate: estate(world),
      memory: { grantsMade: [grantOf(unseen.id)] },
    },
    { name: 'a role that cannot be read', ...made(guid('hidden'), sub('prod')) },
    {
      name: 'after the time for review it is unnarrowed-broad-grant',
      ...made(owner, sub('prod'), { assignment: { createdAt: '2026-10-01T08:00:00Z' }, grant: { at: '2026-10-01T08:00:00Z' } }),
    },
    {
      name: 'a person, unless people are asked for',
      estate: estate({
        ...world,
        assignments: [assign(pid('person'), owner, sub('prod'), { createdAt: at })],
        directory: directory({ found: [{ id: pid('person'), kind: 'user', displayName: 'person' }] }),
      }),
      memory: { grantsMade: [grantOf(assign(pid('person'), owner, sub('prod')).id)] },
    },
    {
      name: 'elevated access that was taken back',
      estate: estate(world),
      memory: { grantsMade: [{ ...elevated, at: '2026-11-19T07:50:00Z' }] },
    },
    {
      name: 'a new way to sign in as an identity with a narrow grant',
      estate: estate({
        ...world,
        assignments: [assign(app.principalId, contributor, group)],
        federatedCredentials: [credential],
        directory: directory({ found: [principal(app)] }),
      }),
      memory: { grantsMade: [added] },
    },
    {
      name: 'a federated credential that is gone',
      estate: estate({ ...world, assignments: [assign(app.principalId, contributor, sub('prod'))] }),
      memory: { grantsMade: [added] },
    },
    {
      name: 'a federated credential that was there before',
      estate: estate({ ...world, assignments: [assign(app.principalId, contributor, sub('prod'))], federatedCredentials: [credential] }),
      memory: { grantsMade: [{ ...added, quiet: true }] },
    },
  ],
  inconclusive: [
    { name: 'no watch has run on this store', estate: made(owner, sub('prod')).estate, because: /no watch has noted a grant/ },
    {
      name: 'no assignment could be read',
      ...made(owner, sub('prod')),
      estate: estate({ ...world, gaps: [{ slice: 'roleAssignments', scope: '/', state: 'missing', why: 'signed out' }] }),
      because: /signed out/,
    },
  ],
});
