import { unsupported } from '../kql-error.ts';
import type { Scope } from '../scope.ts';
import type { SyntaxNode } from '../syntax.ts';
import type { Tabular } from '../tabular.ts';

export function parseKv(node: SyntaxNode, _source: Tabular, _scope: Scope): Tabular {
  throw unsupported('parse-kv', node.TextStart);
}
