/**
 * Names of resources are other people's text: characters that hide or reorder what is read are shown as their code point, as the command line does.
 * A reviver for `JSON.parse`. Commands stay as they are, since they are copied.
 */
export function readable(key: string, value: unknown): unknown {
  if (typeof value !== 'string' || commands.has(key)) return value;
  return value.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

const commands = new Set(['cli', 'bicep', 'terraform']);
