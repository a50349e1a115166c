import { openAccess, type Access } from '../access/index.ts';
import type { Settings } from '../config/index.ts';
import { inOrder, type Estate } from '../estate/index.ts';
import {
  coverage,
  emptySummary,
  isComplete,
  noCalls,
  reconcile,
  remember,
  tagsInForce,
  withTags,
  type Calls,
  type Reconciled,
  type Run,
} from '../findings/index.ts';
import { findingNotices, type Notice } from '../outbox/index.ts';
import type { Changes, EstateSource, Known, Store } from '../ports/index.ts';
import { judge, type Judgement, type Rule } from '../rules/index.ts';
import { nameRun, recordAudit } from '../telemetry/index.ts';
import type { AuditReport } from './audit-report.ts';
import { published } from './published-finding.ts';
import { assertSameTenant } from './same-tenant.ts';
import { saveInventory } from './save-inventory.ts';
import { sha256 } from './sha256.ts';
import { subscriptionNames } from './subscription-names.ts';
import { telling } from './telling.ts';
import { underLease } from './under-lease.ts';

export interface AuditRequest {
  readonly source: EstateSource;
  readonly store: Store;
  readonly settings: Pick<Settings, 'rules' | 'scope' | 'exclusions'>;
  readonly rules: readonly Rule[];
  /** The clock. */
  readonly now: () => string;
  /** Who holds the lease while this runs: said to a second audit that finds it taken. */
  readonly holder: string;
  /** Decide everything, write nothing. */
  readonly dryRun: boolean;
  readonly progress: (line: string) => void;
}

/**
 * Collect, judge, reconcile, store. Every change is decided before the first is written, so that a run may die anywhere: the next one continues
 * it under its id. Throws when it cannot sign in, when another audit holds the lease, and when the store fails.
 */
export function auditEstate(request: AuditRequest): Promise<AuditReport> {
  const { store, holder, dryRun } = request;
  const audit = (): Promise<AuditReport> => underLease({ store, name: 'audit', holder }, (stillOurs) => perform(request, stillOurs));
  return telling('audit', dryRun ? () => rehearse(request) : audit, recordAudit);
}

/** A dry run reads what is known and stops before the first write: no lease, no run of record. */
async function rehearse(request: AuditRequest): Promise<AuditReport> {
  const startedAt = request.now();
  const run: Run = { ...unfinished, id: 'dry-run', startedAt };
  const decision = await decide(request, run, startedAt);
  return report(request, finished(request, run, decision), decision);
}

async function perform(request: AuditRequest, stillOurs: () => Promise<void>): Promise<AuditReport> {
  const { store, now, progress } = request;
  const at = now();
  const run = await store.beginRun('audit', at, '');
  nameRun(run.id);
  const decision = await decide(request, run, at).catch(async (error: unknown) => {
    // Said in the list of runs where that is still possible; what went wrong first is what the caller hears.
    await stillOurs()
      .then(() => store.finishRun({ ...run, state: 'failed', finishedAt: now(), complete: false }))
      .catch(() => {});
    throw error;
  });
  progress(`storing ${decision.changes.findings.length} changes`);
  await stillOurs();
  await store.apply(run.id, decision.changes, decision.notices);
  await store.saveSubscriptionNames(subscriptionNames(decision.estate));
  await stillOurs();
  const { estate, access } = decision;
  await saveInventory({ store, estate, access, area: request.settings.scope, now: at });
  await stillOurs();
  const done = finished(request, run, decision);
  await store.finishRun(done);
  return report(request, done, decision);
}

/** Everything a run found out and means to write. */
interface Decision {
  readonly estate: Estate;
  readonly access: Access;
  readonly calls: Calls;
  readonly judgement: Judgement;
  readonly reconciled: Reconciled;
  readonly changes: Changes;
  readonly notices: readonly Notice[];
}

async function decide({ source, store, settings, rules, progress }: AuditRequest, run: Run, now: string): Promise<Decision> {
  progress('reading what is known');
  const known = await store.known(run.id);
  const { estate: collected, calls } = await source.collect({ now, scope: settings.scope, memory: known.collect, progress });
  // Lists come as Azure orders them, and from shards in the order of shards: what is said must not depend on it.
  const estate = inOrder(collected);
  await assertSameTenant(store, estate);
  progress(`judging ${estate.assignments.length} assignments, ${estate.identities.length} identities`);
  const access = openAccess(estate);
  const judgement = judge({ estate, settings: settings.rules, memory: known.memory, now, access, rules });
  return { estate, access, calls, judgement, ...changesOf({ estate, access, judgement, known, settings, rules, now, runId: run.id }) };
}

function changesOf(given: {
  readonly estate: Estate;
  readonly access: Access;
  readonly judgement: Judgement;
  readonly known: Known;
  readonly settings: AuditRequest['settings'];
  readonly rules: readonly Rule[];
  readonly now: string;
  readonly runId: string;
}): Pick<Decision, 'reconciled' | 'changes' | 'notices'> {
  const { estate, access, judgement, known, settings, rules, now, runId } = given;
  const { verdicts, violations, off } = judgement;
  const within: Access['within'] = (scope, ancestor) => access.within(scope, ancestor);
  const sight = { verdicts, off, rules, within, area: settings.scope, now, runId };
  const tagsOf = tagsInForce(estate);
  const reconciled = reconcile({ ...sight, known, violations, exclusions: settings.exclusions, tagsOf, sha256 });
  const memory = remember({ ...sight, estate, remembered: known.remembered });
  // The list of subscriptions is the last thing that an audit leaves: none, and this is the first.
  const first = known.remembered.subscriptions.size === 0;
  return {
    reconciled,
    changes: {
      ...reconciled.changes,
      findings: withTags(reconciled.changes.findings, reconciled.findings, tagsOf, estate),
      exceptions: [],
      memory,
    },
    notices: findingNotices(reconciled.changes, { tagsOf, first }),
  };
}

function finished({ now, store }: AuditRequest, run: Run, { estate, calls, judgement, reconciled }: Decision): Run {
  return {
    ...run,
    state: 'finished',
    finishedAt: now(),
    tenantId: estate.tenantId,
    complete: isComplete(estate.gaps) && judgement.verdicts.every(({ verdict, awaiting }) => verdict === 'checked' || awaiting),
    calls: { ...calls, tables: store.calls() },
    coverage: coverage(estate.gaps),
    rules: judgement.verdicts.map(({ id, verdict, because }) => ({ id, verdict, because })),
    summary: reconciled.summary,
  };
}

function report({ dryRun, store }: AuditRequest, run: Run, { estate, reconciled }: Decision): AuditReport {
  const { id, startedAt, finishedAt, tenantId, complete, calls } = run;
  return {
    schema: 'mi-audit/audit/v1',
    run: { id, startedAt, finishedAt, tenantId, complete, calls, dryRun },
    coverage: run.coverage,
    rules: run.rules,
    findings: reconciled.findings.map(published),
    summary: run.summary,
    excluded: reconciled.excluded.map(({ violation: { rule, subject, scope }, by }) => ({ rule, subject, scope, by })),
    idleExceptions: reconciled.idleExceptions.map(({ id: exceptionId, findingId, reason, until }) => ({
      id: exceptionId,
      findingId,
      reason,
      until,
    })),
    subscriptions: subscriptionNames(estate),
    notes: store.notes(),
  };
}

const unfinished: Omit<Run, 'id' | 'startedAt'> = {
  job: 'audit',
  state: 'started',
  finishedAt: '',
  tenantId: '',
  complete: false,
  calls: noCalls,
  coverage: [],
  rules: [],
  summary: emptySummary,
};
