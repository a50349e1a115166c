import type { Severity } from '../../rules/index.ts';
import type { SheetId } from './sheets.ts';

/** What the review says, before it is HTML or Markdown: both say the same. All texts may hold foreign names and are escaped by the renderer. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** One or two sentences: what a reader in a hurry takes along. */
  readonly lead: string;
  readonly tone: Tone;
  readonly blocks: readonly Block[];
}

export type Tone = 'plain' | 'good' | 'warning' | 'bad';

export type Block =
  | { readonly kind: 'text'; readonly text: string; readonly tone: Tone }
  | { readonly kind: 'figures'; readonly figures: readonly Figure[] }
  | TableBlock
  | { readonly kind: 'chart'; readonly chart: ChartOfReview; readonly alternative: string }
  | { readonly kind: 'entries'; readonly entries: readonly Entry[] };

export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly tone: Tone;
}

export interface TableBlock {
  readonly kind: 'table';
  readonly caption: string;
  readonly columns: readonly { readonly title: string; readonly align?: 'end' }[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows left out, and the sheet that holds all of them. */
  readonly more: number;
  readonly moreIn?: SheetId;
  /** Closed until somebody opens it. */
  readonly folded: boolean;
}

export type Cell =
  | string
  | { readonly kind: 'severity'; readonly severity: Severity | '' }
  | { readonly kind: 'code' | 'when'; readonly text: string }
  /** A second line in small print. */
  | { readonly kind: 'noted'; readonly text: string; readonly note: string }
  | { readonly kind: 'state'; readonly text: string; readonly tone: Tone };

export interface Entry {
  readonly title: string;
  readonly severity: Severity;
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  readonly step: string;
  readonly command: string;
}

export type ChartOfReview =
  | {
      readonly kind: 'open-by-severity';
      readonly days: readonly string[];
      readonly series: readonly { readonly severity: Severity; readonly values: readonly (number | null)[] }[];
    }
  | {
      readonly kind: 'bars';
      readonly bars: readonly { readonly label: string; readonly value: number; readonly colour: 'accent' | Severity }[];
    };

/** Rows of a table in HTML and Markdown; the CSV holds all of them. */
export const rowsMax = 500;
/** More rows than this are folded away. */
export const rowsOpenMax = 25;

/** A table of at most `rowsMax` rows, folded when long. */
export function table<Item>(
  caption: string,
  columns: TableBlock['columns'],
  items: readonly Item[],
  row: (item: Item) => readonly Cell[],
  moreIn: SheetId,
  folded = items.length > rowsOpenMax,
): TableBlock {
  return {
    kind: 'table',
    caption,
    columns,
    rows: items.slice(0, rowsMax).map(row),
    more: Math.max(0, items.length - rowsMax),
    moreIn,
    folded,
  };
}

export const columns = (...titles: readonly string[]): TableBlock['columns'] =>
  titles.map((title) => (title.startsWith('#') ? { title: title.slice(1), align: 'end' } : { title }));

export const text = (words: string, tone: Tone = 'plain'): Block => ({ kind: 'text', text: words, tone });
