import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Certificates } from './certificates.ts';
import { textAt, valueAt } from './json.ts';

export interface Storage {
  readonly tablesUrl: string;
  readonly queuesUrl: string;
  close(): Promise<void>;
}

export interface StartingStorage {
  serve(certificates: Certificates): Promise<Storage>;
  close(): Promise<void>;
}

/** Azurite's own account; its key is public, but only tokens are used here. */
export const account = 'devstoreaccount1';

/**
 * The storage account of the loopback Azure: Azurite's table and queue servers, in memory. They live in a worker thread of this process: Azurite loads a few hundred modules, among
 * them ones that patch console and http. Loading starts here, serving when the certificates are there.
 */
export function startStorage(): StartingStorage {
  const worker = new Worker(new URL('./storage-worker.ts', import.meta.url), { stdout: true, stderr: true });
  // Nobody reads Azurite's chatter; unread pipes would fill.
  worker.stdout.resume();
  worker.stderr.resume();
  let failed: unknown;
  worker.on('error', (cause) => {
    failed = cause;
  });

  async function close(): Promise<void> {
    await worker.terminate();
  }

  async function serve(certificates: Certificates): Promise<Storage> {
    // Azurite reads its certificate from files, once.
    const folder = await mkdtemp(join(tmpdir(), 'mi-audit-storage-'));
    try {
      await Promise.all([
        writeFile(join(folder, 'cert.pem'), certificates.cert, { mode: 0o600 }),
        writeFile(join(folder, 'key.pem'), certificates.key, { mode: 0o600 }),
      ]);
      worker.postMessage({ cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }, []);
      const answered: unknown = await Promise.race([once(worker, 'message'), once(worker, 'exit').then(() => undefined)]);
      const message: unknown = Array.isArray(answered) ? answered[0] : undefined;
      const [tables, queues] = [valueAt(message, 'tables'), valueAt(message, 'queues')];
      if (typeof tables !== 'number' || typeof queues !== 'number')
        throw new Error(
          `Azurite did not start: ${textAt(message, 'problem') ?? (failed instanceof Error ? failed.message : 'its thread ended')}`,
          { cause: failed },
        );
      return { tablesUrl: `https://localhost:${tables}/${account}`, queuesUrl: `https://localhost:${queues}/${account}`, close };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return { serve, close };
}
