import { Failure } from './failure.ts';
import type { Call } from './http.ts';

/** One page of a list and the link to the next, as ARM (`nextLink`, `$skiptoken`) and Graph (`@odata.nextLink`) have it. */
export function pageOf<T>(
  call: Call,
  items: readonly T[],
  sizes: { readonly usual: number; readonly max: number },
): { readonly items: readonly T[]; readonly nextLink: string | undefined } {
  const size = sizeOf(call, sizes);
  const from = fromOf(call);
  const page = items.slice(from, from + size);
  if (from + page.length >= items.length) return { items: page, nextLink: undefined };
  const query = new URLSearchParams([...call.query].filter(([name]) => name.toLowerCase() !== '$skiptoken'));
  query.set('$skiptoken', Buffer.from(String(from + page.length)).toString('base64url'));
  return { items: page, nextLink: `${call.origin}${call.path}?${query.toString()}` };
}

function sizeOf(call: Call, sizes: { readonly usual: number; readonly max: number }): number {
  const given = call.query.get('$top') ?? undefined;
  if (given === undefined) return sizes.usual;
  const size = Number(given);
  if (!Number.isInteger(size) || size < 1)
    throw new Failure(400, 'BadRequest', `Invalid $top '${given}': a whole number of 1 or more is expected.`);
  if (size > sizes.max)
    throw new Failure(400, 'BadRequest', `Invalid page size specified: '${given}'. Must be between 1 and ${sizes.max} inclusive.`);
  return size;
}

function fromOf(call: Call): number {
  const token = [...call.query].find(([name]) => name.toLowerCase() === '$skiptoken')?.[1];
  if (token === undefined) return 0;
  const from = Number(Buffer.from(token, 'base64url').toString('utf8'));
  if (!Number.isInteger(from) || from < 0) throw new Failure(400, 'BadRequest', 'The $skiptoken is not one that this service issued.');
  return from;
}
