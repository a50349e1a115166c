/** How built-in functions are written down: a list of parameter types and a plain JavaScript function. */
import { converter } from '../convert.ts';
import { unsupported } from '../kql-error.ts';
import type { Expr, Scope } from '../scope.ts';
import type { SyntaxNode } from '../kusto-language.ts';
import type { Evaluate, KqlType } from '../types.ts';

export interface Call {
  readonly name: string;
  readonly node: SyntaxNode;
  readonly nodes: readonly SyntaxNode[];
  readonly scope: Scope;
  readonly position: number;
  /** Result type as Microsoft's analyser found it; what `make` returns must be of it. */
  readonly type: KqlType;
  readonly args: readonly Expr[];
  readonly compile: (node: SyntaxNode) => Expr;
}

export interface Builtin {
  readonly make: (call: Call) => Evaluate;
  /** Not the same for every row even when its arguments are. */
  readonly volatile?: true;
  /** Takes its arguments as syntax. */
  readonly special?: (call: Call) => Expr;
}

export type Builtins = Readonly<Record<string, Builtin>>;

/** 'any' is passed on unconverted; 'same' is converted to the call's result type. */
export type ParameterType = KqlType | 'any' | 'same';

/** Null in any argument gives null. The last type covers all further arguments. */
export function strict(types: readonly ParameterType[], apply: (...values: never[]) => unknown): Builtin {
  return {
    make: (call) => {
      const readers = readersOf(call, types);
      const run = apply as (...values: unknown[]) => unknown;
      const [a, b, c] = readers;
      if (readers.length === 1 && a)
        return (row) => {
          const x = a(row);
          return x === null ? null : run(x);
        };
      if (readers.length === 2 && a && b)
        return (row) => {
          const x = a(row);
          const y = b(row);
          return x === null || y === null ? null : run(x, y);
        };
      if (readers.length === 3 && a && b && c)
        return (row) => {
          const x = a(row);
          const y = b(row);
          const z = c(row);
          return x === null || y === null || z === null ? null : run(x, y, z);
        };
      return (row) => {
        const values = readers.map((read) => read(row));
        return values.includes(null) ? null : run(...values);
      };
    },
  };
}

/** The function sees nulls itself. */
export function lenient(types: readonly ParameterType[], apply: (...values: never[]) => unknown): Builtin {
  return {
    make: (call) => {
      const readers = readersOf(call, types);
      const run = apply as (...values: unknown[]) => unknown;
      const [a, b] = readers;
      if (readers.length === 1 && a) return (row) => run(a(row));
      if (readers.length === 2 && a && b) return (row) => run(a(row), b(row));
      return (row) => run(...readers.map((read) => read(row)));
    },
  };
}

export function made(make: (call: Call) => Evaluate, volatile?: true): Builtin {
  return volatile ? { make, volatile } : { make };
}

export function special(compile: (call: Call) => Expr): Builtin {
  return { make: (call) => compile(call).evaluate, special: compile };
}

export function readersOf(call: Call, types: readonly ParameterType[]): Evaluate[] {
  return call.args.map((expr, i) => reader(expr, types[Math.min(i, types.length - 1)] ?? 'any', call));
}

export function reader(expr: Expr, type: ParameterType, call: Call): Evaluate {
  const wanted = type === 'any' ? expr.type : type === 'same' ? call.type : type;
  if (wanted === 'decimal' || expr.type === 'decimal') throw unsupported(`${call.name}() on decimal`, call.position);
  if (expr.type === wanted) return expr.evaluate;
  const convert = converter(expr.type, wanted);
  const { evaluate } = expr;
  return (row) => convert(evaluate(row));
}
