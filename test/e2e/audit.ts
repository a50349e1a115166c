import { join } from 'node:path';
import { auditContract, type Audit } from './contract.ts';
import { folder, miAudit } from './mi-audit.ts';

/** `audit --format json`, held against the contract. */
export async function audit(
  worldDir: string,
  ...more: readonly string[]
): Promise<Audit & { readonly code: number | null; readonly err: string }> {
  const { code, out, err } = await miAudit(['audit', '--world', worldDir, '--format', 'json', ...more]);
  if (out === '') throw new Error(`exit ${code}: ${err}`);
  return { ...auditContract.parse(JSON.parse(out)), code, err };
}

/** A world collected into a file: judging that needs no sandbox. */
export async function collected(worldDir: string): Promise<string> {
  const file = join(await folder(), 'estate.jsonl');
  const { code, err } = await miAudit(['collect', '--world', worldDir, '--out', file]);
  if (code !== 0 && code !== 3) throw new Error(`exit ${code}: ${err}`);
  return file;
}
