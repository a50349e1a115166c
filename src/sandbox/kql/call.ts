/** Calls: built-in functions, and `let` functions by compiling their body with the arguments bound. */
import { BUILTINS } from './functions/index.ts';
import { KqlError, unsupported } from './kql-error.ts';
import { converter } from './convert.ts';
import { type Binding, type Expr, type Scope, constantExpr } from './scope.ts';
import {
  type SyntaxNode,
  isTabular,
  kindName,
  nameOf,
  optionalPart,
  part,
  parts,
  typeFromKeyword,
  textOf,
  kqlType,
  unwrap,
} from './syntax.ts';
import type { Tabular } from './tabular.ts';
import type { Call } from './functions/define.ts';
import type { KqlType } from './types.ts';

type Compile = (node: SyntaxNode, scope: Scope) => Expr;

export function compileCall(node: SyntaxNode, scope: Scope, compile: Compile): Expr {
  const name = nameOf(part(node, 'Name'));
  const aggregate = scope.aggregate?.(node);
  if (aggregate) return aggregate;
  const binding = scope.names.get(name);
  if (binding?.kind === 'function') return callScalar(node, binding, scope, compile);
  const builtin = BUILTINS[name.toLowerCase()];
  if (!builtin || !Object.hasOwn(BUILTINS, name.toLowerCase())) throw unsupported(`function ${name}()`, node.TextStart);
  const nodes = parts(part(node, 'ArgumentList'), 'Expressions');
  const call: Call = {
    name,
    node,
    nodes,
    scope,
    position: node.TextStart,
    type: resultType(node),
    args: [],
    compile: (argument) => compile(argument, scope),
  };
  if (builtin.special) return builtin.special(call);
  const args = nodes.map((argument) => compile(argument, scope));
  const evaluate = builtin.make({ ...call, args });
  if (builtin.volatile || !args.every((argument) => argument.constant)) return { type: call.type, evaluate, constant: false };
  try {
    return constantExpr(call.type, evaluate(undefined));
  } catch (error) {
    if (error instanceof KqlError && error.position === undefined)
      throw new KqlError(error.kind, `${error.message} at ${node.TextStart}`, node.TextStart);
    throw error;
  }
}

/** Several sorted arrays are a tuple, which is indexed like an array. */
function resultType(node: SyntaxNode): KqlType {
  const name = node.ResultType?.Name ?? '';
  if (name === 'tuple' && !(node.Parent && kindName(node.Parent) === 'ElementExpression'))
    throw unsupported('a function with several results', node.TextStart);
  return name === 'unknown' || name === 'tuple' ? 'dynamic' : kqlType(name, node.TextStart);
}

function callScalar(node: SyntaxNode, binding: Binding & { kind: 'function' }, scope: Scope, compile: Compile): Expr {
  const { body, inner } = enterFunction(node, binding, scope, compile);
  const expression = optionalPart(body, 'Expression');
  if (!expression) throw unsupported('a function without a result', node.TextStart);
  // The body sees no columns, but its arguments are read from the caller's row.
  return compile(expression, bodyLets(body, { ...inner, rows: scope.rows }, compile));
}

/** `let` statements inside a function body. Tables among them are left to the table compiler. */
export function bodyLets(body: SyntaxNode, scope: Scope, compile: Compile): Scope {
  let inner = scope;
  for (const statement of parts(body, 'Statements')) inner = letStatement(statement, inner, compile);
  return inner;
}

export function letStatement(statement: SyntaxNode, scope: Scope, compile: Compile): Scope {
  if (kindName(statement) !== 'LetStatement') throw unsupported(kindName(statement), statement.TextStart);
  const name = nameOf(part(statement, 'Name'));
  const names = new Map(scope.names);
  names.set(name, bindingOf(part(statement, 'Expression'), scope, compile));
  return { ...scope, names };
}

function bindingOf(value: SyntaxNode, scope: Scope, compile: Compile): Binding {
  if (kindName(value) === 'FunctionDeclaration') return { kind: 'function', declaration: value, scope };
  // All places that name it share one evaluation; the scope is this binding's, so the value is the same in each.
  if (kindName(unwrap(value)) === 'MaterializeExpression') {
    let table: Tabular | undefined;
    return { kind: 'tabular', view: false, compile: () => (table ??= scope.run.compileTabular(value, scope, false)) };
  }
  if (isTabular(value)) return { kind: 'tabular', view: false, compile: (closed) => scope.run.compileTabular(value, scope, closed) };
  return { kind: 'scalar', expr: compile(value, scope), rows: scope.rows };
}

/** The function's body, analysed for this call, and the scope in which its parameters are the arguments. */
export function enterFunction(
  node: SyntaxNode,
  binding: Binding & { kind: 'function' },
  scope: Scope,
  compile: Compile,
  first?: Binding,
): { body: SyntaxNode; inner: Scope } {
  const { declaration } = binding;
  const parameters = parts(part(declaration, 'Parameters'), 'Parameters');
  const given = argumentsByName(node, parameters, first !== undefined);
  const names = new Map(binding.scope.names);
  parameters.forEach((parameter, i) => {
    const declared = part(parameter, 'NameAndType');
    const name = nameOf(part(declared, 'Name'));
    if (i === 0 && first) return void names.set(name, first);
    const argument = given.get(name);
    const fallback = optionalPart(parameter, 'DefaultValue');
    const value = argument ?? (fallback && part(fallback, 'Value'));
    if (!value) throw unsupported(`a call without '${name}'`, node.TextStart);
    names.set(name, bindArgument(value, part(declared, 'Type'), argument ? scope : binding.scope, compile));
  });
  const body = calledBody(node) ?? part(declaration, 'Body');
  return { body, inner: { run: scope.run, rows: undefined, columns: new Map(), names } };
}

function calledBody(node: SyntaxNode): SyntaxNode | undefined {
  const expansion = node.GetCalledFunctionBody?.() ?? undefined;
  return expansion && kindName(expansion) === 'FunctionBody' ? expansion : undefined;
}

function argumentsByName(node: SyntaxNode, parameters: readonly SyntaxNode[], skipFirst: boolean): Map<string, SyntaxNode> {
  const names = parameters.slice(skipFirst ? 1 : 0).map((p) => nameOf(part(part(p, 'NameAndType'), 'Name')));
  const found = new Map<string, SyntaxNode>();
  parts(part(node, 'ArgumentList'), 'Expressions').forEach((argument, i) => {
    if (kindName(argument) === 'SimpleNamedExpression') found.set(nameOf(part(argument, 'Name')), part(argument, 'Expression'));
    else if (names[i] !== undefined) found.set(names[i], argument);
  });
  return found;
}

function bindArgument(value: SyntaxNode, type: SyntaxNode, scope: Scope, compile: Compile): Binding {
  if (kindName(type) === 'SchemaTypeExpression') {
    return { kind: 'tabular', view: false, compile: () => scope.run.compileTabular(value, scope, false) };
  }
  const expr = compile(value, scope);
  const wanted = typeFromKeyword(textOf(type), type.TextStart);
  const convert = converter(expr.type, wanted);
  const converted: Expr = expr.constant
    ? constantExpr(wanted, convert(expr.evaluate(undefined)))
    : { type: wanted, constant: false, evaluate: (row) => convert(expr.evaluate(row)) };
  return { kind: 'scalar', expr: converted, rows: scope.rows };
}
