import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elsewhere, ownInput, parsers } from './parsers.ts';

const root = resolve(import.meta.dirname, '../..');
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('sandbox/generate/'))
  .filter((file) => /\bJSON\.parse\(|\.(safeParse|parse|parseAsync|safeParseAsync)\(/.test(code(file)));

function code(file: string): string {
  return readFileSync(join(root, 'src', file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    .replaceAll(/\b(Date|path|PostalMime)\.parse\(/g, '');
}

describe('each parser of foreign input', () => {
  const named = [...parsers.flatMap(({ files }) => files), ...elsewhere.flatMap(({ files }) => files), ...Object.keys(ownInput)];

  it('is fuzzed: a new one needs a line in test/fuzz/parsers.ts', () => {
    expect(sources.length).toBeGreaterThan(40);
    expect(sources.filter((file) => !named.includes(file))).toEqual([]);
  });

  it('is there, and named once', () => {
    expect(named.filter((file) => !existsSync(join(root, 'src', file)))).toEqual([]);
    expect(named.filter((file, at) => named.indexOf(file) !== at)).toEqual([]);
  });

  it.each(elsewhere)('is fuzzed by $test: $input', ({ test }) => {
    expect(readFileSync(join(root, test), 'utf8')).toMatch(/fast-check[\s\S]*\bassert\(/);
  });

  it('stands in SECURITY.md', () => {
    const page = readFileSync(join(root, 'SECURITY.md'), 'utf8');
    const section = /## Foreign input\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
    const rows = [...section.matchAll(/^\| ([^|]+) \| [^|]+ \| `([^`]+)` \|$/gm)].map((row) => [row[1], row[2]]);
    expect(rows.toSorted()).toEqual(
      [...parsers.map(({ input }) => [input, 'test/fuzz']), ...elsewhere.map(({ input, test }) => [input, test])].toSorted(),
    );
  });
});

describe('foreign input is answered, refused in words or counted as a gap', () => {
  it.each(parsers)('$input', { timeout: 120_000 }, async ({ fuzz }) => {
    await fuzz();
  });
});
