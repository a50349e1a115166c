import type { z } from 'zod';
import type { Row } from '../ports/index.ts';

/** The store was written by a later version of the product: going on would take away what it knows. */
export class NewerStoreError extends Error {
  override readonly name = 'NewerStoreError';
}

export interface RowKind<Value> {
  encode(value: Value): Row['values'];
  /** Undefined for a row that makes no sense; older rows are migrated on the way. Throws NewerStoreError. */
  decode(row: Row): Value | undefined;
}

interface RowKindSpec<Value> {
  readonly name: string;
  /** Version of what `encode` writes. */
  readonly version: number;
  readonly schema: z.ZodType<Value>;
  /** From version n to n + 1, by n. Rows are migrated when read and written anew when they change. */
  readonly migrations: Readonly<Record<number, (body: unknown) => unknown>>;
}

/** One kind of row: `v` says which version wrote it, `body` is the value as JSON. */
export function rowKind<Value>({ name, version, schema, migrations }: RowKindSpec<Value>): RowKind<Value> {
  function migrated(body: string, from: number): unknown {
    try {
      let value: unknown = JSON.parse(body);
      for (let at = from; at < version; at++) value = migrations[at]?.(value);
      return value;
    } catch {
      // No JSON, or an old body that its migration does not understand: an odd row like any other.
      return undefined;
    }
  }

  return {
    // Through the schema, so that the same value makes the same bytes in whatever order its fields were put together.
    encode: (value) => ({ v: version, body: JSON.stringify(schema.safeParse(value).data ?? value) }),
    decode({ partition, row, values }) {
      const { v, body } = values;
      if (typeof v !== 'number' || typeof body !== 'string') return undefined;
      if (v > version) {
        throw new NewerStoreError(
          `The store holds a ${name} (${partition}, ${row}) of version ${v}; this mi-audit knows versions up to ${version}. Update mi-audit, or use another store.`,
        );
      }
      return schema.safeParse(migrated(body, v)).data;
    },
  };
}
