import type { z } from 'zod';
import { Refusal } from './problem.ts';
import { errorsOf, inWords } from './query.ts';

const bytesMax = 64 * 1024;

/** The body as its schema wants it. Where none is expected none is read. */
export async function readBody(request: Request, schema: z.ZodType | undefined): Promise<unknown> {
  if (schema === undefined) return undefined;
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  // Also what keeps a form of another site from asking: a browser sends no JSON elsewhere without asking first.
  if (type !== 'application/json') throw new Refusal('unsupported-media-type', 'Send the body as application/json.');
  const parsed = schema.safeParse(parsedJson(await textOf(request)));
  if (parsed.success) return parsed.data;
  const errors = errorsOf(parsed.error);
  throw new Refusal('bad-request', inWords('body', errors), { errors });
}

async function textOf(request: Request): Promise<string> {
  const tooLarge = new Refusal('too-large', `A body may have ${bytesMax / 1024} KB.`);
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('bad-request', 'The body is wrong: it is no JSON.', { errors: [{ at: 'body', text: 'is no JSON' }] });
  }
}
