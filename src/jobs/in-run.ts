import type { Run } from '../findings/index.ts';
import type { Store } from '../ports/index.ts';
import { nameRun } from '../telemetry/index.ts';

export interface RunRequest {
  readonly store: Pick<Store, 'beginRun' | 'finishRun'>;
  readonly now: () => string;
  readonly dryRun: boolean;
}

export interface RunParts<Decision> {
  readonly decide: (runId: string) => Promise<Decision>;
  readonly save: (runId: string, decision: Decision) => Promise<void>;
  /** What is known of the run at its end. */
  readonly result: (decision: Decision) => Partial<Run>;
}

/** One run of a job: everything is decided before the first write, and a run that fails before it is over. A dry run leaves nothing. */
export async function inRun<Decision>(
  { store, now, dryRun }: RunRequest,
  job: Run['job'],
  stillOurs: () => Promise<void>,
  { decide, save, result }: RunParts<Decision>,
): Promise<Decision> {
  if (dryRun) return decide('dry-run');
  const run = await store.beginRun(job, now(), '');
  nameRun(run.id);
  const decision = await decide(run.id).catch(async (error: unknown) => {
    await stillOurs()
      .then(() => store.finishRun({ ...run, state: 'failed', finishedAt: now(), complete: false }))
      .catch(() => {});
    throw error;
  });
  await stillOurs();
  await save(run.id, decision);
  await store.finishRun({ ...run, coverage: [], rules: [], ...result(decision), state: 'finished', finishedAt: now() });
  return decision;
}
