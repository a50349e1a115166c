import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHouse } from '../../src/compose.ts';
import { readSettings } from '../../src/config/index.ts';
import { auditEstate } from '../../src/jobs/audit-estate.ts';
import type { AuditReport } from '../../src/jobs/audit-report.ts';
import { reviewOfMonth } from '../../src/jobs/build-review.ts';
import { watch as watchOnce } from '../../src/jobs/watch.ts';
import type { WatchReport } from '../../src/jobs/watch-report.ts';
import type { Review } from '../../src/messages/review/index.ts';
import { rules } from '../../src/rules/index.ts';
import { writeContoso } from '../../src/sandbox/generate/index.ts';
import { startSandbox } from '../../src/sandbox/index.ts';

export interface Looked {
  readonly now: string;
  readonly portalUrl: string;
  readonly audit: AuditReport;
  readonly watch: WatchReport;
  /** Of the month that the audit ran in. */
  readonly review: Review;
}

/** An audit and a pass of the watch of contoso, the made-up tenant, and the review that comes of them. All on this machine. */
export async function lookAtContoso(progress: (line: string) => void): Promise<Looked> {
  const folder = await mkdtemp(join(tmpdir(), 'mi-audit-preview-'));
  await writeContoso(folder);
  const sandbox = await startSandbox({ worldDir: folder });
  // Azure's identity library looks for the identity endpoint in the process's own environment.
  Object.assign(process.env, sandbox.environment);
  try {
    const read = readSettings({ ...process.env, AUDIT_NOW: sandbox.now });
    if (!('settings' in read)) throw new Error(read.problems.map(({ setting, text }) => `${setting} ${text}`).join('; '));
    const { settings } = read;
    const house = openHouse(settings, progress);
    try {
      const store = await house.keptStore();
      const { now, holder, portalUrl } = house;
      const audit = await auditEstate({ source: house.source(), store, settings, rules, now, holder, dryRun: false, progress });
      const logs = { ...house.logs(), source: house.source(), store, settings, now, holder, calls: () => house.calls() };
      const watch = await watchOnce({ ...logs, dryRun: false, progress });
      const review = await reviewOfMonth({ store, month: sandbox.now.slice(0, 7), now: sandbox.now, rules, progress });
      return { now: sandbox.now, portalUrl, audit, watch, review };
    } finally {
      await house.close();
    }
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}
