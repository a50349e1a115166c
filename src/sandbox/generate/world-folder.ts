import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type Row = Readonly<Record<string, unknown>>;

/** `world.json`: everything but `format` and `now` is optional to a reader. */
export interface WorldFile {
  readonly format: 1;
  readonly name: string;
  readonly now: string;
  readonly tenantId: string;
  readonly auditor?: { readonly principalId: string; readonly clientId: string; readonly resourceId: string };
  readonly denied?: readonly string[];
  readonly quota?: { readonly resourceGraph: { readonly queries: number; readonly windowSeconds: number } };
  readonly faults?: readonly Row[];
}

/** Writes a world that fits in memory. Files are relative paths such as `arg/resources.jsonl`. */
export async function writeWorldFolder(dir: string, world: WorldFile, files: ReadonlyMap<string, readonly object[]>): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'world.json'), `${JSON.stringify(world, null, 2)}\n`);
  for (const [path, rows] of files) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
}
