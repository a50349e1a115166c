import { scopeTree, type Estate } from '../../src/estate/index.ts';
import { coverage, isComplete, noCalls, reconcile, remember, tagsInForce, type Reconciled, type Run } from '../../src/findings/index.ts';
import type { RecordTable, Row, Store } from '../../src/ports/index.ts';
import type { Verdict, Violation } from '../../src/rules/index.ts';
import { openStore } from '../../src/store/index.ts';
import { checked, day } from '../findings/world.ts';

/** One run of the audit over a store, with what the rules said given. The real job is src/jobs/audit-estate.ts; this is its spine. */
export interface World {
  readonly now: string;
  readonly estate: Estate;
  readonly violations: readonly Violation[];
  readonly verdicts?: readonly Verdict[];
}

export const clock = { nowMs: () => Date.parse(day(1)) };

export async function audit(
  store: Store,
  { now, estate, violations, verdicts = [checked()] }: World,
): Promise<Reconciled & { readonly run: Run }> {
  const run = await store.beginRun('audit', now, 'tenant');
  const known = await store.known(run.id);
  const area = { managementGroups: [], subscriptions: [] };
  const sight = { verdicts, off: [], area, within: scopeTree(estate.containers).within, now, runId: run.id };
  const outcome = reconcile({
    ...sight,
    known,
    violations,
    rules: [],
    exclusions: { rules: [], scopes: [], tags: [] },
    tagsOf: tagsInForce(estate),
  });
  const memory = remember({ ...sight, estate, remembered: known.remembered });
  await store.apply(run.id, { ...outcome.changes, exceptions: [], memory });
  const finished: Run = {
    ...run,
    state: 'finished',
    finishedAt: now,
    complete: isComplete(estate.gaps),
    calls: noCalls,
    coverage: coverage(estate.gaps),
    rules: verdicts.map(({ id, verdict, because }) => ({ id, verdict, because })),
    summary: outcome.summary,
  };
  await store.finishRun(finished);
  return { ...outcome, run: finished };
}

export const auditOn = (table: RecordTable, world: World): ReturnType<typeof audit> => audit(openStore(table, clock), world);

export async function dump(table: RecordTable): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const { partition, row, values } of table.list({})) rows.push({ partition, row, values });
  return rows;
}

export async function all<Value>(values: AsyncIterable<Value>): Promise<readonly Value[]> {
  const list: Value[] = [];
  for await (const value of values) list.push(value);
  return list;
}
