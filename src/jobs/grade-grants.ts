import { openAccess } from '../access/index.ts';
import type { Settings } from '../config/index.ts';
import { resourceKey, type Estate, type FederatedCredential, type ResourceKey } from '../estate/index.ts';
import { reconcile, tagsInForce, type Finding, type StoredFinding } from '../findings/index.ts';
import { findingNotices, type Notice } from '../outbox/index.ts';
import type { Changes, EstateSource, Known, LogGap, Store } from '../ports/index.ts';
import {
  identityOfCredential,
  isYoung,
  judge,
  rules,
  type GrantMemory,
  type MadeGrant,
  type Verdict,
  type Violation,
} from '../rules/index.ts';
import { withKnownRemovals } from './came-back.ts';
import type { Followed } from './follow-grants.ts';
import { published } from './published-finding.ts';
import { assertSameTenant } from './same-tenant.ts';

export interface GradeRequest {
  readonly followed: Followed;
  /** Where somebody has read it just now. */
  readonly estate: Estate | undefined;
  readonly store: Store;
  readonly source: EstateSource;
  readonly settings: Pick<Settings, 'rules' | 'scope' | 'exclusions'>;
  readonly now: string;
  readonly runId: string;
  readonly progress: (line: string) => void;
}

export interface Graded {
  readonly memory: GrantMemory;
  /** To be written before the watch's own state: a pass that dies in between grades again. Absent: nothing changed. */
  readonly changes: Changes | undefined;
  /** To be written with them. */
  readonly notices: readonly Notice[];
  /** Grants that stand, and those whose end was seen in this pass. */
  readonly findings: readonly Finding[];
  readonly gaps: readonly LogGap[];
  readonly tenantId: string;
}

const ruleId = 'broad-grant-made';
const asked = rules.filter(({ id }) => id === ruleId);

/**
 * Judges the grants that the watch follows against the estate, as the audit does. The estate is read only when the log shows something new about one of
 * them. Findings of this rule alone are written, so that an audit that runs at the same time loses nothing; what it had read earlier of one of them
 * it may write once more, and the next judgement sets that right.
 */
export async function gradeGrants(request: GradeRequest): Promise<Graded> {
  const { followed, store } = request;
  const overflow = followed.dropped === 0 ? [] : [forgotten(followed.dropped)];
  if (!followed.asks && (request.estate === undefined || followed.memory.grants.length === 0))
    return {
      memory: followed.memory,
      changes: undefined,
      notices: [],
      findings: await openFindings(request),
      gaps: overflow,
      tenantId: '',
    };
  const known = await store.known(request.runId);
  const estate = request.estate ?? (await collect(request, known));
  await assertSameTenant(store, estate);
  const remembered = withKnownRemovals(followed.memory, known.findings.values());
  const grants = withoutRepeated(remembered.grants, known, estate);
  const { verdict, reconciled, violations } = judgeGrants(request, known, estate, { ...remembered, grants });
  return {
    memory: { ...remembered, grants: grants.map((grant) => settled(grant, { estate, verdict, violations, request })) },
    changes: reconciled.changes.findings.length === 0 ? undefined : { ...reconciled.changes, exceptions: [] },
    notices: findingNotices(reconciled.changes, { tagsOf: tagsInForce(estate), first: false }),
    findings: reconciled.findings.filter(({ status }) => status !== 'accepted').map(published),
    gaps: [...overflow, ...unjudged(verdict)],
    tenantId: estate.tenantId,
  };
}

async function collect({ followed, source, settings, now, progress }: GradeRequest, known: Known): Promise<Estate> {
  progress('reading the estate: grants were made or taken back');
  const memory = { ...known.collect, changedIdentities: followed.identities };
  return (await source.collect({ now, scope: settings.scope, memory, progress })).estate;
}

function judgeGrants({ settings, now, runId }: GradeRequest, known: Known, estate: Estate, { grants, callers }: GrantMemory) {
  const access = openAccess(estate);
  const memory = { ...known.memory, grantsMade: grants, callersSeen: callers };
  const { verdicts, violations, off } = judge({ estate, settings: settings.rules, memory, now, access, rules: asked });
  const reconciled = reconcile({
    verdicts,
    off,
    violations,
    rules: asked,
    within: (scope, ancestor) => access.within(scope, ancestor),
    area: settings.scope,
    now,
    runId,
    // Of the others this pass knows nothing.
    known: { findings: new Map([...known.findings].filter(([, { rule }]) => rule === ruleId)), exceptions: known.exceptions },
    exclusions: settings.exclusions,
    tagsOf: tagsInForce(estate),
  });
  return { verdict: verdicts[0], reconciled, violations };
}

/** Deployments write the same federated credential again and again: one that was there before, and reads the same, is nothing new. */
function withoutRepeated(grants: readonly MadeGrant[], known: Known, estate: Estate): readonly MadeGrant[] {
  const standing = new Map(estate.federatedCredentials.map((one) => [resourceKey(one.id), one]));
  return grants.map((grant) => {
    if (grant.kind !== 'federated-credential' || grant.reported === true) return grant;
    const read = known.remembered.federatedCredentials.get(identityOfCredential(grant.id));
    const before = read?.credentials.find(({ id }) => resourceKey(id) === resourceKey(grant.id));
    const now = standing.get(resourceKey(grant.id));
    if (read === undefined || before === undefined || now === undefined || Date.parse(read.readAt) >= Date.parse(grant.at)) return grant;
    return trusts(before) === trusts(now) ? { ...grant, quiet: true } : grant;
  });
}

const trusts = ({ issuer, subject, expression, audiences }: FederatedCredential): string =>
  JSON.stringify([issuer, subject ?? '', expression ?? '', audiences.toSorted()]);

interface Outcome {
  readonly estate: Estate;
  readonly verdict: Verdict | undefined;
  readonly violations: readonly Violation[];
  readonly request: Pick<GradeRequest, 'now' | 'settings'>;
}

/** What was reported stays followed until a reading without gaps reports it no more; what never was is quiet once it could have been. */
function settled(grant: MadeGrant, { estate, verdict, violations, request: { now, settings } }: Outcome): MadeGrant {
  const violation = violations.find(({ subject }) => resourceKey(subject) === resourceKey(grant.firstId));
  const isShown = violation?.confidence === 'certain' || keysOf(estate).has(resourceKey(grant.id));
  const isWaiting = !isShown && isYoung(grant, now, settings.rules.replicationWindowMinutes);
  const seenAt = grant.seenAt ?? (isWaiting ? undefined : now);
  const { quiet: _quiet, ...rest } = { ...grant, ...(seenAt === undefined ? {} : { seenAt }) };
  if (violation !== undefined) return { ...rest, reported: true };
  const isSure = verdict?.verdict === 'checked' && verdict.because === '';
  if (grant.reported === true ? !isSure : isWaiting && grant.quiet !== true) return rest;
  return { ...rest, quiet: true };
}

const keys = new WeakMap<Estate, ReadonlySet<ResourceKey>>();

function keysOf(estate: Estate): ReadonlySet<ResourceKey> {
  let known = keys.get(estate);
  if (known === undefined) keys.set(estate, (known = new Set(estate.assignments.map(({ key }) => key))));
  return known;
}

/** A pass that judges nothing says what stands. What an earlier one called new is open by now. */
async function openFindings({ store, runId }: GradeRequest): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for await (const finding of store.findings({ rule: [ruleId], status: ['new', 'open', 'reopened'] }))
    findings.push(published(isNews(finding, runId) ? finding : { ...finding, status: 'open' }));
  return findings;
}

const isNews = ({ statusRunId }: StoredFinding, runId: string): boolean => statusRunId === runId;

const forgotten = (count: number): LogGap => ({
  slice: 'grants',
  scope: '/',
  state: 'partial',
  why: `${count} of the oldest grants that were followed had to be forgotten: more than 5,000 at once. The audit's other rules still see what they allow.`,
  permission: '',
  command: '',
  failed: true,
});

function unjudged(verdict: Verdict | undefined): readonly LogGap[] {
  if (verdict === undefined || verdict.because === '') return [];
  const blind = verdict.verdict === 'inconclusive';
  const why = `Grants that were made could ${blind ? 'not be graded' : 'be graded in part only'}: ${verdict.because}`;
  return [{ slice: 'grants', scope: '/', state: blind ? 'missing' : 'partial', why, permission: '', command: '', failed: blind }];
}
