import { z } from 'zod';

/** The published contract `mi-audit/audit/v1`, written down a second time: what others build on, not what the code happens to print. */
const severity = z.enum(['critical', 'high', 'medium', 'low', 'info']);
const instant = z.iso.datetime();
const count = z.int().min(0);

export const finding = z.object({
  id: z.string().min(1),
  rule: z.string().regex(/^[a-z]+(-[a-z]+)+$/),
  severity,
  confidence: z.enum(['certain', 'likely', 'possible']),
  status: z.enum(['new', 'open', 'resolved', 'reopened', 'accepted']),
  subject: z.string(),
  principal: z.object({
    id: z.string(),
    kind: z.enum(['system-assigned', 'user-assigned', 'application', 'user', 'group', 'foreign', 'unknown']),
    name: z.string(),
    resourceId: z.string(),
    clientId: z.string(),
  }),
  proof: z.enum(['', 'deleted', 'soft-deleted', 'foreign', 'young', 'unresolved', 'visibility-unproven']),
  role: z.object({ id: z.string(), name: z.string() }),
  scope: z.string(),
  title: z.string().min(1),
  message: z.string().min(1),
  evidence: z.array(
    z.object({ label: z.string(), value: z.string(), source: z.enum(['resource-graph', 'arm', 'graph', 'logs', 'activity']) }),
  ),
  fix: z
    .array(
      z.object({
        text: z.string().min(1),
        cli: z.string().startsWith('az ').optional(),
        bicep: z.string().optional(),
        terraform: z.string().optional(),
      }),
    )
    .min(1),
  related: z.array(z.string()),
  controls: z.array(z.string()),
  firstSeenAt: instant,
  lastSeenAt: instant,
});

export const auditContract = z
  .object({
    schema: z.literal('mi-audit/audit/v1'),
    run: z.object({
      id: z.string().min(1),
      startedAt: instant,
      finishedAt: instant,
      tenantId: z.guid(),
      complete: z.boolean(),
      calls: z.object({ resourceGraph: count, arm: count, graph: count, logs: count, tables: count }),
    }),
    coverage: z
      .array(
        z.object({
          slice: z.string().min(1),
          scope: z.string().startsWith('/'),
          state: z.enum(['whole', 'partial', 'missing']),
          why: z.string(),
          permission: z.string(),
        }),
      )
      .min(1),
    rules: z.array(z.object({ id: z.string(), verdict: z.enum(['checked', 'inconclusive']), because: z.string() })).min(1),
    findings: z.array(finding),
    summary: z.object({
      bySeverity: z.record(z.string(), count),
      byRule: z.record(z.string(), count),
      new: count,
      resolved: count,
      reopened: count,
      accepted: count,
    }),
  })
  .refine(({ coverage }) => coverage.every(({ state, why }) => state === 'whole' || why !== ''), { error: 'a gap says why' })
  .refine(({ rules }) => rules.every(({ verdict, because }) => verdict === 'checked' || because !== ''), {
    error: 'an inconclusive rule says why',
  })
  .refine(({ findings }) => new Set(findings.map(({ id }) => id)).size === findings.length, { error: 'ids are told apart' })
  .refine(({ findings, summary }) => findings.filter(({ status }) => status === 'new').length === summary.new, {
    error: 'the summary counts what is listed',
  });

export type Audit = z.infer<typeof auditContract>;
