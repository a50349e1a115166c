import { z } from 'zod';
import { valueHash } from './finding-index.ts';

/** A cursor that this store did not give, or gave for another question. */
export class UnknownCursorError extends Error {
  override readonly name = 'UnknownCursorError';
}

const content = z.object({ v: z.literal(1), q: z.string(), after: z.string().regex(/^[\w.~-]{1,600}$/) });

/** Names the last thing read by its place in the order, so that what comes and goes before it shifts nothing. `question`: what was asked, as JSON. */
export function cursorAfter(question: unknown, after: string): string {
  return Buffer.from(JSON.stringify({ v: 1, q: mark(question), after } satisfies z.infer<typeof content>)).toString('base64url');
}

export function readCursor(question: unknown, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const read = content.safeParse(parsed(cursor));
  if (!read.success) throw new UnknownCursorError('The cursor is not one of this store. Begin again without one.');
  if (read.data.q !== mark(question))
    throw new UnknownCursorError(
      'The cursor belongs to another question: filter and order must be those of the page before. Begin again without one.',
    );
  return read.data.after;
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The same question with its fields in another order is the same. */
const mark = (question: unknown): string =>
  valueHash(JSON.stringify(question, (_, value: unknown) => (isRecord(value) ? sorted(value) : value)));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const sorted = (value: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
