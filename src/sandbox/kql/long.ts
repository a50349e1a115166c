/**
 * 64-bit integers: a number while it is exact, a bigint beyond 2^53, wrapping at 2^63 as Kusto does.
 * Every result is normalised, so two equal longs are always `===` or two equal bigints.
 */

export type Long = number | bigint;

export function normal(value: bigint): Long {
  const wrapped = BigInt.asIntN(64, value);
  return wrapped >= -9007199254740991n && wrapped <= 9007199254740991n ? Number(wrapped) : wrapped;
}

export function addLong(a: Long, b: Long): Long {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return normal(BigInt(a) + BigInt(b));
}

export function subtractLong(a: Long, b: Long): Long {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return normal(BigInt(a) - BigInt(b));
}

export function multiplyLong(a: Long, b: Long): Long {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product === 0 ? 0 : product;
  }
  return normal(BigInt(a) * BigInt(b));
}

/** Towards zero; null when the divisor is zero. */
export function divideLong(a: Long, b: Long): Long | null {
  if (b === 0) return null;
  if (typeof a === 'number' && typeof b === 'number') return Math.trunc(a / b) + 0;
  return normal(BigInt(a) / BigInt(b));
}

/** Never negative: https://learn.microsoft.com/kusto/query/numerical-operators ("a small non-negative number"). */
export function moduloLong(a: Long, b: Long): Long | null {
  if (b === 0) return null;
  if (typeof a === 'number' && typeof b === 'number') {
    const size = Math.abs(b);
    const rest = a % size;
    return (rest < 0 ? rest + size : rest) + 0;
  }
  const size = BigInt(b) < 0n ? -BigInt(b) : BigInt(b);
  const rest = BigInt(a) % size;
  return normal(rest < 0n ? rest + size : rest);
}

/** Null when a real has no 64-bit integer. */
export function longFromReal(value: number): Long | null {
  if (!Number.isFinite(value)) return null;
  const whole = Math.trunc(value) + 0;
  if (Number.isSafeInteger(whole)) return whole;
  const big = BigInt(whole);
  return BigInt.asIntN(64, big) === big ? normal(big) : null;
}

export function longFromText(text: string): Long | null {
  const trimmed = text.trim();
  if (!/^[+-]?\d+$/.test(trimmed) && !/^-?0x[0-9a-f]+$/i.test(trimmed)) return null;
  const negative = trimmed.startsWith('-');
  const size = BigInt(trimmed.replace(/^[+-]/, ''));
  const value = negative ? -size : size;
  return /0x/i.test(trimmed) || BigInt.asIntN(64, value) === value ? normal(value) : null;
}
