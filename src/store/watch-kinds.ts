import { z } from 'zod';
import { services, type Denial, type SeriesState, type TokenUse } from '../denials/index.ts';
import { clientId, principalId } from '../estate/index.ts';
import type { StoredIncident } from '../incidents/index.ts';
import type { Place } from '../ports/index.ts';
import { rowKind } from './row-kind.ts';

const text = z.string();
const optional = z.exactOptional(text);
const count = z.number();
const version = 1;
const bin = z.object({ start: count, count });

const denial = z.object({
  service: z.enum(services),
  table: text,
  workspace: text,
  caller: z.object({
    objectId: z.exactOptional(text.transform(principalId)),
    clientId: z.exactOptional(text.transform(clientId)),
    resourceId: optional,
    tokenId: optional,
    name: optional,
    kind: z.enum(['workload', 'user', 'unknown']),
    tenantId: optional,
  }),
  target: text,
  object: text,
  operation: text,
  statusCode: count,
  reason: text,
  sample: text,
  action: optional,
  assignmentId: optional,
  denyAssignmentId: optional,
  callerAddresses: z.array(text),
  hosts: z.array(z.object({ id: optional, name: text, revision: optional, replica: optional })),
  bins: z.array(bin),
  firstAt: text,
  lastAt: text,
}) satisfies z.ZodType<Denial>;

const episode = z.object({
  ordinal: count,
  start: count,
  onset: count,
  lastBin: count,
  count,
  openedWith: count,
  expected: count,
  probability: count,
});

const series = z.object({
  until: count,
  baseline: z.object({ bins: count, sum: count, squares: count }),
  baselineUntil: count,
  episodes: count,
  open: z.exactOptional(episode),
  recent: z.array(bin),
}) satisfies z.ZodType<SeriesState>;

const tokenUse = z.object({
  principalId: text,
  clientId: text,
  audience: text,
  firstAt: count,
  until: count,
  baseline: z.object({ bins: count, sum: count, squares: count }),
  baselineUntil: count,
  open: z.exactOptional(
    z.object({
      kind: z.enum(['new-audience', 'unusual-rate']),
      start: count,
      lastHour: count,
      count,
      expected: count,
      probability: count,
    }),
  ),
  hours: z.array(bin),
}) satisfies z.ZodType<TokenUse>;

const incident = z.object({
  id: text,
  kind: z.enum(['outage', 'spread', 'sign-in', 'token']),
  status: z.enum(['opened', 'grown', 'quiet', 'resolved']),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
  principal: z.object({ id: text, kind: text, name: text, resourceId: text, clientId: text }),
  attribution: z.enum(['named', 'inferred']),
  service: z.enum(services),
  targets: z.array(text),
  operations: z.array(text),
  statusCodes: z.array(count),
  denials: count,
  firstDenialAt: text,
  lastDenialAt: text,
  openedAt: text,
  causes: z.array(
    z.object({
      id: text,
      confidence: z.enum(['certain', 'likely', 'possible']),
      why: text,
      evidence: z.array(z.object({ label: text, value: text, source: z.enum(['resource-graph', 'arm', 'graph', 'logs', 'activity']) })),
      fix: z.array(z.object({ text, cli: optional })),
      check: z.array(text),
    }),
  ),
  ruledOut: z.array(z.object({ id: text, why: text })),
  revision: z.exactOptional(count),
  changedAt: optional,
  toldSeverity: z.exactOptional(z.enum(['critical', 'high', 'medium', 'low', 'info'])),
  toldDenials: count,
  series: optional,
  kin: z.exactOptional(z.object({ same: z.array(text), other: z.array(text) })),
  resolvedAt: optional,
  resolvedBy: optional,
}) satisfies z.ZodType<StoredIncident>;

/** What the watch writes. Bump a version together with its migration. */
export const watchKinds = {
  denials: rowKind<Record<string, Denial>>({ name: 'bucket of refused calls', version, schema: z.record(text, denial), migrations: {} }),
  series: rowKind<Record<string, SeriesState>>({ name: 'bucket of series', version, schema: z.record(text, series), migrations: {} }),
  tokens: rowKind<Record<string, TokenUse>>({
    name: 'bucket of token acquisitions',
    version,
    schema: z.record(text, tokenUse),
    migrations: {},
  }),
  places: rowKind<Record<string, Place>>({
    name: 'bucket of places of logs',
    version,
    schema: z.record(text, z.object({ since: optional, unreadSince: optional })),
    migrations: {},
  }),
  incident: rowKind<StoredIncident>({ name: 'incident', version, schema: incident, migrations: {} }),
  cursor: rowKind({
    name: 'cursor',
    version,
    schema: z.object({ cursor: text, watchedSince: count, people: z.array(text), explained: z.array(text).default([]) }),
    migrations: {},
  }),
} as const;
