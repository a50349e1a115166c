/** IPv4 and IPv6 functions. Addresses may carry a prefix (`10.0.0.0/8`); the shortest prefix of a call is the one that counts. */
import { unsupported } from '../kql-error.ts';
import { dynamicText } from '../dynamic.ts';
import { type Builtins, lenient, strict } from './define.ts';

interface Address {
  readonly bits: bigint;
  readonly prefix: number;
}

export const NETWORK: Builtins = {
  parse_ipv4: strict(['string'], (text: string) => {
    const address = v4(text);
    return address && Number(masked(address, 32));
  }),
  parse_ipv4_mask: strict(['string', 'long'], (text: string, prefix: number) => {
    const address = v4(text);
    return address && validPrefix(prefix, 32) ? Number(masked({ ...address, prefix: Math.min(prefix, address.prefix) }, 32)) : null;
  }),
  parse_ipv6: strict(['string'], (text: string) => {
    const address = v6(text);
    return address ? canonical(masked(address, 128)) : '';
  }),
  parse_ipv6_mask: strict(['string', 'long'], (text: string, prefix: number) => {
    const address = v6(text);
    return address && validPrefix(prefix, 128) ? canonical(masked({ ...address, prefix: Math.min(prefix, address.prefix) }, 128)) : '';
  }),
  ipv4_compare: strict(['string', 'string', 'long'], (a: string, b: string, prefix = 32) => compare(v4(a), v4(b), prefix, 32)),
  ipv4_is_match: strict(['string', 'string', 'long'], (a: string, b: string, prefix = 32) => isZero(compare(v4(a), v4(b), prefix, 32))),
  ipv6_compare: strict(['string', 'string', 'long'], (a: string, b: string, prefix = 128) => compare(v6(a), v6(b), prefix, 128)),
  ipv6_is_match: strict(['string', 'string', 'long'], (a: string, b: string, prefix = 128) => isZero(compare(v6(a), v6(b), prefix, 128))),
  ipv4_is_in_range: strict(['string', 'string'], (ip: string, range: string) => inRange(v4(ip), v4(range), 32)),
  ipv6_is_in_range: strict(['string', 'string'], (ip: string, range: string) => inRange(v6(ip), v6(range), 128)),
  ipv4_is_in_any_range: strict(['string', 'any'], (ip: string, ...ranges: unknown[]) => inAny(v4(ip), ranges, v4, 32)),
  ipv6_is_in_any_range: strict(['string', 'any'], (ip: string, ...ranges: unknown[]) => inAny(v6(ip), ranges, v6, 128)),
  ipv4_is_private: strict(['string'], (text: string) => {
    const address = v4(text);
    return address && PRIVATE.some((range) => inRange(address, v4(range), 32));
  }),
  ipv4_netmask_suffix: strict(['string'], (text: string) => v4(text)?.prefix ?? null),
  format_ipv4: lenient(['any', 'long'], (value: unknown, prefix: number | null = 32) => format(value, prefix)?.[0] ?? ''),
  format_ipv4_mask: lenient(['any', 'long'], (value: unknown, prefix: number | null = 32) => format(value, prefix)?.join('/') ?? ''),
  has_ipv4: strict(['string', 'string'], hasAddress),
  has_any_ipv4: strict(['string', 'any'], (text: string, ...addresses: unknown[]) =>
    addresses.flat().some((ip) => hasAddress(text, dynamicText(ip))),
  ),
  has_ipv4_prefix: strict(['string', 'string'], hasPrefix),
  has_any_ipv4_prefix: strict(['string', 'any'], (text: string, ...prefixes: unknown[]) =>
    prefixes.flat().some((ip) => hasPrefix(text, dynamicText(ip))),
  ),
};

/** https://learn.microsoft.com/kusto/query/ipv4-is-private-function */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

function v4(text: string): Address | null {
  const match = /^\s*(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?\s*$/.exec(text);
  if (!match) return null;
  const bytes = match.slice(1, 5).map(Number);
  const prefix = match[5] === undefined ? 32 : Number(match[5]);
  if (bytes.some((byte) => byte > 255) || prefix > 32) return null;
  return { bits: bytes.reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n), prefix };
}

/** IPv6, IPv4 inside IPv6, or IPv4, whose prefix then counts 96 bits more. */
function v6(text: string): Address | null {
  const plain = v4(text);
  if (plain) return { bits: 0xffff_0000_0000n | plain.bits, prefix: plain.prefix + 96 };
  const [ip = '', suffix] = text.trim().split('/');
  const mixed = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(ip);
  const embedded = mixed && v4(mixed[2] ?? '');
  if (mixed && !embedded) return null;
  const tail = embedded ? `${(embedded.bits >> 16n).toString(16)}:${(embedded.bits & 0xffffn).toString(16)}` : '';
  const groups = expand(mixed ? `${mixed[1]}${tail}` : ip);
  if (!groups) return null;
  let bits = groups.reduce((all, group) => (all << 16n) | BigInt(`0x${group}`), 0n);
  // `::192.168.0.1` is the IPv4 address itself, as the documented results show; its own prefix then counts 96 bits more.
  const isPlainV4 = embedded !== null && embedded !== undefined && bits >> 32n === 0n;
  if (isPlainV4) bits |= 0xffff_0000_0000n;
  const prefix = suffix === undefined ? 128 : Number(suffix) + (isPlainV4 ? 96 : 0);
  return validPrefix(prefix, 128) ? { bits, prefix } : null;
}

function expand(ip: string): string[] | null {
  const halves = ip.split('::');
  if (halves.length > 2 || ip === '') return null;
  const [head = [], tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail ? missing < 1 : missing !== 0) return null;
  const groups = tail ? [...head, ...Array.from({ length: missing }, () => '0'), ...tail] : head;
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) ? groups : null;
}

function validPrefix(prefix: number, width: number): boolean {
  return Number.isInteger(prefix) && prefix >= 0 && prefix <= width;
}

function masked(address: Address, width: number): bigint {
  const drop = BigInt(width - address.prefix);
  return (address.bits >> drop) << drop;
}

function canonical(bits: bigint): string {
  return (bits.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':');
}

function compare(a: Address | null, b: Address | null, prefix: number, width: number): number | null {
  if (!a || !b || !validPrefix(prefix, width)) return null;
  const shared = Math.min(a.prefix, b.prefix, prefix);
  const [x, y] = [masked({ bits: a.bits, prefix: shared }, width), masked({ bits: b.bits, prefix: shared }, width)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function isZero(order: number | null): boolean | null {
  return order === null ? null : order === 0;
}

function inRange(address: Address | null, range: Address | null, width: number): boolean | null {
  if (!address || !range) return null;
  return isZero(compare({ ...address, prefix: width }, range, width, width));
}

function inAny(
  address: Address | null,
  ranges: readonly unknown[],
  parse: (text: string) => Address | null,
  width: number,
): boolean | null {
  const results = ranges.flat().map((range) => inRange(address, parse(dynamicText(range)), width));
  return results.includes(true) ? true : results.includes(null) ? null : false;
}

function format(value: unknown, prefix: number | null): [string, number] | null {
  const address = typeof value === 'number' ? { bits: BigInt(value), prefix: 32 } : v4(typeof value === 'string' ? value : '');
  if (!address || prefix === null || !validPrefix(prefix, 32) || address.bits > 0xffff_ffffn || address.bits < 0n) return null;
  const shared = Math.min(prefix, address.prefix);
  const bits = masked({ bits: address.bits, prefix: shared }, 32);
  return [[24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join('.'), shared];
}

/** The address must stand between characters that are no letters or digits. */
function hasAddress(text: string, ip: string): boolean {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(ip) || !v4(ip)) return false;
  return new RegExp(`(?<![A-Za-z0-9.])${ip.replaceAll('.', '\\.')}(?![A-Za-z0-9]|\\.\\d)`).test(text);
}

function hasPrefix(text: string, prefix: string): boolean {
  if (!/^(?:\d{1,3}\.){1,3}$|^\d{1,3}(?:\.\d{1,3}){3}$/.test(prefix)) throw unsupported(`has_ipv4_prefix() of '${prefix}'`);
  if (!prefix.endsWith('.')) return hasAddress(text, prefix);
  const rest = 4 - (prefix.match(/\./g) ?? []).length;
  const pattern = new RegExp(
    `(?<![A-Za-z0-9.])${prefix.replaceAll('.', '\\.')}\\d{1,3}(?:\\.\\d{1,3}){${rest - 1}}(?![A-Za-z0-9]|\\.\\d)`,
    'g',
  );
  return [...text.matchAll(pattern)].some((match) => v4(match[0]) !== null);
}
