import type { Exception, HistoryEntry, Run, StoredFinding } from '../../../src/findings/index.ts';
import { emptySummary, noCalls } from '../../../src/findings/index.ts';
import type { StoredIncident } from '../../../src/incidents/index.ts';
import type { Holding, IdentitySheet } from '../../../src/inventory/index.ts';
import { buildReview, identityTally, periodOf, runTally, type Review, type ReviewInput } from '../../../src/messages/review/index.ts';
import { incident as cardIncident, finding as cardFinding } from '../card/samples.ts';

export const now = '2026-11-01T06:00:00.000Z';
const subscription = '/subscriptions/0b1f6471-1bf0-4dda-aec3-111122223333';
const vault = `${subscription}/resourceGroups/rg-pay/providers/Microsoft.KeyVault/vaults/kv-pay`;

export const finding = (over: Partial<StoredFinding> = {}): StoredFinding => ({
  ...cardFinding().finding,
  status: 'open',
  firstSeenAt: '2026-10-02T05:00:00.000Z',
  firstSeenRunId: 'r1',
  statusRunId: 'r1',
  revision: 9,
  changedAt: now,
  ...over,
});

export const entry = (kind: HistoryEntry['kind'], at: string, revision = 1, note = ''): HistoryEntry => ({
  findingId: finding().id,
  revision,
  at,
  runId: 'r1',
  kind,
  note,
});

export const audit = (day: number, over: Partial<Run> = {}): Run => ({
  id: `202610${String(day).padStart(2, '0')}T050000Z`,
  job: 'audit',
  state: 'finished',
  startedAt: `2026-10-${String(day).padStart(2, '0')}T05:00:00.000Z`,
  finishedAt: `2026-10-${String(day).padStart(2, '0')}T05:01:00.000Z`,
  tenantId: '6babcaad-604b-40ac-a9d7-9fd97c0b779f',
  complete: true,
  calls: noCalls,
  coverage: [],
  rules: [{ id: 'orphaned-assignment', verdict: 'checked', because: '' }],
  summary: emptySummary,
  ...over,
});

export const holding = (over: Partial<Holding> = {}): Holding => ({
  id: `${vault}/providers/Microsoft.Authorization/roleAssignments/aa`,
  plane: 'data',
  role: { id: '4633458b-17de-408a-b874-0445c86b69e6', name: 'Key Vault Secrets User' },
  scope: vault,
  scopeLevel: 'resource',
  conditional: false,
  grantedAt: '2026-01-01T00:00:00.000Z',
  grantedBy: 'bb',
  ...over,
});

export const contributor = holding({
  id: `${subscription}/providers/Microsoft.Authorization/roleAssignments/cc`,
  plane: 'control',
  role: { id: 'b24988ac-6180-42a0-ab88-20f7382dd24c', name: 'Contributor' },
  scope: subscription,
  scopeLevel: 'subscription',
  severity: 'high',
  question: 'It may change everything there. Which call of its workload needs that?',
  reach: 111,
});

export const sheet = (name: string, holdings: readonly Holding[], over: Partial<IdentitySheet> = {}): IdentitySheet => ({
  principalId: `principal-${name}`,
  clientId: '',
  kind: 'user-assigned',
  name,
  resourceId: `${subscription}/resourceGroups/rg-pay/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`,
  tags: {},
  hosts: [],
  federatedCredentials: [],
  holdings,
  actors: [{ principalId: 'p', name: 'Operator 04', kind: 'user', way: 'attach', role: 'Owner', scope: subscription }],
  seenAt: now,
  ...over,
});

export const incident = (over: Partial<StoredIncident> = {}): StoredIncident => ({
  ...cardIncident().incident,
  toldDenials: 88,
  openedAt: '2026-10-10T05:00:00.000Z',
  ...over,
});

export const exception = (until: string, over: Partial<Exception> = {}): Exception => ({
  id: `e.${until}`,
  findingId: finding().id,
  rule: 'orphaned-assignment',
  reason: 'the vault goes in December',
  author: 'Ada',
  createdAt: '2026-10-20T00:00:00.000Z',
  until,
  ...over,
});

export interface Given extends Partial<Omit<ReviewInput, 'runs' | 'identities'>> {
  readonly runs?: readonly Run[];
  readonly sheets?: readonly IdentitySheet[];
}

export function review({ runs: given = [audit(1)], sheets = [], ...over }: Given = {}): Review {
  const at = over.now ?? now;
  const month = over.month ?? '2026-10';
  const period = periodOf(month, at)!;
  const runs = runTally(period);
  for (const run of given) runs.add(run);
  const identities = identityTally();
  for (const one of sheets) identities.add(one);
  return buildReview({
    month,
    period,
    now: at,
    tenantId: '6babcaad-604b-40ac-a9d7-9fd97c0b779f',
    subscriptions: { '0b1f6471-1bf0-4dda-aec3-111122223333': 'payments-prod' },
    findings: [],
    history: new Map(),
    exceptions: [],
    incidents: [],
    trend: [],
    previous: undefined,
    rules: [{ id: 'orphaned-assignment', title: 'Orphaned assignment', controls: ['CIS 6.0.0 5.3.4', 'MCSB PA-3'] }],
    titleOfCause: (cause) => cause,
    notes: [],
    ...over,
    runs,
    identities,
  });
}

/** Every section has something to say. */
export const full = (name = 'id-pay'): Review =>
  review({
    runs: [
      audit(1, {
        complete: false,
        coverage: [
          {
            slice: 'roleAssignments',
            scope: subscription,
            state: 'partial',
            why: `${name} is refused`,
            permission: 'Microsoft.Authorization/roleAssignments/read',
          },
        ],
      }),
      audit(2, { rules: [{ id: 'orphaned-assignment', verdict: 'inconclusive', because: `${name} was not seen` }] }),
    ],
    sheets: [sheet(name, [contributor, holding({ role: { id: 'r', name } })]), sheet('id-idle', [])],
    findings: [
      finding({ title: name, principal: { id: '2222', kind: 'unknown', name, resourceId: name, clientId: '' } }),
      finding({ id: 'recreated-identity-1f2e3d4c5b6a7980', rule: 'recreated-identity', title: name, message: name, severity: 'high' }),
      finding({ id: 'orphaned-assignment-2f2e3d4c5b6a7980', status: 'accepted', title: name }),
    ],
    history: new Map([
      [
        finding().id,
        [
          entry('opened', '2026-10-02T05:00:00.000Z'),
          entry('resolved', '2026-10-05T05:00:00.000Z', 2),
          entry('reopened', '2026-10-09T05:00:00.000Z', 3),
          entry('accepted', '2026-10-20T00:00:00.000Z', 4),
        ],
      ],
    ]),
    exceptions: [exception('2026-12-01T00:00:00.000Z', { reason: name, author: name })],
    incidents: [
      incident({
        principal: { id: '1111', kind: 'user-assigned', name, resourceId: '', clientId: '' },
        resolvedAt: '2026-10-10T09:00:00.000Z',
        resolvedBy: name,
        status: 'resolved',
      }),
      incident({ id: 'incident-00bb' }),
    ],
    trend: [1, 2, 9].map((day) => ({
      day: `2026-10-0${day}`,
      open: { critical: 1, high: 2, medium: 3, low: 4, info: 5 },
      new: 1,
      resolved: 1,
      reopened: 0,
      accepted: 1,
    })),
    previous: { month: '2026-09', generatedAt: '2026-10-01T06:00:00.000Z', tenantId: 't', values: { 'open findings': 7 } },
    notes: [name],
  });
