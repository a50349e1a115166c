import schemas from './log-schemas.json' with { type: 'json' };
import type { KqlColumn, KqlTable, KqlType } from './kql/index.ts';
import { textAt, type JsonObject } from './json.ts';
import type { Rows } from './rows.ts';

/**
 * The tables of a workspace for one query. Columns of standard tables come from the Azure Monitor table reference (log-schemas.json: 71 tables, from MicrosoftDocs/azure-reference-other
 * by way of FalconForceTeam/KQLAnalyzer, 2026-07-27); a standard table that the world lacks is empty. A custom table (`_CL`) exists only where the world has it, and its columns
 * are those of its rows. Only tables that the query names are looked at: a workspace may hold millions of rows.
 */
export function logTables(
  query: string,
  workspaces: readonly ReadonlyMap<string, Rows>[],
  visible: (row: JsonObject) => boolean,
): readonly KqlTable[] {
  const words = new Set(query.match(/[\w.-]+/g) ?? []);
  const named = (table: string): boolean => words.has(table) || words.has('search') || words.has('find') || query.includes('*');
  const names = new Set([...Object.keys(schemas), ...workspaces.flatMap((tables) => [...tables.keys()])].filter(named));
  return [...names].map((name) => {
    const parts = workspaces.flatMap((tables) => tables.get(name) ?? []);
    return { name, columns: columnsOf(name, parts), rows: () => rowsOf(name, parts, visible) };
  });
}

function* rowsOf(name: string, parts: readonly Rows[], visible: (row: JsonObject) => boolean): Generator<JsonObject> {
  for (const part of parts) {
    for (const row of part.all()) {
      if (!visible(row)) continue;
      // Every table has its own name in Type, and an ingestion time; worlds need not repeat them.
      yield row['Type'] !== undefined && row['_IngestionTime'] !== undefined
        ? row
        : { ...row, Type: row['Type'] ?? name, _IngestionTime: row['_IngestionTime'] ?? row['TimeGenerated'] };
    }
  }
}

function columnsOf(name: string, parts: readonly Rows[]): readonly KqlColumn[] {
  const columns = new Map<string, KqlType>(standardColumns(name) ?? everyTable);
  for (const part of parts) {
    for (const row of part.load()) {
      for (const column in row) if (column !== '_IngestionTime' && !columns.has(column)) addColumn(columns, column, row[column]);
    }
  }
  return [...columns].map(([column, type]) => ({ name: column, type }));
}

/** A column outside the reference: the suffix of the old collectors tells its type, else the first value that is not null. */
function addColumn(columns: Map<string, KqlType>, name: string, value: unknown): void {
  const suffix = /_([sdgbt])$/.exec(name)?.[1];
  const type = suffix === undefined ? typeOf(value) : bySuffix[suffix];
  if (type !== undefined) columns.set(name, type);
}

const bySuffix: Readonly<Record<string, KqlType>> = { s: 'string', d: 'real', g: 'string', b: 'bool', t: 'datetime' };

function typeOf(value: unknown): KqlType | undefined {
  if (value === null) return undefined;
  if (typeof value === 'string') return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(value) ? 'datetime' : 'string';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'real';
  return typeof value === 'boolean' ? 'bool' : 'dynamic';
}

const everyTable: readonly (readonly [string, KqlType])[] = [
  ['TenantId', 'string'],
  ['TimeGenerated', 'datetime'],
  ['Type', 'string'],
  ['_ResourceId', 'string'],
];

const types: readonly KqlType[] = ['string', 'long', 'int', 'real', 'decimal', 'bool', 'datetime', 'timespan', 'dynamic', 'guid'];

function standardColumns(name: string): readonly (readonly [string, KqlType])[] | undefined {
  const text = textAt(schemas, name);
  return text?.split(', ').map((column) => {
    const [title = '', written] = column.split(':');
    return [title, types.find((type) => type === written) ?? 'dynamic'];
  });
}
