import type { Readable } from 'node:stream';
import { oneLine } from './output/plain-text.ts';

/** Where a command writes. Tests give strings to it; main.ts gives the process's own streams. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly input: Readable;
  /** The answer. */
  print(text: string): void;
  /** Notes and errors: standard error. */
  note(text: string): void;
  /** Progress: standard error, and only on a terminal. */
  progress(text: string): void;
  /** Columns of the terminal; a pipe gets a width that reads well in a file. */
  readonly columns: number;
  readonly colours: boolean;
}

export interface Streams {
  readonly stdin: Readable;
  /** Node leaves `isTTY` undefined on a pipe, whatever its types say; undefined would let picocolors decide, and in CI it paints pipes too. */
  readonly stdout: Pick<NodeJS.WriteStream, 'write' | 'columns'> & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly quiet: boolean;
}

export function openTerminal({ stdin, stdout, stderr, environment, quiet }: Streams): Terminal {
  const bare = environment['NO_COLOR'] !== undefined && environment['NO_COLOR'] !== '';
  return {
    environment,
    input: stdin,
    print: (text) => void stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    note: (text) => void (quiet || stderr.write(`${text}\n`)),
    progress: (text) => void (quiet || !stderr.isTTY || stderr.write(`\u001b[2K\r${oneLine(text).slice(0, (stderr.columns ?? 80) - 1)}`)),
    columns: stdout.isTTY ? Math.max(60, stdout.columns ?? 80) : 120,
    colours: stdout.isTTY === true && !bare && environment['TERM'] !== 'dumb',
  };
}
