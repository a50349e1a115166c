/** hash(): xxHash64 of the value's bytes, seed 0. https://learn.microsoft.com/kusto/query/hash-function */
import { unsupported } from '../kql-error.ts';
import { type Long, moduloLong, normal } from '../long.ts';
import { type Builtins, type Call, made } from './define.ts';

export const HASH: Builtins = { hash: made(hash), hash_xxhash64: made(hash) };

function hash(call: Call): (row: unknown) => unknown {
  const [value, modulus] = call.args;
  if (!value) throw unsupported(`${call.name}()`, call.position);
  const bytes = bytesOf(value.type, call);
  return (row) => {
    const v = value.evaluate(row);
    if (v === null) throw unsupported(`${call.name}() of null`, call.position);
    const code = normal(xxHash64(bytes(v)));
    return modulus ? moduloLong(code, modulus.evaluate(row) as Long) : code;
  };
}

function bytesOf(type: string, call: Call): (value: unknown) => Uint8Array {
  if (type === 'string') return (value) => Buffer.from(value as string, 'utf8');
  // The documented hash of an instant is that of its ticks.
  if (type === 'datetime') return (value) => eightBytes(value as bigint);
  throw unsupported(`${call.name}() of a ${type}`, call.position);
}

function eightBytes(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
}

const MASK = (1n << 64n) - 1n;
const P1 = 11400714785074694791n;
const P2 = 14029467366897019727n;
const P3 = 1609587929392839161n;
const P4 = 9650029242287828579n;
const P5 = 2870177450012600261n;

/** https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md */
export function xxHash64(bytes: Uint8Array): bigint {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.length;
  let at = 0;
  let hash = P5;
  if (length >= 32) {
    let lanes = [(P1 + P2) & MASK, P2, 0n, (MASK + 1n - P1) & MASK];
    for (; at + 32 <= length; at += 32) lanes = lanes.map((lane, i) => round(lane, view.readBigUInt64LE(at + 8 * i)));
    const [a = 0n, b = 0n, c = 0n, d = 0n] = lanes;
    hash = (rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n)) & MASK;
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * P1 + P4) & MASK;
  }
  hash = (hash + BigInt(length)) & MASK;
  for (; at + 8 <= length; at += 8) hash = (rotate(hash ^ round(0n, view.readBigUInt64LE(at)), 27n) * P1 + P4) & MASK;
  for (; at + 4 <= length; at += 4) hash = (rotate(hash ^ ((BigInt(view.readUInt32LE(at)) * P1) & MASK), 23n) * P2 + P3) & MASK;
  for (; at < length; at += 1) hash = (rotate(hash ^ ((BigInt(view[at] as number) * P5) & MASK), 11n) * P1) & MASK;
  hash = ((hash ^ (hash >> 33n)) * P2) & MASK;
  hash = ((hash ^ (hash >> 29n)) * P3) & MASK;
  return hash ^ (hash >> 32n);
}

function round(lane: bigint, input: bigint): bigint {
  return (rotate((lane + input * P2) & MASK, 31n) * P1) & MASK;
}

function rotate(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (64n - by))) & MASK;
}
