/** invoke: the piped table is the first argument of a `let` function. */
import { unsupported } from '../kql-error.ts';
import type { Scope } from '../scope.ts';
import { type SyntaxNode, nameOf, part } from '../syntax.ts';
import type { Tabular } from '../tabular.ts';

export function invoke(node: SyntaxNode, source: Tabular, scope: Scope): Tabular {
  const call = part(node, 'Function');
  const name = nameOf(part(call, 'Name'));
  const binding = scope.names.get(name);
  if (binding?.kind !== 'function') throw unsupported(`invoke ${name}()`, node.TextStart);
  return scope.run.callTabular(call, binding, scope, { kind: 'tabular', view: false, compile: () => source });
}
