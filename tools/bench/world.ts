import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeTenant, type TenantSize } from '../../src/sandbox/generate/index.ts';
import { auditOutcome, type AuditOutcome } from './audit-outcome.ts';
import { bundleAudit } from './deployed.ts';

export interface Audit {
  /** Once more, in a fresh process. `sources`: as a clone runs it, not as it is deployed. */
  (how?: 'sources'): Promise<AuditOutcome>;
}

/** A sized world, served by a process of its own for as long as `work` takes. `audit` runs the product against it, each time in a fresh process. */
export async function inWorld<Answer>(
  size: TenantSize,
  progress: (line: string) => void,
  work: (audit: Audit) => Promise<Answer>,
): Promise<Answer> {
  const dir = await mkdtemp(join(tmpdir(), 'mi-audit-bench-'));
  try {
    progress(`writing a tenant of ${size.assignments} assignments and ${size.identities} identities`);
    await writeTenant(join(dir, 'world'), size);
    const bundle = await bundleAudit(dir);
    progress('serving it');
    const server = fork(new URL('./serve-world.ts', import.meta.url), [join(dir, 'world')], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: ['--max-old-space-size=4096'],
    });
    try {
      const [message]: unknown[] = await Promise.race([once(server, 'message'), failure(server)]);
      const { environment, now } = served.parse(message);
      let audits = 0;
      return await work(async (how) => {
        const pages = join(dir, `pages-${++audits}`);
        await mkdir(pages);
        progress(`audit ${audits}`);
        const script = how === 'sources' ? sources : bundle;
        const outcome = await auditOnce(script, { ...environment, AUDIT_NOW: now }, pages, size);
        await rm(pages, { recursive: true });
        return outcome;
      });
    } finally {
      const ended = server.exitCode === null ? once(server, 'exit') : undefined;
      if (server.connected) server.disconnect();
      await ended;
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const served = z.object({ environment: z.record(z.string(), z.string()), now: z.string() });

async function failure(server: ReturnType<typeof fork>): Promise<never> {
  const [code] = await once(server, 'exit');
  throw new Error(`The sandbox ended with ${String(code)} before it served.`);
}

const sources = join(import.meta.dirname, 'audit-once.ts');

async function auditOnce(
  script: string,
  environment: Readonly<Record<string, string>>,
  pages: string,
  size: TenantSize,
): Promise<AuditOutcome> {
  const child = spawn(process.execPath, ['--expose-gc', script, pages, JSON.stringify(size)], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`The audit ended with ${String(code)}.`);
  return auditOutcome.parse(JSON.parse(text));
}
