import { armKey, parseArmPath, typeOfId } from './arm-id.ts';
import { textAt, type JsonObject } from './json.ts';
import type { Rows } from './rows.ts';
import type { World } from './world.ts';

/**
 * What ARM serves: the objects of arm.jsonl, and behind them the Resource Graph rows. arm.jsonl is fresher: what it says of an id counts, and `"deleted": true` there is a 404
 * although Resource Graph still lists the row. Writes go to both, as if Resource Graph had caught up at once.
 */
export interface Inventory {
  get(id: string): JsonObject | undefined;
  /** Objects of one type (`Microsoft.KeyVault/vaults`), whatever its casing, each id once. */
  ofType(type: string): readonly JsonObject[];
  /** `row`: how Resource Graph lists it, where it does. */
  put(object: JsonObject, row?: { readonly table: string; readonly row: JsonObject }): void;
  remove(id: string): JsonObject | undefined;
}

export function inventoryOf(world: World): Inventory {
  const tablesFor = (type: string): readonly Rows[] => {
    const [namespace = ''] = type.toLowerCase().split('/');
    if (namespace === 'microsoft.authorization') return [world.arg('authorizationresources'), world.arg('policyresources')];
    if (namespace === 'microsoft.management' || /^microsoft\.resources\/(subscriptions|resourcegroups)$/.test(type.toLowerCase()))
      return [world.arg('resourcecontainers')];
    return [...world.argTables].filter(([name]) => name !== 'authorizationresources').map(([, rows]) => rows);
  };

  function get(id: string): JsonObject | undefined {
    const fresh = world.arm.byId(id);
    if (fresh !== undefined) return fresh['deleted'] === true ? undefined : fresh;
    for (const rows of tablesFor(typeOfId(id))) {
      const row = rows.byId(id);
      if (row !== undefined) return row;
    }
    return undefined;
  }

  function ofType(type: string): readonly JsonObject[] {
    const found = new Map<string, JsonObject>();
    for (const rows of tablesFor(type)) {
      for (const row of rows.ofType(type)) found.set(armKey(textAt(row, 'id') ?? ''), row);
    }
    for (const object of freshOfType(type)) {
      const key = armKey(textAt(object, 'id') ?? '');
      if (object['deleted'] === true) found.delete(key);
      else found.set(key, object);
    }
    return [...found.values()];
  }

  /** A line of arm.jsonl may leave its type out (a deleted one always does): the id tells. */
  function freshOfType(type: string): readonly JsonObject[] {
    freshByType ??= groupByType(world.arm.all());
    return freshByType.get(type.toLowerCase()) ?? [];
  }
  let freshByType: Map<string, JsonObject[]> | undefined;

  function put(object: JsonObject, row?: { readonly table: string; readonly row: JsonObject }): void {
    remove(textAt(object, 'id') ?? '');
    world.arm.add(object);
    if (row !== undefined) world.arg(row.table).add(row.row);
  }

  function remove(id: string): JsonObject | undefined {
    const object = get(id);
    for (const rows of tablesFor(typeOfId(id))) rows.remove(id);
    world.arm.remove(id);
    freshByType = undefined;
    return object;
  }

  return { get, ofType, put, remove };
}

function groupByType(objects: Iterable<JsonObject>): Map<string, JsonObject[]> {
  const byType = new Map<string, JsonObject[]>();
  for (const object of objects) {
    const id = textAt(object, 'id');
    if (id === undefined || parseArmPath(id) === undefined) continue;
    const type = typeOfId(id).toLowerCase();
    const group = byType.get(type);
    if (group === undefined) byType.set(type, [object]);
    else group.push(object);
  }
  return byType;
}
