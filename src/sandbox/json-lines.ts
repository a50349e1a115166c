import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isObject, type JsonObject } from './json.ts';

/** A line of a world that nobody can read. Names file and line, since worlds are written by hand. */
export class UnreadableLine extends Error {
  override readonly name = 'UnreadableLine';
}

const chunkBytes = 1 << 20;

/** The objects of a JSON-lines file, one at a time (a world may hold a million rows). An absent file is an empty table; blank lines are skipped. */
export function* readJsonLines(file: string): Generator<JsonObject> {
  if (!existsSync(file)) return;
  if (statSync(file).isDirectory()) throw new UnreadableLine(`${named(file)}: must be a file with one JSON object a line, not a folder`);
  let number = 0;
  for (const line of readLines(file)) {
    number += 1;
    const text = number === 1 ? line.replace(/^\uFEFF/, '') : line;
    if (text.trim() !== '') yield parseLine(text, file, number);
  }
}

const named = (file: string): string => join(basename(dirname(file)), basename(file));

function parseLine(text: string, file: string, number: number): JsonObject {
  const unreadable = (problem: string, cause?: unknown): UnreadableLine =>
    new UnreadableLine(`${named(file)}, line ${number}: ${problem}`, cause === undefined ? {} : { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(`not valid JSON (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  }
  if (!isObject(value)) throw unreadable('a line must be one JSON object');
  return value;
}

function* readLines(file: string): Generator<string> {
  const handle = openSync(file, 'r');
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let rest: Buffer[] = [];
  try {
    for (;;) {
      const length = readSync(handle, chunk, 0, chunkBytes, null);
      if (length === 0) break;
      let from = 0;
      for (let end = chunk.indexOf(10, from); end !== -1 && end < length; end = chunk.indexOf(10, from)) {
        yield Buffer.concat([...rest, chunk.subarray(from, end)]).toString('utf8');
        rest = [];
        from = end + 1;
      }
      // Copied: the next read overwrites the chunk.
      if (from < length) rest.push(Buffer.from(chunk.subarray(from, length)));
    }
    if (rest.length > 0) yield Buffer.concat(rest).toString('utf8');
  } finally {
    closeSync(handle);
  }
}
