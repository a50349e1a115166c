import type { z } from 'zod';
import type { Gap, ResourceKey, Slice } from '../estate/index.ts';
import type { Area } from './areas.ts';
import type { AzureClients } from './clients.ts';
import { oddRows } from './odd-rows.ts';
import { permissionFor } from '../access/index.ts';
import type { ResourceGraphQuery } from './queries/index.ts';
import { pages, type Loss } from './resource-graph.ts';

export interface RowReading<Row> {
  readonly clients: AzureClients;
  readonly areas: readonly Area[];
  readonly query: ResourceGraphQuery;
  /** What is blind when the query fails. */
  readonly slices: readonly Slice[];
  readonly schema: z.ZodType<Row>;
  /** Slices that one odd row leaves incomplete; all of them unless told. */
  readonly slicesOf?: (row: { readonly id: string }) => readonly Slice[];
  /** Takes a row in, its id in comparison form beside it; false: it is odd after all. */
  readonly take: (row: Row, key: ResourceKey) => boolean;
  readonly progress: (line: string) => void;
  /** Pages after the first wait for this, so that quota goes to what is more urgent. */
  readonly restAfter?: Promise<unknown>;
}

/** Streams a query's rows through its schema into `take`. Trouble comes back as gaps. */
export async function readRows<Row>(reading: RowReading<Row>): Promise<readonly Gap[]> {
  const { query, slices, schema, take, progress } = reading;
  const slicesOf = reading.slicesOf ?? (() => slices);
  const odd = oddRows();
  const gaps: Gap[] = [];
  let rows = 0;
  for await (const piece of pages(reading.clients, query, reading.areas)) {
    if (piece.kind === 'lost') {
      gaps.push(...slices.flatMap((slice) => lossGaps(slice, piece.loss)));
      continue;
    }
    for (let count = piece.nameless; count > 0; count -= 1) odd.note(slices, '');
    for (const { key, given } of piece.rows) {
      const parsed = schema.safeParse(given);
      if (!parsed.success || !take(parsed.data, key)) odd.note(slicesOf(given), given.id);
    }
    rows += piece.rows.length;
    progress(`Resource Graph: ${query}, ${rows} rows`);
    await reading.restAfter;
  }
  return [...gaps, ...odd.gaps()];
}

function lossGaps(slice: Slice, loss: Loss): readonly Gap[] {
  return loss.scopes.map((scope) => ({
    slice,
    scope,
    state: loss.state,
    why: loss.why,
    ...(loss.forbidden ? { permission: permissionFor(slice) } : {}),
  }));
}
