import { reconcile } from '../../src/findings/index.ts';
import { notify } from '../../src/jobs/notify.ts';
import { renderCard, renderMail } from '../../src/messages/index.ts';
import { findingNotices, type Channel } from '../../src/outbox/index.ts';
import type { Violation } from '../../src/rules/index.ts';
import { openSqliteTable, openStore } from '../../src/store/index.ts';
import { measurement, round, type Measurement } from './result.ts';

const changed = 10_000;
const now = '2026-11-20T08:00:00.000Z';
const cap = 20;
const channels: readonly Channel[] = (['on-call', 'platform', 'security'] as const).map((name) => ({
  name,
  kind: name === 'security' ? 'email' : 'teams',
  recipients: ['security@example.com'],
  purposes: ['alerts', 'digest'],
  filter: name === 'on-call' ? { tags: ['environment=production'] } : {},
  messagesPerHourMax: cap,
}));

/** Ten thousand findings change in one audit; three channels hear of it. Everything but the sending: read, plan, write, render. */
export async function outbox(progress: (line: string) => void): Promise<readonly Measurement[]> {
  const table = openSqliteTable();
  const store = openStore(table, { nowMs: Date.now });
  progress(`storing ${changed} findings`);
  const run = await store.beginRun('audit', now, 'tenant');
  const { changes } = reconciled(run.id);
  const beforeDerive = process.cpuUsage();
  const notices = findingNotices(changes, { tagsOf: () => [{ environment: 'production', owner: 'shop' }], first: false });
  const deriveMs = cpuSince(beforeDerive);
  await store.apply(run.id, { ...changes, exceptions: [] }, notices);
  await store.finishRun({ ...run, state: 'finished', finishedAt: now });

  progress('telling three channels');
  const payloads: number[] = [];
  const sent = new Map<string, number>();
  // The templates of mails are loaded once in the life of a process.
  await renderMail({ kind: 'digest', because: 'digest', entries: [], total: 0, byEvent: {}, bySeverity: {}, from: now, to: now }, context);
  const before = process.cpuUsage();
  const report = await notify({
    store,
    channels,
    messenger: ({ name }) => ({
      sendCard: async (payload) => {
        payloads.push(Buffer.byteLength(payload));
        sent.set(name, (sent.get(name) ?? 0) + 1);
        return { kind: 'delivered' };
      },
      sendMail: async () => {
        sent.set(name, (sent.get(name) ?? 0) + 1);
        return { kind: 'delivered' };
      },
    }),
    render: { renderCard, renderMail },
    portalUrl: context.portalUrl,
    now: () => now,
    holder: 'bench',
    dryRun: false,
    progress: () => {},
  });
  const notifyMs = cpuSince(before);
  await store.close();
  const most = Math.max(...sent.values());
  const detail = {
    changes: report.changes,
    channels: channels.length,
    messages: [...sent].map(([name, count]) => `${name} ${count}`).join(', '),
    deriveMs: round(deriveMs),
    notifyMs: round(notifyMs),
  };
  return [
    measurement(`tell ${changed} changed findings of one audit, CPU`, (deriveMs + notifyMs) / 1_000, 's', detail, 2),
    measurement('messages on a channel', most, 'messages', detail, cap),
    measurement('largest card', Math.max(...payloads) / 1_000, 'kB', { cards: payloads.length }, 25),
  ];
}

const context = {
  now,
  tenantId: 'tenant',
  subscriptions: {},
  gaps: [],
  portalUrl: 'https://portal.azure.com',
  reference: 'bench',
  attempt: 1,
} as const;

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function reconciled(runId: string) {
  return reconcile({
    known: { findings: new Map(), exceptions: [] },
    violations: Array.from({ length: changed }, (_, at) => violation(at)),
    verdicts: [{ id: 'orphaned-assignment', verdict: 'checked', because: '', unjudged: [] }],
    rules: [],
    off: [],
    exclusions: { rules: [], scopes: [], tags: [] },
    tagsOf: () => [],
    within: () => false,
    area: { managementGroups: [], subscriptions: [] },
    now,
    runId,
  });
}

const violation = (at: number): Violation => ({
  rule: 'orphaned-assignment',
  subject: `/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-${at % 100}/providers/Microsoft.Authorization/roleAssignments/${at}`,
  severity: at % 3 === 0 ? 'high' : 'medium',
  confidence: 'certain',
  scope: `/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-${at % 100}`,
  title: `Nobody is behind the assignment ${at} of Storage Blob Data Contributor`,
  message: 'Its principal was deleted.',
  evidence: [{ label: 'principal', value: `id-${at}`, source: 'graph' }],
  fix: [{ text: 'Remove it.', cli: `az role assignment delete --ids ${at}` }],
  related: [],
});
