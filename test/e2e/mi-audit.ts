import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const folders: string[] = [];
afterAll(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true }))));

export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'mi-audit-e2e-'));
  folders.push(path);
  return path;
}

export type Files = Readonly<Record<string, readonly unknown[]>>;

export const now = '2026-11-20T08:00:00Z';
export const tenantId = '00000000-0000-4000-8000-00000000aaaa';
export const auditor = '00000000-0000-4000-8000-00000000bbbb';

/** A world on disk: `world.json` and `<name>.jsonl` for each of the files. The auditor's own principal is there, as in any tenant. */
export async function world(files: Files = {}, settings: object = {}, at?: string): Promise<string> {
  const path = at ?? (await folder());
  const own = { id: auditor, displayName: 'mi-audit', servicePrincipalType: 'ManagedIdentity', alternativeNames: ['isExplicit=True'] };
  const all: Files = { ...files, 'graph/servicePrincipals': [own, ...(files['graph/servicePrincipals'] ?? [])] };
  await writeFile(join(path, 'world.json'), JSON.stringify({ format: 1, now, tenantId, auditor: { principalId: auditor }, ...settings }));
  for (const [name, rows] of Object.entries(all)) {
    const file = join(path, `${name}.jsonl`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
  return path;
}

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Nothing of this machine's own settings; compiled code is kept between the many processes of a test run. */
const inherited = { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_COMPILE_CACHE: join(tmpdir(), 'mi-audit-compile-cache') };

/** The command in a process of its own: Azure's identity library keeps the first identity endpoint of a process for good. */
export function miAudit(
  args: readonly string[],
  options: { readonly input?: string; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], { env: { ...inherited, ...options.environment }, stdio: 'pipe' });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('error', reject).on('close', (code) => resolve({ code, out, err }));
    child.stdin.on('error', () => {}).end(options.input ?? '');
  });
}
