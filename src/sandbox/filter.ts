import { Failure } from './failure.ts';

/** An OData `$filter` as far as these APIs use one. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly inner: Filter }
  | { readonly kind: 'compare'; readonly path: string; readonly op: CompareOp; readonly value: Literal }
  | { readonly kind: 'in'; readonly path: string; readonly values: readonly Literal[] }
  | { readonly kind: 'text'; readonly name: 'startswith' | 'endswith' | 'contains'; readonly path: string; readonly value: string }
  /** `any(x: …)`; inside, the variable is the path. */
  | { readonly kind: 'any'; readonly path: string; readonly variable: string; readonly inner: Filter }
  /** A function of literals alone: `atScope()`, `assignedTo('…')`. */
  | { readonly kind: 'call'; readonly name: string; readonly values: readonly Literal[] };

export type CompareOp = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type Literal = string | number | boolean | null;

/** @throws Failure 400 that names the place it does not understand */
export function parseFilter(text: string): Filter {
  const tokens = tokenize(text);
  let at = 0;
  const fail = (expected: string): Failure =>
    new Failure(
      400,
      'BadRequest',
      `Invalid $filter '${text}': expected ${expected}${tokens[at] === undefined ? ' at the end' : ` at '${tokens[at]}'`}.`,
    );
  const peek = (): string => tokens[at] ?? '';
  const next = (): string => tokens[at++] ?? '';
  const accept = (word: string): boolean => {
    if (peek().toLowerCase() !== word) return false;
    at += 1;
    return true;
  };
  const expect = (word: string): void => {
    if (!accept(word)) throw fail(`'${word}'`);
  };

  function either(): Filter {
    let left = both();
    while (accept('or')) left = { kind: 'or', left, right: both() };
    return left;
  }
  function both(): Filter {
    let left = one();
    while (accept('and')) left = { kind: 'and', left, right: one() };
    return left;
  }
  function one(): Filter {
    if (accept('not')) return { kind: 'not', inner: one() };
    if (accept('(')) {
      const inner = either();
      expect(')');
      return inner;
    }
    const path = next();
    if (!/^[a-z_@][\w./@-]*$/i.test(path)) throw fail('a property or function name');
    if (accept('(')) return called(path);
    if (accept('in')) return { kind: 'in', path, values: listed() };
    const op = next().toLowerCase();
    if (!isCompareOp(op)) throw fail('eq, ne, gt, ge, lt, le or in');
    return { kind: 'compare', path, op, value: literal() };
  }
  function called(path: string): Filter {
    const name = path.toLowerCase();
    if (name === 'startswith' || name === 'endswith' || name === 'contains') {
      const on = next();
      expect(',');
      const value = literal();
      expect(')');
      if (typeof value !== 'string') throw fail('a text in quotes');
      return { kind: 'text', name, path: on, value };
    }
    if (name.endsWith('/any')) {
      const variable = next();
      expect(':');
      const inner = either();
      expect(')');
      return { kind: 'any', path: path.slice(0, -'/any'.length), variable, inner };
    }
    const values: Literal[] = [];
    while (!accept(')')) {
      values.push(literal());
      if (!accept(',') && peek() !== ')') throw fail("',' or ')'");
    }
    return { kind: 'call', name: path, values };
  }
  function listed(): readonly Literal[] {
    expect('(');
    const values = [literal()];
    while (accept(',')) values.push(literal());
    expect(')');
    return values;
  }
  function literal(): Literal {
    const token = next();
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (token === 'true' || token === 'false') return token === 'true';
    if (token === 'null') return null;
    if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
    // Unquoted instants and GUIDs, as OData has them.
    if (/^[\w:.+-]+$/.test(token)) return token;
    at -= 1;
    throw fail('a value');
  }

  const filter = either();
  if (at < tokens.length) throw fail('the end');
  return filter;
}

function tokenize(text: string): readonly string[] {
  const tokens = text.match(/'(?:[^']|'')*'|[(),]|:(?=\s*[a-z_]+(?:\/|\s))|[^\s(),':]+(?::[^\s(),':]+)*|\S/gi);
  return (tokens ?? []).flatMap((token) => {
    // `x:x` of a lambda; an instant keeps its colons.
    const lambda = /^([a-z_]\w*):([a-z_].*)$/i.exec(token);
    return lambda === null ? [token] : [lambda[1] ?? '', ':', lambda[2] ?? ''];
  });
}

const isCompareOp = (word: string): word is CompareOp => ['eq', 'ne', 'gt', 'ge', 'lt', 'le'].includes(word);

/** The parts of a filter that is a chain of `and`; undefined where it is anything else. */
export function conjuncts(filter: Filter): readonly Filter[] {
  return filter.kind === 'and' ? [...conjuncts(filter.left), ...conjuncts(filter.right)] : [filter];
}
