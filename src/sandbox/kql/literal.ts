/** Literal tokens to values. The text is read here because Bridge's own values lose 64-bit integers and NaN. */
import { guidFromText } from './convert.ts';
import { box } from './dynamic.ts';
import { unsupported } from './kql-error.ts';
import { type Long, longFromText, normal } from './long.ts';
import { type SyntaxNode, children, kindName, part, parts, stringTokenValue, textOf, typeOf } from './syntax.ts';
import { ticksFromDate } from './ticks.ts';
import { parseDatetime, parseTimespan } from './time-text.ts';
import type { KqlType } from './types.ts';

export interface Literal {
  readonly type: KqlType;
  readonly value: unknown;
  /** `datetime(now)` reads the clock. */
  readonly readsClock?: true;
}

export function literalOf(node: SyntaxNode, now: Date): Literal {
  const text = textOf(node).trim();
  const inner = /^[a-z]+\s*\(([\s\S]*)\)$/i.exec(text)?.[1]?.trim() ?? text;
  const isNull = inner.toLowerCase() === 'null';
  const bad = () => unsupported(`literal ${text}`, node.TextStart);
  switch (kindName(node)) {
    case 'StringLiteralExpression':
      return { type: 'string', value: stringTokenValue(part(node, 'Token')) };
    case 'CompoundStringLiteralExpression':
      return { type: 'string', value: children(part(node, 'Tokens')).map(stringTokenValue).join('') };
    case 'LongLiteralExpression':
    case 'IntLiteralExpression': {
      const type = typeOf(node);
      return { type, value: isNull ? null : must(longOf(inner), bad) };
    }
    case 'RealLiteralExpression':
      return { type: 'real', value: isNull ? null : must(realOf(inner), bad) };
    case 'BooleanLiteralExpression':
      return {
        type: 'bool',
        value: isNull ? null : must(({ true: true, false: false, 1: true, 0: false } as Record<string, boolean>)[inner.toLowerCase()], bad),
      };
    case 'DateTimeLiteralExpression':
      if (inner.toLowerCase() === 'now') return { type: 'datetime', value: ticksFromDate(now), readsClock: true };
      return {
        type: 'datetime',
        value: isNull ? null : must(parseDatetime(unquote(inner).replace(/^(\d{4}),\s*(\d{1,2}),\s*(\d{1,2})$/, '$1-$2-$3')), bad),
      };
    case 'TimespanLiteralExpression':
      return { type: 'timespan', value: isNull ? null : must(parseTimespan(unquote(inner)), bad) };
    case 'GuidLiteralExpression':
      return { type: 'guid', value: isNull ? null : must(guidFromText(unquote(inner)), bad) };
    case 'NullLiteralExpression':
      return { type: 'dynamic', value: null };
    case 'DynamicExpression':
      return { type: 'dynamic', value: dynamicOf(part(node, 'Expression'), now) };
    default:
      throw unsupported(`literal ${kindName(node)}`, node.TextStart);
  }
}

function dynamicOf(node: SyntaxNode, now: Date): unknown {
  switch (kindName(node)) {
    case 'JsonArrayExpression':
      return parts(node, 'Values').map((value) => dynamicOf(value, now));
    case 'JsonObjectExpression':
      return Object.fromEntries(
        parts(node, 'Pairs').map((pair) => [stringTokenValue(part(pair, 'Name')), dynamicOf(part(pair, 'Value'), now)]),
      );
    case 'UnaryMinusExpression': {
      const { type, value } = literalOf(part(node, 'Expression'), now);
      if (type === 'real') return box(-(value as number), 'real');
      if (type === 'long' || type === 'int') return normal(-BigInt(value as Long));
      throw unsupported('negative literal in dynamic', node.TextStart);
    }
    default: {
      const { type, value } = literalOf(node, now);
      return box(value, type);
    }
  }
}

function longOf(text: string): Long | null {
  return longFromText(text);
}

function realOf(text: string): number | null {
  const named: Record<string, number> = { nan: NaN, '+inf': Infinity, inf: Infinity, '-inf': -Infinity };
  const value = named[text.toLowerCase()] ?? Number(text);
  return text === '' || (Number.isNaN(value) && text.toLowerCase() !== 'nan') ? null : value;
}

function unquote(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, '$2');
}

function must<T>(value: T | null | undefined, bad: () => Error): T {
  if (value === null || value === undefined) throw bad();
  return value;
}
