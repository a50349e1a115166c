import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { azureCliLines, type Sandbox } from '../../src/sandbox/index.ts';

/** The Azure CLI of this machine, where there is one. */
export const az = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'az'))
  .find(isExecutable);

/** Says aloud what a machine without the Azure CLI did not run. */
export function sayIfSkipped(file: string): void {
  if (az === undefined) console.warn(`SKIPPED: there is no Azure CLI (az) on the PATH; ${file} did not run it against the sandbox.`);
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SignedIn extends Disposable {
  /** A line for sh, or a program and its arguments. */
  run(program: string, ...args: readonly string[]): Promise<Ran>;
}

/** A configuration folder of its own, the sandbox registered as a cloud, signed in as the auditor. */
export async function signedIn(sandbox: Sandbox): Promise<SignedIn> {
  const config = mkdtempSync(join(tmpdir(), 'mi-audit-az-'));
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: config,
    AZURE_CONFIG_DIR: config,
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
    ...sandbox.environment,
  };
  const run = (program: string, ...args: readonly string[]): Promise<Ran> => ran(program, args, env);
  for (const line of azureCliLines(sandbox.environment)) {
    const { code, stderr } = await run('sh', '-c', line);
    if (code !== 0) throw new Error(`${line}: ${stderr}`);
  }
  return { run, [Symbol.dispose]: () => rmSync(config, { recursive: true, force: true }) };
}

export function ran(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(program, [...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
