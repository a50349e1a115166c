import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { paintWith } from '../../src/cli/output/paint.ts';
import { openTerminal } from '../../src/cli/terminal.ts';

const colours = (isTTY: boolean | undefined, environment: Readonly<Record<string, string>> = {}): boolean => {
  const stream = { isTTY, write: () => true } as unknown as NodeJS.WriteStream;
  return openTerminal({ stdin: Readable.from([]), stdout: stream, stderr: stream, environment, quiet: false }).colours;
};

describe('colours', () => {
  it.each<[string, boolean | undefined, Record<string, string>, boolean]>([
    ['a terminal', true, {}, true],
    // Node's own streams leave it undefined on a pipe, and picocolors paints by itself where CI is set and nobody says no.
    ['a pipe', undefined, {}, false],
    ['a pipe of a CI run', undefined, { CI: 'true' }, false],
    ['NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
  ])('%s', (_, isTTY, environment, expected) => {
    expect(colours(isTTY, environment)).toBe(expected);
    expect(paintWith(colours(isTTY, environment)).good('ok') !== 'ok').toBe(expected);
  });
});
