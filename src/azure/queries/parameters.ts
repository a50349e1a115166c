/** A value that may stand for a parameter. Times are instants in ISO 8601; spans are KQL literals such as `5m`, from our own code only. */
export type Literal =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'datetime'; readonly value: string }
  | { readonly kind: 'timespan'; readonly minutes: number };

/**
 * Replaces the literals of the `let name = literal;` lines on top of a query. A value never reaches the text in any other form than the literal
 * of its type, so nothing that a user or a log wrote can become KQL. A name the text does not declare, or another type than its default, is an error.
 */
export function withParameters(text: string, values: Readonly<Record<string, Literal>>): string {
  const lines = text.split('\n');
  const left = new Set(Object.keys(values));
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('//')) continue;
    const declared = /^let (\w+) = (.+);\s*$/.exec(line);
    if (declared === null) break;
    const [, name = '', standing = ''] = declared;
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) continue;
    if (kindOf(standing) !== value.kind) throw new Error(`Parameter ${name} is a ${kindOf(standing)}, not a ${value.kind}.`);
    lines[at] = `let ${name} = ${literal(value)};`;
    left.delete(name);
  }
  if (left.size > 0) throw new Error(`The query has no parameter ${[...left].join(', ')}.`);
  return lines.join('\n');
}

function kindOf(standing: string): Literal['kind'] {
  if (standing.startsWith('dynamic([')) return 'strings';
  if (standing.startsWith('datetime(')) return 'datetime';
  if (/^\d+(\.\d+)?(d|h|m|s)$/.test(standing) || standing.startsWith('time(')) return 'timespan';
  if (/^-?\d+(\.\d+)?$/.test(standing)) return 'number';
  if (standing.startsWith('"') || standing.startsWith("'")) return 'string';
  throw new Error(`A parameter's default must be a literal, not ${standing}.`);
}

function literal(value: Literal): string {
  switch (value.kind) {
    case 'string':
      return quoted(value.value);
    case 'strings':
      return `dynamic([${value.value.map(quoted).join(', ')}])`;
    case 'number':
      if (!Number.isFinite(value.value)) throw new Error('A number parameter must be finite.');
      return String(value.value);
    case 'datetime':
      return `datetime(${new Date(value.value).toISOString()})`;
    case 'timespan':
      if (!Number.isFinite(value.minutes)) throw new Error('A timespan parameter must be finite.');
      return `time(${Math.round(value.minutes * 60)}s)`;
  }
}

/** Printable ASCII as it is, everything else escaped: no quote, line break or look-alike can end the literal. */
function quoted(text: string): string {
  return `"${text.replace(/[^ !#-[\]-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}
