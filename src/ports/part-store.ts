import type { Changes, Run, StoredFinding } from '../findings/index.ts';
import type { Notice } from '../outbox/index.ts';
import type { Known } from './store.ts';

/** What an audit too large for one invocation asks of the store instead of `known` and `apply`. */
export interface PartStore {
  run(runId: string): Promise<Run | undefined>;
  /** As `known`, without the findings. */
  knownAround(runId: string): Promise<Known>;
  /** Of one rule, those whose hexadecimal part begins so; `''`: all. In order of id. */
  knownFindings(of: { readonly rule: string; readonly digits: string }): AsyncIterable<StoredFinding>;
  /** As `apply`, for some of the findings. What the audit remembers comes last, with `apply`. */
  applyPart(
    runId: string,
    changes: Pick<Changes, 'findings' | 'history'> & { readonly tenantId: string },
    notices: readonly Notice[],
  ): Promise<void>;
}
