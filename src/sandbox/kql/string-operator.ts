/** has, contains, startswith, =~, matches regex and their kin. Strings have no null: a null dynamic is an empty string here. */
import { textReader } from './text-reader.ts';
import { unsupported } from './kql-error.ts';
import { regexOf } from './regex.ts';
import type { Expr } from './scope.ts';
import { type SyntaxNode, kindName } from './syntax.ts';
import { hasTerm } from './term.ts';
import type { Evaluate } from './types.ts';

interface Operator {
  readonly test: (text: string, needle: string) => boolean;
  readonly caseSensitive: boolean;
}

const TESTS: Record<string, Operator['test']> = {
  Has: hasTerm,
  HasPrefix: (text, needle) => hasTerm(text, needle, 'start'),
  HasSuffix: (text, needle) => hasTerm(text, needle, 'end'),
  Contains: (text, needle) => text.includes(needle),
  StartsWith: (text, needle) => text.startsWith(needle),
  EndsWith: (text, needle) => text.endsWith(needle),
};

export function isStringOperator(kind: string): boolean {
  return (
    kind === 'MatchesRegexExpression' || kind === 'EqualTildeExpression' || kind === 'BangTildeExpression' || parseKind(kind) !== undefined
  );
}

export function stringOperator(kind: string, left: Expr, right: Expr, position: number): Evaluate {
  const text = textReader(left, position);
  const needle = textReader(right, position);
  if (kind === 'MatchesRegexExpression') return (row) => regexOf(needle(row)).test(text(row));
  if (kind === 'EqualTildeExpression' || kind === 'BangTildeExpression')
    return equalIgnoringCase(text, needle, right.constant, kind === 'EqualTildeExpression');
  const found = parseKind(kind);
  if (!found) throw unsupported(kind, position);
  const { test } = found;
  const wanted = !found.not;
  if (found.caseSensitive) return (row) => test(text(row), needle(row)) === wanted;
  if (right.constant) {
    const lower = needle(undefined).toLowerCase();
    return (row) => test(text(row).toLowerCase(), lower) === wanted;
  }
  return (row) => test(text(row).toLowerCase(), needle(row).toLowerCase()) === wanted;
}

function equalIgnoringCase(text: (row: unknown) => string, needle: (row: unknown) => string, constant: boolean, wanted: boolean): Evaluate {
  if (!constant) return (row) => (text(row).toLowerCase() === needle(row).toLowerCase()) === wanted;
  const lower = needle(undefined).toLowerCase();
  return (row) => {
    const value = text(row);
    return (value.length === lower.length && (value === lower || value.toLowerCase() === lower)) === wanted;
  };
}

/** `NotContainsCsExpression` → not, Contains, case-sensitive. */
function parseKind(kind: string): { test: Operator['test']; not: boolean; caseSensitive: boolean } | undefined {
  const match = /^(Not)?(Has|HasPrefix|HasSuffix|Contains|StartsWith|EndsWith)(Cs)?Expression$/.exec(kind);
  const test = match && TESTS[match[2] ?? ''];
  return test ? { test, not: match[1] !== undefined, caseSensitive: match[3] !== undefined } : undefined;
}

/** has_any and has_all: their values may be spread over dynamic arrays. */
export function listOperator(node: SyntaxNode, left: Expr, values: readonly Expr[]): Evaluate {
  const text = textReader(left, node.TextStart);
  const all = kindName(node) === 'HasAllExpression';
  const read = (row: unknown): string[] => values.flatMap((value) => textsOf(value.evaluate(row))).map((value) => value.toLowerCase());
  const constant = values.every((value) => value.constant) ? read(undefined) : undefined;
  return (row) => {
    const lower = text(row).toLowerCase();
    const needles = constant ?? read(row);
    return all ? needles.every((needle) => hasTerm(lower, needle)) : needles.some((needle) => hasTerm(lower, needle));
  };
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return [String(value)];
  throw unsupported('has_any/has_all with a value that is no text');
}
