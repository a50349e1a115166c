import { z } from 'zod';
import { slices } from '../estate/index.ts';
import type { Exception, HistoryEntry, Run, StoredFinding } from '../findings/index.ts';
import { severities } from '../rules/index.ts';
import { rowKind } from './row-kind.ts';

const text = z.string();
const version = 1;

const storedFinding = z.object({
  id: text,
  rule: text,
  severity: z.enum(severities),
  confidence: z.enum(['certain', 'likely', 'possible']),
  status: z.enum(['new', 'open', 'resolved', 'reopened', 'accepted']),
  subject: text,
  aspect: z.exactOptional(text),
  principal: z.object({
    id: text,
    kind: z.enum(['system-assigned', 'user-assigned', 'application', 'user', 'group', 'foreign', 'unknown']),
    name: text,
    resourceId: text,
    clientId: text,
  }),
  proof: z.enum(['deleted', 'soft-deleted', 'foreign', 'young', 'unresolved', 'visibility-unproven', '']),
  role: z.object({ id: text, name: text }),
  scope: text,
  title: text,
  message: text,
  evidence: z.array(z.object({ label: text, value: text, source: z.enum(['resource-graph', 'arm', 'graph', 'logs', 'activity']) })),
  fix: z.array(z.object({ text, cli: z.exactOptional(text), bicep: z.exactOptional(text), terraform: z.exactOptional(text) })),
  related: z.array(text),
  controls: z.array(text),
  firstSeenAt: text,
  lastSeenAt: text,
  resolvedAt: z.exactOptional(text),
  resolvedBy: z.exactOptional(z.enum(['fixed', 'excluded'])),
  unjudged: z.exactOptional(text),
  firstSeenRunId: text,
  statusRunId: text,
  revision: z.number(),
  changedAt: text,
  tags: z.exactOptional(z.record(text, text)),
}) satisfies z.ZodType<StoredFinding>;

const historyEntry = z.object({
  findingId: text,
  revision: z.number(),
  at: text,
  runId: text,
  kind: z.enum(['opened', 'resolved', 'reopened', 'accepted', 'unaccepted', 'acceptance-expired', 'severity-changed']),
  note: text,
  author: z.exactOptional(text),
}) satisfies z.ZodType<HistoryEntry>;

const exception = z.object({
  id: text,
  findingId: text,
  rule: text,
  reason: text,
  author: text,
  createdAt: text,
  until: text,
  endedAt: z.exactOptional(text),
}) satisfies z.ZodType<Exception>;

const count = z.number();
const counts = z.record(text, count);

const run = z.object({
  id: text,
  job: z.enum(['audit', 'watch', 'watch-grants']),
  state: z.enum(['started', 'finished', 'failed']),
  startedAt: text,
  finishedAt: text,
  tenantId: text,
  complete: z.boolean(),
  calls: z.object({ resourceGraph: count, arm: count, graph: count, logs: count, tables: count }),
  coverage: z.array(
    z.object({
      slice: z.enum(slices),
      scope: text,
      state: z.enum(['whole', 'partial', 'missing']),
      why: text,
      permission: text,
      harmless: z.exactOptional(z.boolean()),
    }),
  ),
  rules: z.array(z.object({ id: text, verdict: z.enum(['checked', 'inconclusive']), because: text })),
  summary: z.object({
    bySeverity: counts,
    byRule: counts,
    new: count,
    resolved: count,
    reopened: count,
    accepted: count,
    excluded: z.exactOptional(count),
    unjudged: z.exactOptional(count),
  }),
  logGaps: z.exactOptional(
    z.array(z.object({ slice: text, scope: text, state: z.enum(['partial', 'missing']), why: text, permission: text })),
  ),
}) satisfies z.ZodType<Run>;

const identity = z.object({
  kind: z.enum(['system-assigned', 'user-assigned']),
  resourceId: text,
  name: text,
  lastSeenAt: text,
  present: z.boolean(),
});

const credentialsRead = z.object({
  readAt: text,
  credentials: z.array(
    z.object({
      id: text,
      name: text,
      identity: text,
      issuer: text,
      subject: z.exactOptional(text),
      expression: z.exactOptional(text),
      audiences: z.array(text),
      readAt: text,
    }),
  ),
});

/** What is written for a finding, an exception and so on. Bump a version together with its migration. */
export const kinds = {
  // Version 2 has an index next to it (`ix.…`): a version of the product that would not keep it in step must not write here.
  finding: rowKind<StoredFinding>({ name: 'finding', version: 2, schema: storedFinding, migrations: { 1: (body) => body } }),
  history: rowKind<HistoryEntry>({ name: 'history entry', version, schema: historyEntry, migrations: {} }),
  exception: rowKind<Exception>({ name: 'exception', version, schema: exception, migrations: {} }),
  run: rowKind<Run>({ name: 'run', version, schema: run, migrations: {} }),
  openRun: rowKind({ name: 'open run', version, schema: z.object({ runId: text, touched: z.boolean() }), migrations: {} }),
  identities: rowKind({ name: 'bucket of identities', version, schema: z.record(text, identity), migrations: {} }),
  credentials: rowKind({ name: 'bucket of credentials', version, schema: z.record(text, credentialsRead), migrations: {} }),
  missing: rowKind({
    name: 'bucket of missing principals',
    version,
    schema: z.record(text, z.object({ since: text, runId: text })),
    migrations: {},
  }),
  sighting: rowKind({
    name: 'sighting',
    version,
    schema: z.object({ tenantId: text, checkedAt: z.record(text, text), identitiesSeenAt: text }),
    migrations: {},
  }),
  subscriptions: rowKind({ name: 'list of subscriptions', version, schema: z.array(text), migrations: {} }),
  lease: rowKind({ name: 'lease', version, schema: z.object({ holder: text, untilMs: count }), migrations: {} }),
} as const;

export type StoredIdentity = z.infer<typeof identity>;
export type StoredCredentials = z.infer<typeof credentialsRead>;
export type StoredMissing = { readonly since: string; readonly runId: string };
