import type { Denial } from '../denials/index.ts';
import type { Change } from '../incidents/index.ts';
import type { LogGap } from './denial-log.ts';

/** The Activity Log API: changes, and refused ARM calls of subscriptions that send no workspace their log. */
export interface ActivityLog {
  read(request: {
    /** Subscription ids, and `/` or management group ids for the levels above. */
    readonly scopes: readonly string[];
    readonly from: string;
    readonly until: string;
  }): Promise<{ readonly changes: readonly Change[]; readonly denials: readonly Denial[]; readonly coverage: readonly LogGap[] }>;
}
