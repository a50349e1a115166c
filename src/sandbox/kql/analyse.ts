/** Microsoft's analyser over a query and the tables it names. Its errors are Azure's 400; fuzzy unions are made good first. */
import { KqlError } from './kql-error.ts';
import { type NetCode, type NetDiagnostic, type NetList, databaseOf, parseAndAnalyse } from './kusto-language.ts';
import { type SyntaxNode, descendants, kindName, listOf, nameOf, optionalPart, parametersOf, part, textOf, unwrap } from './syntax.ts';
import type { KqlSchema } from './types.ts';

export interface Analysis {
  /** The query that was analysed: as given, with unresolved legs of fuzzy unions blanked out. */
  readonly text: string;
  readonly syntax: SyntaxNode;
}

export interface AnalyseOptions {
  readonly caseInsensitiveTables?: boolean;
  /** Told each table that a fuzzy union does without; `false` makes its absence an error after all. */
  readonly fuzzyKnownTable?: (name: string) => boolean;
}

export interface Diagnostic {
  readonly message: string;
  readonly severity: string;
  readonly start: number;
  readonly length: number;
}

/** Everything the analyser has to say, without running anything. */
export function checkKql(query: string, tables: readonly KqlSchema[]): readonly Diagnostic[] {
  const code = parseAndAnalyse(query, databaseOf(schemasFor(query, tables, false)));
  return toArray(code.GetDiagnostics()).map((d) => ({ message: d.Message, severity: d.Severity, start: d.Start, length: d.Length }));
}

export function analyse(query: string, tables: readonly KqlSchema[], options: AnalyseOptions): Analysis {
  const globals = databaseOf(schemasFor(query, tables, options.caseInsensitiveTables ?? false));
  let text = query;
  for (;;) {
    const code = parseAndAnalyse(text, globals);
    const shorter = withoutUnresolvedLegs(text, code, options);
    if (shorter !== undefined) {
      text = shorter;
      continue;
    }
    const errors = toArray(code.GetDiagnostics()).filter((d) => d.Severity === 'Error' && !isFalseAlarm(d, text));
    const error = errors.find((d) => d.Code.startsWith('KS0')) ?? errors[0];
    if (error) throw asError(error);
    return { text, syntax: code.Syntax };
  }
}

/**
 * Only the tables the text mentions: a Log Analytics workspace has nine hundred. A name written in another case is a table of
 * its own to the analyser, as Resource Graph does not mind case.
 */
function schemasFor(query: string, tables: readonly KqlSchema[], ignoreCase: boolean): KqlSchema[] {
  const words = new Set(query.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []);
  const everyTable = words.has('search') || words.has('find') || /\bunion\b[^|]*\*/.test(query);
  const known = new Map(tables.map((table) => [table.name, table]));
  const found = new Map<string, KqlSchema>();
  for (const table of tables) if (everyTable || words.has(table.name)) found.set(table.name, table);
  if (!ignoreCase) return [...found.values()];
  const lower = new Map(tables.map((table) => [table.name.toLowerCase(), table]));
  for (const word of words) {
    const table = lower.get(word.toLowerCase());
    if (table && !known.has(word)) found.set(word, { name: word, columns: table.columns });
  }
  return [...found.values()];
}

function asError(diagnostic: NetDiagnostic): KqlError {
  const kind = diagnostic.Code.startsWith('KS0') ? 'syntax' : 'semantic';
  return new KqlError(kind, `${diagnostic.Message} (${diagnostic.Code} at ${diagnostic.Start})`, diagnostic.Start);
}

/** Complaints that the engine does not share. Each is documented by an example that it refuses. */
function isFalseAlarm(diagnostic: NetDiagnostic, text: string): boolean {
  const before = text.slice(Math.max(0, diagnostic.Start - 200), diagnostic.Start);
  // make_timespan(1,12,30,55.123): seconds may have a fraction.
  if (diagnostic.Code === 'KS134') return /make_timespan\s*\([^()]*$/.test(before);
  // bag_unpack(d, ignoredProperties=dynamic([…])): named arguments may leave out the ones before them.
  if (diagnostic.Code !== 'KS107') return false;
  if (/bag_unpack\s*\([^()]*$/.test(before) && /^(?:ignoredProperties\s*=|dynamic)/.test(text.slice(diagnostic.Start))) return true;
  // count(x), which counts rows as count() does.
  return /\bcount\s*\(\s*$/.test(before);
}

/**
 * `union isfuzzy=true` goes on without the tables it cannot find, as long as one is left. To the analyser such a leg has unknown
 * columns, so it is blanked out (same length: positions stay true) and the query analysed again. Undefined when there is none.
 */
function withoutUnresolvedLegs(text: string, code: NetCode, options: AnalyseOptions): string | undefined {
  const unresolved = (node: SyntaxNode) => !node.ReferencedSymbol;
  const unions = descendants(code.Syntax).filter((node) => kindName(node) === 'UnionOperator' && isFuzzy(node));
  let blanked = text;
  for (const union of unions) {
    const list = optionalPart(union, 'Expressions');
    const legs = list ? listOf(list) : [];
    const lost = legs.filter((leg) => {
      const source = sourceOf(leg);
      return kindName(source) === 'NameReference' && unresolved(source) && options.fuzzyKnownTable?.(nameOf(source)) !== false;
    });
    if (lost.length === 0) continue;
    const names = lost.map((leg) => nameOf(sourceOf(leg))).join(', ');
    if (lost.length === legs.length)
      throw new KqlError('semantic', `None of the tables of the fuzzy union is known: ${names}`, union.TextStart);
    for (const leg of lost) blanked = blankLeg(blanked, leg);
    blanked = dropStrayCommas(blanked, legs, lost);
  }
  return blanked === text ? undefined : blanked;
}

function isFuzzy(union: SyntaxNode): boolean {
  const parameter = parametersOf(union).get('isfuzzy');
  return parameter !== undefined && textOf(parameter).trim() === 'true';
}

function sourceOf(leg: SyntaxNode): SyntaxNode {
  const inner = unwrap(leg);
  return kindName(inner) === 'PipeExpression' ? sourceOf(part(inner, 'Expression')) : inner;
}

function blankLeg(text: string, leg: SyntaxNode): string {
  return blank(text, leg.TextStart, leg.Width);
}

function blank(text: string, start: number, length: number): string {
  const piece = text.slice(start, start + length).replace(/[^\n]/g, ' ');
  return text.slice(0, start) + piece + text.slice(start + length);
}

/** Of the commas between legs, as many are blanked as legs went. */
function dropStrayCommas(text: string, legs: readonly SyntaxNode[], lost: readonly SyntaxNode[]): string {
  let result = text;
  const kept = legs.filter((leg) => !lost.includes(leg));
  const first = legs[0] as SyntaxNode;
  const last = legs.at(-1) as SyntaxNode;
  for (let i = 0; i <= kept.length; i++) {
    const from = i === 0 ? first.TextStart : (kept[i - 1] as SyntaxNode).TextStart + (kept[i - 1] as SyntaxNode).Width;
    const to = i === kept.length ? last.TextStart + last.Width : (kept[i] as SyntaxNode).TextStart;
    const commas = [...result.slice(from, to).matchAll(/,/g)].map((match) => from + match.index);
    for (const at of i === 0 || i === kept.length ? commas : commas.slice(1)) result = blank(result, at, 1);
  }
  return result;
}

function toArray<T>(list: NetList<T>): T[] {
  return Array.from({ length: list.Count }, (_, i) => list.getItem(i));
}
