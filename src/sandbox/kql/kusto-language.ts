/**
 * Microsoft's own KQL parser and analyser, behind the few typed calls the evaluator needs.
 * The package is C# compiled by Bridge.NET: two scripts that define globals, in this order.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import vm from 'node:vm';
import type { KqlSchema, KqlType } from './types.ts';

export interface NetList<T> {
  readonly Count: number;
  getItem(index: number): T;
}

export interface NetSymbol {
  readonly Name: string;
}

export interface NetType extends NetSymbol {
  /** Only on tables and tuples. */
  readonly Columns?: NetList<NetSymbol & { readonly Type: NetType }>;
  readonly IsOpen?: boolean;
}

/** A node or a token of Microsoft's syntax tree. Named parts (`Expression`, `Selector`, …) are read with syntax.ts. */
export interface SyntaxNode {
  readonly Kind: number;
  readonly ChildCount: number;
  readonly TextStart: number;
  readonly Width: number;
  readonly IsMissing?: boolean;
  readonly ResultType?: NetType | null;
  readonly ReferencedSymbol?: NetSymbol | null;
  readonly SimpleName?: string;
  readonly Parent?: SyntaxNode | null;
  GetChild(index: number): SyntaxNode | null;
  GetExpansion?(): SyntaxNode | null;
  GetCalledFunctionBody?(): SyntaxNode | null;
  toString(): string;
}

export interface NetDiagnostic {
  readonly Message: string;
  readonly Severity: string;
  readonly Code: string;
  readonly Start: number;
  readonly Length: number;
}

export interface NetCode {
  readonly Syntax: SyntaxNode;
  GetDiagnostics(): NetList<NetDiagnostic>;
}

interface Language {
  readonly Symbols: {
    readonly TableSymbol: { From(schema: string): { WithName(name: string): unknown } };
    readonly DatabaseSymbol: { readonly ctor: new (name: string, members: unknown[]) => unknown };
  };
  readonly GlobalState: { readonly Default: { WithDatabase(database: unknown): unknown } };
  readonly KustoCode: { ParseAndAnalyze(text: string, globals: unknown): NetCode };
  readonly Syntax: { readonly SyntaxKind: unknown };
  readonly KustoFacts: {
    GetExpressionResultName(node: SyntaxNode, defaultName: string): string;
    BracketNameIfNecessary?(name: string): string;
  };
}

interface BridgeGlobals {
  Kusto?: { readonly Language: Language };
  System?: { readonly Enum: { getName(type: unknown, value: number): string } };
}

let loaded: { language: Language; kindName: (kind: number) => string } | undefined;

export function parseAndAnalyse(text: string, globals: unknown): NetCode {
  return load().language.KustoCode.ParseAndAnalyze(text, globals);
}

/** A database symbol holding the tables, ready for `parseAndAnalyse`. */
export function databaseOf(schemas: readonly KqlSchema[]): unknown {
  const { Symbols, GlobalState } = load().language;
  const symbols = schemas.map((schema) => Symbols.TableSymbol.From(schemaText(schema)).WithName(schema.name));
  return GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('db', symbols));
}

export function kindName(node: SyntaxNode): string {
  return load().kindName(node.Kind);
}

/** The name Kusto gives to a column whose expression has none: `properties.a` is `properties_a`; '' when it must be numbered. */
export function autoName(node: SyntaxNode): string {
  return load().language.KustoFacts.GetExpressionResultName(node, '') ?? '';
}

function schemaText(schema: KqlSchema): string {
  const column = ({ name, type }: { name: string; type: KqlType }) => `['${name.replaceAll("'", "\\'")}']:${type}`;
  return `(${schema.columns.map(column).join(', ')})`;
}

function load() {
  loaded ??= loadPackage();
  return loaded;
}

function loadPackage() {
  const require = createRequire(import.meta.url);
  const shared = globalThis as BridgeGlobals;
  for (const script of ['bridge.min.js', 'Kusto.Language.Bridge.min.js']) {
    const path = require.resolve(`@kusto/language-service-next/${script}`);
    // Not `require`: in an ESM loader (vitest) the scripts' `this` is not the global object they want to extend.
    vm.runInThisContext(readFileSync(path, 'utf8'), { filename: path });
  }
  const language = shared.Kusto?.Language;
  const system = shared.System;
  if (!language || !system) throw new Error('@kusto/language-service-next did not define its globals.');
  const names = new Map<number, string>();
  return {
    language,
    kindName(kind: number): string {
      let name = names.get(kind);
      if (name === undefined) names.set(kind, (name = system.Enum.getName(language.Syntax.SyntaxKind, kind)));
      return name;
    },
  };
}
