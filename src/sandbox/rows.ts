import { armKey } from './arm-id.ts';
import type { JsonObject } from './json.ts';
import { readJsonLines } from './json-lines.ts';

/** The rows of one file of the world, read when somebody first asks. Changes stay in memory. */
export class Rows {
  readonly file: string;
  #rows: JsonObject[] | undefined;
  #byId: Map<string, JsonObject> | undefined;
  #byType: Map<string, JsonObject[]> | undefined;
  readonly #removed = new Set<JsonObject>();

  constructor(file: string) {
    this.file = file;
  }

  /** @throws UnreadableLine */
  load(): readonly JsonObject[] {
    this.#rows ??= [...readJsonLines(this.file)];
    return this.#rows;
  }

  *all(): Generator<JsonObject> {
    for (const row of this.load()) if (!this.#removed.has(row)) yield row;
  }

  /** By ARM id, whatever its casing. Where a world lists an id twice the last one counts. */
  byId(id: string): JsonObject | undefined {
    return this.#ids().get(armKey(id));
  }

  /** Rows whose `type` column says so, whatever its casing. */
  *ofType(type: string): Generator<JsonObject> {
    for (const row of this.#types().get(type.toLowerCase()) ?? []) if (!this.#removed.has(row)) yield row;
  }

  add(row: JsonObject): void {
    this.load();
    this.#rows?.push(row);
    if (typeof row['id'] === 'string') this.#byId?.set(armKey(row['id']), row);
    if (this.#byType !== undefined) addTo(this.#byType, row);
  }

  remove(id: string): void {
    const key = armKey(id);
    if (this.#ids().get(key) === undefined) return;
    // A world may list an id twice (Resource Graph does): all of them go.
    for (const row of this.load())
      if (typeof row['id'] === 'string' && row['id'].length >= key.length - 1 && armKey(row['id']) === key) this.#removed.add(row);
    this.#ids().delete(key);
  }

  #ids(): Map<string, JsonObject> {
    if (this.#byId !== undefined) return this.#byId;
    const byId = new Map<string, JsonObject>();
    for (const row of this.all()) if (typeof row['id'] === 'string') byId.set(armKey(row['id']), row);
    this.#byId = byId;
    return byId;
  }

  #types(): Map<string, JsonObject[]> {
    if (this.#byType !== undefined) return this.#byType;
    const byType = new Map<string, JsonObject[]>();
    for (const row of this.all()) addTo(byType, row);
    this.#byType = byType;
    return byType;
  }
}

function addTo(byType: Map<string, JsonObject[]>, row: JsonObject): void {
  const type = typeof row['type'] === 'string' ? row['type'].toLowerCase() : '';
  const rows = byType.get(type);
  if (rows === undefined) byType.set(type, [row]);
  else rows.push(row);
}
