import type { StoredFinding } from '../../src/findings/index.ts';
import type { Holding, IdentitySheet } from '../../src/inventory/index.ts';
import {
  buildReview,
  csvOf,
  identityTally,
  periodOf,
  reviewHtml,
  runTally,
  sheetIds,
  sheetOf,
  type Review,
} from '../../src/messages/review/index.ts';
import { rules } from '../../src/rules/index.ts';
import { peakMemoryMB } from './measure.ts';

/** In a process of its own: a review of the size asked for, rendered as HTML and all CSV, against `JSON.stringify` of the same review. */
const [identities = 20_000, holdingsEach = 5, findingsMax = 10_000] = process.argv.slice(2).map(Number);
const now = '2026-11-01T06:00:00.000Z';
const period = periodOf('2026-10', now)!;
const guid = (n: number): string => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
const subscription = (n: number): string => `/subscriptions/${guid(n % 100)}`;

const baselineMemoryMB = peakMemoryMB();
const review = made();
const builtMemoryMB = peakMemoryMB();

let htmlChars = 0;
const htmlMs = await cpu(async () => void (htmlChars = (await reviewHtml(review)).length));
let csvChars = 0;
const csvMs = await cpu(async () => {
  for (const id of sheetIds) for (const part of csvOf(sheetOf(review, id))) csvChars += part.length;
});
const renderedMemoryMB = peakMemoryMB();
let jsonChars = 0;
const jsonMs = await cpu(async () => void (jsonChars = JSON.stringify(review).length));

process.stdout.write(
  JSON.stringify({
    htmlMs,
    csvMs,
    jsonMs,
    htmlChars,
    csvChars,
    jsonChars,
    baselineMemoryMB,
    builtMemoryMB,
    renderedMemoryMB,
    withJsonMemoryMB: peakMemoryMB(),
  }),
);

async function cpu(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function made(): Review {
  const findings = Array.from({ length: findingsMax }, (_, n) => finding(n));
  const tally = identityTally();
  for (let n = 0; n < identities; n++) tally.add(JSON.parse(JSON.stringify(sheet(n))) as IdentitySheet);
  return buildReview({
    month: '2026-10',
    period,
    now,
    tenantId: guid(1),
    subscriptions: {},
    runs: runTally(period),
    identities: tally,
    findings,
    history: new Map(
      findings.map(({ id, title }) => {
        const opened = { findingId: id, revision: 1, at: '2026-10-05T06:00:00.000Z', runId: 'r', kind: 'opened' as const, note: title };
        return [id, [opened]] as const;
      }),
    ),
    exceptions: [],
    incidents: [],
    trend: [],
    previous: undefined,
    rules,
    titleOfCause: (cause) => cause,
    notes: [],
  });
}

function sheet(n: number): IdentitySheet {
  return {
    principalId: guid(n),
    clientId: guid(n + 1_000_000),
    kind: n % 3 === 0 ? 'system-assigned' : 'user-assigned',
    name: `id-workload-${n}-prod`,
    resourceId: `${subscription(n)}/resourceGroups/rg-${n % 4_000}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-workload-${n}-prod`,
    tags: {},
    hosts: [],
    federatedCredentials: [],
    holdings: Array.from({ length: holdingsEach }, (_, at) => holding(n, at)),
    actors: [],
    seenAt: now,
  };
}

function holding(n: number, at: number): Holding {
  const broad = (n + at) % 7 === 0;
  const scope = broad
    ? subscription(n)
    : `${subscription(n)}/resourceGroups/rg-${n % 4_000}/providers/Microsoft.KeyVault/vaults/kv-${(n * 7 + at) % 30_000}`;
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${guid(n * 10 + at)}`,
    plane: broad ? 'control' : 'data',
    role: broad
      ? { id: 'b24988ac-6180-42a0-ab88-20f7382dd24c', name: 'Contributor' }
      : { id: '4633458b-17de-408a-b874-0445c86b69e6', name: 'Key Vault Secrets User' },
    scope,
    scopeLevel: broad ? 'subscription' : 'resource',
    conditional: false,
    grantedAt: '2026-01-10T08:00:00.000Z',
    grantedBy: guid(7),
    ...(broad && {
      severity: 'high' as const,
      question: 'It may change everything in a whole subscription. Which of the resources there does its workload change?',
    }),
  };
}

function finding(n: number): StoredFinding {
  const rule = rules[n % rules.length]!;
  return {
    id: `${rule.id}-${n.toString(16).padStart(16, '0')}`,
    rule: rule.id,
    severity: rule.severity,
    confidence: 'certain',
    status: 'open',
    subject: guid(n),
    principal: { id: guid(n), kind: 'user-assigned', name: `id-workload-${n}-prod`, resourceId: '', clientId: '' },
    proof: '',
    role: { id: '', name: 'Contributor' },
    scope: subscription(n),
    title: `id-workload-${n}-prod: ${rule.title}`,
    message: rule.title,
    evidence: [{ label: 'allows', value: '*', source: 'resource-graph' }],
    fix: [],
    related: [],
    controls: rule.controls,
    firstSeenAt: '2026-10-05T06:00:00.000Z',
    lastSeenAt: now,
    firstSeenRunId: 'r',
    statusRunId: 'r',
    revision: 1,
    changedAt: '2026-10-05T06:00:00.000Z',
  };
}
