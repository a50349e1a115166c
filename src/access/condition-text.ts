/**
 * The grammar of role assignment conditions, version 2.0.
 * https://learn.microsoft.com/azure/role-based-access-control/conditions-format
 *
 *   (!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'}))
 *   OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {…, …})
 */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'action'; readonly pattern: string }
  | { readonly kind: 'suboperation'; readonly names: readonly string[] }
  | {
      readonly kind: 'test';
      readonly attribute: Attribute;
      readonly operator: string;
      readonly quantifier: string;
      readonly values: readonly string[] | Attribute;
    }
  | { readonly kind: 'exists'; readonly attribute: Attribute };

/** `@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name]`: source and name in lower case. */
export interface Attribute {
  readonly source: string;
  readonly name: string;
}

/** Azure caps a condition at 8 KB; the depth keeps hostile nesting off the stack. */
const lengthMax = 16_384;
const depthMax = 64;

/** The condition, or undefined when any of it is not understood. Never a part of one. */
export function parseCondition(text: string): Condition | undefined {
  if (text.length > lengthMax) return undefined;
  const tokens = tokenize(text);
  if (tokens === undefined || tokens.length === 0) return undefined;
  const reader: Reader = { tokens, at: 0, depth: 0 };
  const condition = either(reader);
  return condition !== undefined && reader.at === tokens.length ? condition : undefined;
}

type Token =
  | { readonly kind: 'sign'; readonly text: '(' | ')' | '{' | '}' | ',' | '!' | 'and' | 'or' }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'attribute'; readonly attribute: Attribute };

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
}

const tokenText =
  /\s+|(?<sign>[(){},!]|&&|\|\|)|'(?<text>(?:[^'\\]|\\.|'')*)'|@(?<source>[A-Za-z]+)\[(?<name>[^\]]+)\]|(?<word>[A-Za-z0-9_.:+-]+)/y;

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  tokenText.lastIndex = 0;
  while (tokenText.lastIndex < text.length) {
    const groups = tokenText.exec(text)?.groups;
    if (groups === undefined) return undefined;
    const { sign, text: string, source, name, word } = groups;
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign === '&&' ? 'and' : sign === '||' ? 'or' : (sign as '(') });
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll("''", "'") });
    else if (source !== undefined && name !== undefined)
      tokens.push({ kind: 'attribute', attribute: { source: source.toLowerCase(), name: name.trim().toLowerCase() } });
    else if (word !== undefined) tokens.push(wordToken(word));
  }
  return tokens;
}

function wordToken(word: string): Token {
  const lower = word.toLowerCase();
  if (lower === 'and' || lower === 'or') return { kind: 'sign', text: lower };
  if (lower === 'not') return { kind: 'sign', text: '!' };
  return { kind: 'word', text: word };
}

function either(reader: Reader): Condition | undefined {
  return chainOf(reader, 'or', (inner) => chainOf(inner, 'and', unary));
}

function chainOf(reader: Reader, sign: 'and' | 'or', part: (reader: Reader) => Condition | undefined): Condition | undefined {
  const parts: Condition[] = [];
  do {
    const next = part(reader);
    if (next === undefined) return undefined;
    parts.push(next);
  } while (take(reader, sign));
  return parts.length === 1 ? parts[0] : { kind: sign, of: parts };
}

function unary(reader: Reader): Condition | undefined {
  if (reader.depth >= depthMax) return undefined;
  reader.depth += 1;
  const condition = nested(reader);
  reader.depth -= 1;
  return condition;
}

function nested(reader: Reader): Condition | undefined {
  if (take(reader, '!')) {
    const of = unary(reader);
    return of && { kind: 'not', of };
  }
  if (take(reader, '(')) {
    const inner = either(reader);
    return take(reader, ')') ? inner : undefined;
  }
  const token = reader.tokens[reader.at++];
  if (token?.kind === 'attribute') return test(reader, token.attribute);
  return token?.kind === 'word' ? named(reader, token.text.toLowerCase()) : undefined;
}

function named(reader: Reader, name: string): Condition | undefined {
  if (name === 'exists' || name === 'notexists') {
    const token = reader.tokens[reader.at++];
    if (token?.kind !== 'attribute') return undefined;
    const exists = { kind: 'exists', attribute: token.attribute } as const;
    return name === 'exists' ? exists : { kind: 'not', of: exists };
  }
  if (name !== 'actionmatches' && name !== 'suboperationmatches') return undefined;
  const values = list(reader);
  if (values === undefined) return undefined;
  if (name === 'suboperationmatches') return { kind: 'suboperation', names: values };
  const actions = values.map((pattern) => ({ kind: 'action', pattern }) as const);
  return actions.length === 1 ? actions[0] : { kind: 'or', of: actions };
}

const operators = /^(?:(?<quantifier>for(?:any|all)of(?:any|all)values):)?(?<operator>(?:string|numeric|datetime|bool|guid|ip)[a-z]+)$/;

function test(reader: Reader, attribute: Attribute): Condition | undefined {
  const token = reader.tokens[reader.at++];
  if (token?.kind !== 'word') return undefined;
  const { quantifier = '', operator } = operators.exec(token.text.toLowerCase())?.groups ?? {};
  const values = operator === undefined ? undefined : operand(reader);
  return operator === undefined || values === undefined ? undefined : { kind: 'test', attribute, operator, quantifier, values };
}

function operand(reader: Reader): readonly string[] | Attribute | undefined {
  const token = reader.tokens[reader.at];
  if (token?.kind === 'sign') return list(reader);
  reader.at += 1;
  if (token === undefined) return undefined;
  return token.kind === 'attribute' ? token.attribute : [token.text];
}

/** `{'a', 'b'}`; GUIDs and numbers come without quotes. */
function list(reader: Reader): readonly string[] | undefined {
  if (!take(reader, '{')) return undefined;
  const values: string[] = [];
  do {
    const token = reader.tokens[reader.at++];
    if (token?.kind !== 'string' && token?.kind !== 'word') return undefined;
    values.push(token.text);
  } while (take(reader, ','));
  return take(reader, '}') ? values : undefined;
}

function take(reader: Reader, sign: (Token & { kind: 'sign' })['text']): boolean {
  const token = reader.tokens[reader.at];
  if (token?.kind !== 'sign' || token.text !== sign) return false;
  reader.at += 1;
  return true;
}
