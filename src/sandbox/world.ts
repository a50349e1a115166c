import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { deniedOf, type Denied } from './denied.ts';
import { textAt } from './json.ts';
import { UnreadableLine } from './json-lines.ts';
import { Rows } from './rows.ts';
import { scopeTree, type ScopeTree } from './scope-tree.ts';
import { NotAWorld, readWorldSettings, type WorldSettings } from './world-settings.ts';

/** Up to here every line is read when the world is opened, so that a bad one is told at once; a benchmark's gigabytes are read when they are asked for. */
const checkedAtOpenBytesMax = 64 * 1024 * 1024;

/** A world folder, opened. Deletes and writes through ARM change it in memory; the folder stays as it is. */
export interface World {
  readonly dir: string;
  readonly settings: WorldSettings;
  readonly now: string;
  readonly tenantId: string;
  readonly auditor: { readonly principalId: string; readonly clientId: string; readonly resourceId: string | undefined };
  readonly denied: Denied;
  /** Resource Graph tables that have a file, by lower-case name. */
  readonly argTables: ReadonlyMap<string, Rows>;
  arg(table: string): Rows;
  readonly arm: Rows;
  /** `servicePrincipals`, `users`, … */
  graph(set: string): Rows;
  readonly workspaces: ReadonlyMap<string, ReadonlyMap<string, Rows>>;
  activity(id: string): Rows;
  tree(): ScopeTree;
}

/** @throws NotAWorld with all problems at once */
export function openWorld(dir: string, now?: string): World {
  const settings = readWorldSettings(dir);
  const argTables = tablesIn(join(dir, 'arg'), (name) => name.toLowerCase());
  const graphSets = tablesIn(join(dir, 'graph'), (name) => name.toLowerCase());
  const activity = tablesIn(join(dir, 'activity'), (name) => name.toLowerCase());
  const workspaces = new Map(
    foldersIn(join(dir, 'logs')).map((name) => [name.toLowerCase(), tablesIn(join(dir, 'logs', name), (table) => table)]),
  );
  const arm = new Rows(join(dir, 'arm.jsonl'));
  checkLines(dir, [
    ...argTables.values(),
    arm,
    ...graphSets.values(),
    ...activity.values(),
    ...[...workspaces.values()].flatMap((tables) => [...tables.values()]),
  ]);

  const absent = (folder: string, name: string, among: Map<string, Rows>): Rows => {
    const key = name.toLowerCase();
    const rows = among.get(key) ?? new Rows(join(dir, folder, `${name}.jsonl`));
    among.set(key, rows);
    return rows;
  };
  const containers = absent('arg', 'resourcecontainers', argTables);
  const tenantId = settings.tenantId ?? tenantOf(containers) ?? '00000000-0000-4000-8000-000000000001';
  let tree: ScopeTree | undefined;
  return {
    dir,
    settings,
    now: new Date(now ?? settings.now).toISOString(),
    tenantId,
    auditor: {
      principalId: settings.auditor?.principalId ?? '00000000-0000-4000-8000-0000000000a1',
      clientId: settings.auditor?.clientId ?? '00000000-0000-4000-8000-0000000000c1',
      resourceId: settings.auditor?.resourceId,
    },
    denied: deniedOf(settings.denied ?? []),
    argTables,
    arg: (table) => absent('arg', table, argTables),
    arm,
    graph: (set) => absent('graph', set, graphSets),
    workspaces,
    activity: (id) => absent('activity', id, activity),
    tree: () => (tree ??= scopeTree(containers.all(), tenantId)),
  };
}

/** A world that does not name its tenant tells it by its containers. */
function tenantOf(containers: Rows): string | undefined {
  for (const row of containers.all()) {
    const tenantId = textAt(row, 'tenantId');
    if (tenantId !== undefined && tenantId !== '') return tenantId;
  }
  return undefined;
}

function tablesIn(folder: string, keyOf: (name: string) => string): Map<string, Rows> {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  return new Map(files.map((file) => [keyOf(file.slice(0, -'.jsonl'.length)), new Rows(join(folder, file))]));
}

function foldersIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function checkLines(dir: string, all: readonly Rows[]): void {
  const present = all.filter((rows) => existsSync(rows.file));
  const bytes = present.reduce((sum, rows) => sum + statSync(rows.file).size, 0);
  if (bytes > checkedAtOpenBytesMax) return;
  const problems = present.flatMap((rows) => {
    try {
      rows.load();
      return [];
    } catch (cause) {
      if (cause instanceof UnreadableLine) return [cause.message];
      throw cause;
    }
  });
  if (problems.length > 0) throw new NotAWorld(dir, problems);
}
