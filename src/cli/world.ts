import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './trouble.ts';

/** A sandbox that serves a world: from outside, one more Azure cloud with its endpoints in the environment. */
export interface OpenWorld {
  readonly environment: Readonly<Record<string, string>>;
  readonly now: string;
  /** Lines that point a real Azure CLI at it. */
  readonly azureCli: readonly string[];
  close(): Promise<void>;
}

export const builtInWorld = 'contoso';

/** The sandbox is imported only here and only when asked for: the deployed bundle has no trace of it. */
export async function openWorld(
  name: string,
  options: { readonly now?: string; readonly storage: boolean; readonly arrived?: (line: string) => void },
): Promise<OpenWorld> {
  const made = name === builtInWorld ? await makeContoso() : undefined;
  const folder = made ?? name;
  const { azureCliLines, startSandbox } = await import('../sandbox/index.ts');
  const sandbox = await startSandbox({
    worldDir: folder,
    storage: options.storage,
    arrived: options.arrived,
    ...(options.now !== undefined && { now: options.now }),
  }).catch(async (error: unknown) => {
    await forget(made);
    throw error instanceof Error && error.name === 'NotAWorld' ? new UsageError(error.message, { cause: error }) : error;
  });
  return {
    environment: sandbox.environment,
    now: sandbox.now,
    azureCli: azureCliLines(sandbox.environment),
    async close() {
      await sandbox.close();
      await forget(made);
    },
  };
}

async function makeContoso(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mi-audit-contoso-'));
  const { writeContoso } = await import('../sandbox/generate/index.ts');
  await writeContoso(folder);
  return folder;
}

const forget = async (folder: string | undefined): Promise<void> => {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
};
