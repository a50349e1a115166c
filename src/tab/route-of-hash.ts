import { isPlace } from './route.ts';

/** Cards and mails link to `/#/findings/ID`: a hash survives every sign-in and every proxy. In the page it becomes the address. Undefined: the hash is none of ours. */
export function placeInHash(hash: string): string | undefined {
  const address = hash.startsWith('#/') ? hash.slice(1) : undefined;
  return isPlace(address) ? address : undefined;
}
