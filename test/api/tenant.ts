import type { StoredIncident } from '../../src/incidents/index.ts';
import type { IdentitySheet } from '../../src/inventory/index.ts';
import type { Severity } from '../../src/rules/index.ts';
import { openStore } from '../../src/store/index.ts';
import { estate, guid } from '../build/estate.ts';
import { memoryTable } from '../fakes/record-table.ts';
import { day, violation } from '../findings/world.ts';
import { audit, clock } from '../store/audit.ts';

/** A stored tenant: twelve findings in each of three subscriptions and two above them, an incident in each, an identity in each. Every name is hostile. */
export const subscriptions = ['alpha', 'beta', 'gamma'].map(guid);
export const now = day(20);
export const secretOf = (subscription: string): string => `only-in-${subscription.slice(0, 8)}`;
export const hostile = `=cmd|'/c calc'!A1<script>alert(1)</script>"\u202E`;

const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

export async function tenant() {
  const table = memoryTable();
  const store = openStore(table, clock);
  const violations = subscriptions.flatMap((id, of) =>
    Array.from({ length: 12 }, (_, at) =>
      violation(`/subscriptions/${id}/resourceGroups/rg-${at % 3}/providers/Microsoft.Authorization/roleAssignments/a${at}`, {
        severity: severities[at % severities.length]!,
        scope: `/subscriptions/${id}/resourceGroups/rg-${at % 3}`,
        title: `${hostile} ${secretOf(id)} ${at}`,
        principal: { ...principalOf(id), id: at < 6 ? principalOf(id).id : guid(`other-${of}-${at}`) },
        related: [
          `/subscriptions/${id}/resourceGroups/rg-1`,
          `/subscriptions/${subscriptions[(of + 1) % 3]}/resourceGroups/${secretOf(subscriptions[(of + 1) % 3]!)}`,
        ],
      }),
    ),
  );
  const above = [
    violation('/a', { scope: '/', title: 'above-all root' }),
    violation('/b', { scope: '/providers/Microsoft.Management/managementGroups/top', title: 'above-all top' }),
  ];
  const seen = estate({
    gaps: [
      { slice: 'policyAssignments', scope: `/subscriptions/${subscriptions[1]}`, state: 'missing', why: 'refused', permission: 'Reader' },
    ],
  });
  await audit(store, { now: day(18), estate: seen, violations: [...violations, ...above] });
  await store.saveInventory({ at: day(18), sheets: subscriptions.map(identityOf), hidden: () => false });
  await store.saveSubscriptionNames(Object.fromEntries(subscriptions.map((id) => [id, `${hostile} ${secretOf(id)}`])));
  const watch = await store.beginRun('watch', day(19), 'tenant');
  const state = await store.watchState();
  await store.saveWatch({ ...state, cursor: day(19), incidents: new Map(subscriptions.map(incidentOf).map((one) => [one.id, one])) });
  await store.finishRun({ ...watch, state: 'finished', finishedAt: day(19), complete: true });
  return { table, store };
}

const principalOf = (subscription: string) => ({
  id: guid(`principal ${subscription}`),
  kind: 'user-assigned' as const,
  name: `${hostile} ${secretOf(subscription)}`,
  resourceId: `/subscriptions/${subscription}/resourceGroups/rg-0/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`,
  clientId: guid(`client ${subscription}`),
});

export const principalIdOf = (subscription: string): string => principalOf(subscription).id;

const incidentOf = (subscription: string, at: number): StoredIncident => ({
  id: `incident-${String(at).repeat(16)}`,
  kind: 'outage',
  status: 'opened',
  severity: 'high',
  principal: principalOf(subscription),
  attribution: 'named',
  service: 'key-vault',
  targets: [`/subscriptions/${subscription}/resourceGroups/rg-0/providers/Microsoft.KeyVault/vaults/${secretOf(subscription)}`],
  operations: ['SecretGet'],
  statusCodes: [403],
  denials: 12,
  firstDenialAt: day(18),
  lastDenialAt: day(19),
  openedAt: day(18),
  causes: [
    {
      id: 'missing-role',
      confidence: 'certain',
      why: 'No role.',
      evidence: [],
      fix: [{ text: 'Grant it.', cli: 'az role assignment create' }],
      check: [],
    },
  ],
  ruledOut: [{ id: 'still-propagating', why: 'Too old.' }],
  toldDenials: 12,
});

const identityOf = (subscription: string): IdentitySheet => {
  const { id, clientId, kind, name, resourceId } = principalOf(subscription);
  return {
    principalId: id,
    clientId,
    kind,
    name,
    resourceId,
    tags: { owner: hostile },
    hosts: [{ id: `/subscriptions/${subscription}/resourceGroups/rg-0/providers/Microsoft.Web/sites/app`, kind: 'microsoft.web/sites' }],
    federatedCredentials: [],
    holdings: [`/subscriptions/${subscription}`, '/', '/providers/Microsoft.Management/managementGroups/top'].map((scope, at) => ({
      id: `/x/${at}`,
      plane: 'control',
      role: { id: 'r', name: 'Owner' },
      scope,
      scopeLevel: scope === '/' ? 'tenant' : scope.startsWith('/sub') ? 'subscription' : 'management-group',
      conditional: false,
      grantedAt: day(1),
      grantedBy: 'u',
      severity: 'critical',
    })),
    actors: [],
    seenAt: day(18),
  };
};
