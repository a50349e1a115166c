import type { Run } from '../findings/index.ts';
import { recordAuditAge, recordRun, recordWatch } from '../telemetry/index.ts';
import { isComplete } from './watch-coverage.ts';
import type { DenialPass } from './watch-denials.ts';
import type { GrantPass } from './watch-grants.ts';
import type { WatchRequest } from './watch-request.ts';
import { telling } from './telling.ts';

/** What telemetry hears of a pass over refused calls, and of how long ago somebody looked at everything: nothing else runs as often. */
export function tellingDenials({ store, now }: WatchRequest, work: () => Promise<DenialPass>): Promise<DenialPass> {
  return telling('watch', async () => {
    const pass = await work();
    const { runId: id, gaps, denials, incidents } = pass;
    recordWatch({ run: { id, complete: isComplete(gaps) }, coverage: gaps, denials, incidents });
    recordAuditAge(await audits(store), now());
    return pass;
  });
}

/** What telemetry hears of a pass over grants. */
export function tellingGrants(work: () => Promise<GrantPass>): Promise<GrantPass> {
  return telling('watch-grants', work, ({ runId: id, gaps, findings }) => {
    const standing = findings.filter(({ status }) => status !== 'resolved').length;
    const summary = `${standing} grants to look at, ${findings.length - standing} resolved`;
    recordRun('watch-grants', { run: { id, complete: isComplete(gaps) }, coverage: gaps, summary });
  });
}

/** Newest first. So many that a complete one is among them where anything is well. */
const auditsMax = 50;

/** The pass is over and stored: what cannot be read now is read by the next one. */
const audits = (store: WatchRequest['store']): Promise<readonly Run[]> => store.runs(auditsMax, 'audit').catch(() => []);
