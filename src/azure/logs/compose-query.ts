import { appTerms, workloadCodes } from '../../denials/index.ts';
import { denialSources, lineSources, queryText, withParameters, type Literal, type LogQuery } from '../queries/index.ts';

/** Sources of one query over refused calls: any of `denialSources` and `lineSources`. */
export type Source = (typeof denialSources)[number] | (typeof lineSources)[number];
export const allSources: readonly Source[] = [...denialSources, ...lineSources];

export interface Window {
  readonly from: string;
  readonly until: string;
}

export const denialRowsMax = 10_000;

/**
 * The sources' texts in one query: each file is valid alone, so its header of `let` lines goes (the tail has the same) and its body becomes a leg of a
 * fuzzy union. The empty table that stands in the tail stays as first leg: it gives every column its type, and one leg that is always there.
 */
export function denialQuery({ from, until }: Window, sources: readonly Source[] = allSources): string {
  const direct = denialSources.filter((source) => sources.includes(source)).map(body);
  const lines = lineSources.filter((source) => sources.includes(source)).map(body);
  const legs = lines.length === 0 ? direct : [...direct, body('denials-app-text')];
  const tail = withLegs(
    withLegs(
      parametrised('denials', { from: at(from), until: at(until), rowsMax: { kind: 'number', value: denialRowsMax } }),
      'refused',
      legs,
    ),
    'presence',
    [body('presence')],
  );
  if (lines.length === 0) return tail;
  const words = `let terms = ${list(appTerms)};\nlet codes = ${list(workloadCodes)};\n${withLegs(header('denials-app-text', 'lines'), 'lines', lines)}\n`;
  return tail.replace(/^let refused = /m, (line) => `${words}${line}`);
}

/** Asks whether the workspace can resolve a source at all; no row comes back. */
export function probeQuery({ from, until }: Window, source: Source): string {
  return `let from = ${datetime(from)};\nlet until = ${datetime(until)};\nlet terms = ${list(appTerms)};\n${body(source)}\n| take 0`;
}

export function parametrised(name: LogQuery, values: Readonly<Record<string, Literal>>): string {
  return withParameters(queryText(name), values);
}

/** What follows the comments and the `let` lines on top; a comment's `//` would swallow what is joined to it, so each body ends with a line break. */
export function body(name: LogQuery): string {
  const lines = queryText(name).split('\n');
  const first = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('//') && !line.startsWith('let '));
  return lines.slice(first).join('\n').trim();
}

/** `let name = datatable(…)[];` → `let name = union isfuzzy=true (datatable(…)[]), (leg), …;` */
function withLegs(text: string, name: string, legs: readonly string[]): string {
  return text.replace(new RegExp(`^let ${name} = (datatable\\(.*\\)\\[\\]);$`, 'm'), (_, empty: string) =>
    legs.length === 0 ? `let ${name} = ${empty};` : `let ${name} = union isfuzzy=true\n(${[empty, ...legs].join('\n),\n(')}\n);`,
  );
}

/** The one `let` line of a file that holds a placeholder. */
function header(name: LogQuery, placeholder: string): string {
  return (
    queryText(name)
      .split('\n')
      .find((line) => line.startsWith(`let ${placeholder} = `)) ?? ''
  );
}

const at = (value: string): Literal => ({ kind: 'datetime', value });
const datetime = (value: string): string => `datetime(${new Date(value).toISOString()})`;
/** Words from our own table, never from outside. */
const list = (words: readonly string[]): string => `dynamic([${words.map((word) => JSON.stringify(word)).join(', ')}])`;
