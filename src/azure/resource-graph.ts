import type { QueryRequest, QueryResponse } from '@azure/arm-resourcegraph';
import { resourceKey, type ResourceKey } from '../estate/index.ts';
import type { AzureClients } from './clients.ts';
import type { Area } from './areas.ts';
import { queryText, type ResourceGraphQuery } from './queries/index.ts';
import { troubleOf, worthAnotherTry, type Trouble } from './trouble.ts';

/** Rows as they came (each with an `id` that was not seen before in this query), or what could not be read. */
export type Piece =
  | { readonly kind: 'rows'; readonly rows: readonly Row[]; readonly nameless: number }
  | { readonly kind: 'lost'; readonly loss: Loss };

export interface Row {
  /** Its id in comparison form: made once, kept by the estate. */
  readonly key: ResourceKey;
  readonly given: { readonly id: string };
}

export interface Loss {
  /** ARM ids of the areas concerned, `/` for the tenant. */
  readonly scopes: readonly string[];
  readonly state: 'partial' | 'missing';
  readonly why: string;
  readonly forbidden: boolean;
}

const rowsPerPage = 1000;
/** Ten million rows: beyond that something is wrong with the paging. */
const pagesMax = 10_000;
const attemptsPerPage = 3;

/**
 * All pages of one query over all areas, in order of id. Never throws for what Azure answers: a page that stays unreadable ends its area with a
 * loss, since the next skip token was on it.
 */
export async function* pages(clients: AzureClients, query: ResourceGraphQuery, areas: readonly Area[]): AsyncGenerator<Piece> {
  const text = queryText(query);
  // Pages shift while the tenant changes, and areas overlap (a management group and one of its subscriptions): one row, one id.
  const seen = new Set<ResourceKey>();
  for (const area of areas) yield* pagesOfArea(clients, query, text, area, seen);
}

async function* pagesOfArea(clients: AzureClients, query: string, text: string, area: Area, seen: Set<ResourceKey>): AsyncGenerator<Piece> {
  let skipToken: string | undefined;
  let rowsRead = 0;
  for (let page = 1; ; page += 1) {
    const answer = await readPage(clients, request(text, area, skipToken));
    if ('trouble' in answer) {
      yield lost(area, page, answer.trouble, rowsRead);
      return;
    }
    const { response, limitHit } = answer;
    const rows: unknown = response.data;
    if (!Array.isArray(rows)) {
      yield lost(area, page, { kind: 'malformed', text: 'the answer held no rows' }, rowsRead);
      return;
    }
    if (limitHit)
      yield partly(
        area,
        'Resource Graph looks at 10,000 subscriptions at most and this tenant has more. Name management groups in the settings to split the audit.',
      );
    rowsRead += rows.length;
    yield fresh(rows, seen);
    const next = response.skipToken;
    if (next === undefined || next === null || next === '') {
      // Without a token there is no way on. `resultTruncated` is text: "true" or "false".
      if (response.resultTruncated === 'true')
        yield partly(area, `Resource Graph cut the answer of the ${query} query after ${rowsRead} rows and gave no way to read on.`);
      else if (response.totalRecords > rowsRead)
        yield partly(area, `Resource Graph counts ${response.totalRecords} rows for the ${query} query and handed out ${rowsRead}.`);
      return;
    }
    if (next === skipToken || page >= pagesMax) {
      yield partly(area, `Resource Graph's paging of the ${query} query does not end; stopped after ${page} pages.`);
      return;
    }
    skipToken = next;
  }
}

function request(query: string, area: Area, skipToken: string | undefined): QueryRequest {
  return {
    query,
    ...(area.kind === 'subscriptions' ? { subscriptions: [...area.ids] } : {}),
    ...(area.kind === 'managementGroups' ? { managementGroups: [...area.ids] } : {}),
    options: {
      top: rowsPerPage,
      resultFormat: 'objectArray',
      // The default leaves out what a subscription inherits from management groups and root.
      authorizationScopeFilter: area.withoutAbove === true ? 'AtScopeAndBelow' : 'AtScopeAboveAndBelow',
      ...(area.kind === 'subscriptions' ? {} : { allowPartialScopes: true }),
      ...(skipToken === undefined ? {} : { skipToken }),
    },
  };
}

type Answer = { readonly response: QueryResponse; readonly limitHit: boolean } | { readonly trouble: Trouble };

async function readPage(clients: AzureClients, query: QueryRequest): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    let limitHit = false;
    try {
      const response = await clients.resourceGraph.resources(query, {
        onResponse: (raw) => {
          limitHit = raw.headers.get('x-ms-tenant-subscription-limit-hit') === 'true';
        },
      });
      return { response, limitHit };
    } catch (error) {
      const trouble = troubleOf(error);
      if (attempt >= attemptsPerPage || !worthAnotherTry(trouble)) return { trouble };
      await clients.wait(250 * 2 ** attempt);
    }
  }
}

function fresh(rows: readonly unknown[], seen: Set<ResourceKey>): Piece {
  const kept: Row[] = [];
  let nameless = 0;
  for (const row of rows) {
    if (!hasId(row)) {
      nameless += 1;
      continue;
    }
    const key = resourceKey(row.id);
    if (seen.has(key)) continue;
    seen.add(key);
    kept.push({ key, given: row });
  }
  return { kind: 'rows', rows: kept, nameless };
}

const hasId = (row: unknown): row is { readonly id: string } =>
  typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string' && row.id !== '';

function lost(area: Area, page: number, trouble: Trouble, rowsRead: number): Piece {
  const start =
    page === 1
      ? 'Resource Graph could not be read'
      : `Resource Graph failed on page ${page}, so that everything after row ${rowsRead} is unknown`;
  return {
    kind: 'lost',
    loss: {
      scopes: area.scopes,
      state: page === 1 ? 'missing' : 'partial',
      why: `${start}: ${trouble.text}`,
      forbidden: trouble.kind === 'forbidden',
    },
  };
}

const partly = (area: Area, why: string): Piece => ({
  kind: 'lost',
  loss: { scopes: area.scopes, state: 'partial', why, forbidden: false },
});
