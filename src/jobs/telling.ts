import { inJob, type Job } from '../telemetry/index.ts';
import { sentence } from './error-sentence.ts';
import { AlreadyRunning } from './under-lease.ts';

/** A job as telemetry sees it: a span, its duration, how it ended, and what `record` makes of what it found. */
export async function telling<Done>(job: Job, work: () => Promise<Done>, record: (done: Done) => void = () => {}): Promise<Done> {
  return inJob(job, { why: sentence, isSkipped: (error) => error instanceof AlreadyRunning }, async () => {
    const done = await work();
    record(done);
    return done;
  });
}
