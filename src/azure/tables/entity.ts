import type { Row } from '../../ports/index.ts';

/**
 * Rows ↔ entities within Azure's limits, which Azurite does not keep (it takes more than 1 MiB and more than 252 properties):
 * https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
 */
export const entityBytesMax = 1024 * 1024;
export const propertiesMax = 252;
/** A string property ends at 64 KiB of UTF-16. */
export const stringCharsMax = 32 * 1024;

/** A row that Azure would refuse; nothing was written. */
export class RowTooLargeError extends Error {
  override readonly name = 'RowTooLargeError';
}

export interface Entity {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly [property: string]: string | number | boolean;
}

/** Long text goes on in `body__1`, `body__2` …; which no name of ours contains. */
export function entityOf({ partition, row, values }: Row): Entity {
  checkKey(partition);
  checkKey(row);
  const entity: Entity = { partitionKey: partition, rowKey: row, ...Object.fromEntries(Object.entries(values).flatMap(split)) };
  const properties = Object.keys(entity).length - 2;
  const bytes = bytesOf(entity);
  if (properties > propertiesMax || bytes > entityBytesMax) {
    throw new RowTooLargeError(
      `Row ${row} of partition ${partition} would take ${bytes} bytes and ${properties} properties; Table Storage holds ${entityBytesMax} and ${propertiesMax}. Nothing was written.`,
    );
  }
  return entity;
}

export function rowOf({ partitionKey, rowKey, etag, timestamp: _timestamp, ...properties }: Readonly<Record<string, unknown>>): Row {
  const values: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('odata.') || name.includes('__')) continue;
    // Int64, dates and binaries are never written by us: what somebody else put there is left out.
    if (typeof value === 'string') values[name] = joined(name, value, properties);
    else if (typeof value === 'number' || typeof value === 'boolean') values[name] = value;
  }
  return { partition: String(partitionKey), row: String(rowKey), values, ...(typeof etag === 'string' ? { etag } : {}) };
}

/** Azure forbids `/ \ # ?` and control characters in keys; the port allows less than that. */
export function checkKey(key: string): void {
  if (!/^[\w.~-]{1,512}$/.test(key)) throw new Error(`Not a key of a row: ${JSON.stringify(key.slice(0, 80))}`);
}

function split([name, value]: [string, string | number | boolean]): readonly [string, string | number | boolean][] {
  if (typeof value !== 'string' || value.length <= stringCharsMax) return [[name, value]];
  const parts: [string, string][] = [];
  for (let from = 0; from < value.length;) {
    let to = Math.min(from + stringCharsMax, value.length);
    // Never through a surrogate pair: half a character does not survive the way to Azure.
    if (to < value.length && /[\uD800-\uDBFF]/.test(value[to - 1]!)) to--;
    parts.push([parts.length === 0 ? name : `${name}__${parts.length}`, value.slice(from, to)]);
    from = to;
  }
  return parts;
}

function joined(name: string, first: string, properties: Readonly<Record<string, unknown>>): string {
  let text = first;
  for (let part = 1; ; part++) {
    const more = properties[`${name}__${part}`];
    if (typeof more !== 'string') return text;
    text += more;
  }
}

/** As Azure counts: https://learn.microsoft.com/archive/blogs/avkashchauhan/how-the-size-of-an-entity-is-caclulated-in-windows-azure-table-storage */
function bytesOf(entity: Entity): number {
  let bytes = 4 + (entity.partitionKey.length + entity.rowKey.length) * 2;
  for (const [name, value] of Object.entries(entity)) {
    if (name === 'partitionKey' || name === 'rowKey') continue;
    bytes += 8 + name.length * 2 + (typeof value === 'string' ? value.length * 2 + 4 : 8);
  }
  return bytes;
}
