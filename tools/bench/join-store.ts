import { findingId, digitsOf, noCalls } from '../../src/findings/index.ts';
import type { Identity } from '../../src/estate/index.ts';
import type { Holding, IdentitySheet } from '../../src/inventory/index.ts';
import { putFacts } from '../../src/jobs/sharded/checkpoint-estate.ts';
import { digitList, type JudgeResult } from '../../src/jobs/sharded/judge-piece.ts';
import { collectPiece, factsPiece, judgePiece } from '../../src/jobs/sharded/pieces.ts';
import { sha256 } from '../../src/jobs/sha256.ts';
import type { RowsAbout, ShardPlan } from '../../src/ports/index.ts';
import { rules, type Violation } from '../../src/rules/index.ts';
import type { TenantSize } from '../../src/sandbox/generate/index.ts';
import { partOf, resourceKinds } from '../../src/shards/index.ts';
import { openSqliteTable, openStore } from '../../src/store/index.ts';
import { readFacts, rowsIn } from './shard-pages.ts';

/** Of nine identities in ten something is found, by three rules: each is joined in buckets of its own. */
const violated = ['unnarrowed-broad-grant', 'redundant-assignment', 'privileged-role-at-broad-scope'] as const;
const holdingsEach = 6;
const about: RowsAbout = { resourceGaps: [], policyGaps: [], assignmentGaps: [], roleDefinitionIds: [], calls: noCalls };

/** A store in which an audit in shards has come to its join: pages of the tenant as one shard, facts, violations and sheets of every part. */
export async function writeStore(
  folder: string,
  { dir, size, parts, at }: { readonly dir: string; readonly size: TenantSize; readonly parts: number; readonly at: string },
): Promise<void> {
  const store = openStore(openSqliteTable(folder), { nowMs: Date.now });
  const run = await store.beginRun('audit', at, '');
  const plan: ShardPlan = { id: `plan-${at}`, runId: run.id, at, begunMs: Date.now(), shards: [['one']], parts, counted: true };
  if (!(await store.putShardPlan(plan, undefined))) throw new Error('The store holds another plan.');
  const begin = (piece: string) => store.beginPiece(plan.id, piece, 'bench');

  await (await begin(collectPiece(0))).done(about);
  const collected = await begin(collectPiece(1));
  const judged = await Promise.all(Array.from({ length: parts }, (_, part) => begin(judgePiece(part))));
  const violations = judged.map((): Record<string, number> => ({}));
  let identities = 0;
  for await (const row of rowsIn(dir)(resourceKinds)) {
    await collected.put('resources', row);
    const [kind, item] = row;
    if (kind !== 'identities') continue;
    const part = partOf(item.principalId, parts);
    await judged[part]!.put('sheets', sheetOf(item));
    const violation = violationOf(item, identities++);
    if (violation === undefined) continue;
    const { rule, subject, aspect } = violation;
    await judged[part]!.put(digitList(rule, digitsOf(findingId(rule, subject, aspect, sha256)).slice(0, 1)), violation);
    violations[part]![rule] = (violations[part]![rule] ?? 0) + 1;
  }
  await collected.done(about);

  const facts = await begin(factsPiece);
  const none = { assignments: [], identities: [], hosts: [], policyAssignments: [], vaults: [], clusters: [], workspaces: [] };
  await putFacts(facts, { ...(await readFacts(dir, size)), ...none });
  await facts.done({ calls: noCalls });
  const verdicts = rules.map(({ id }) => ({ id, verdict: 'checked' as const, because: '', unjudged: [] }));
  for (const [part, writer] of judged.entries())
    await writer.done({ verdicts, off: [], violations: violations[part]! } satisfies JudgeResult);
  await store.close();
}

function violationOf({ principalId, kind, name, resourceId, clientId = '' as never }: Identity, number: number): Violation | undefined {
  const rule = violated[(number % 10) % violated.length];
  if (rule === undefined || number % 10 === 9) return undefined;
  const scope = resourceId.split('/').slice(0, 5).join('/');
  const subject = `${scope}/providers/Microsoft.Authorization/roleAssignments/${principalId}`;
  return {
    rule,
    severity: 'medium',
    confidence: 'certain',
    subject,
    principal: { id: principalId, kind, name, resourceId, clientId },
    role: reader,
    scope,
    title: `${name} holds Reader twice`,
    message: `${name} holds Reader on ${scope} and on its subscription. `.repeat(2),
    evidence: [{ label: 'assignment', value: subject, source: 'resource-graph' }],
    fix: [{ text: 'Take the narrower one away.', cli: `az role assignment delete --ids ${subject}` }],
    related: [],
  };
}

const reader = { id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7', name: 'Reader' };

function sheetOf({ principalId, clientId = '' as never, kind, name, resourceId, tags }: Identity): IdentitySheet {
  const scope = resourceId.split('/').slice(0, 5).join('/');
  const holdings = Array.from({ length: holdingsEach }, (_, at): Holding => ({
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${principalId.slice(0, -1)}${at}`,
    plane: 'control',
    role: reader,
    scope,
    scopeLevel: 'resource-group',
    conditional: false,
    grantedAt: '2026-01-10T08:00:00.000Z',
    grantedBy: principalId,
  }));
  return { principalId, clientId, kind, name, resourceId, tags, hosts: [], federatedCredentials: [], holdings, actors: [], seenAt: '' };
}
