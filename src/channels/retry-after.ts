const daySeconds = 24 * 3600;

/** Seconds or a date (RFC 9110, 10.2.3), at most a day. Undefined where nothing useful stands there. */
export function retryAfterSeconds(given: string | undefined, nowMs: number): number | undefined {
  const text = given?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text), daySeconds);
  // Date.parse would find a date in almost anything.
  if (!/^[A-Z][a-z]{2,8}, .* GMT$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(Math.ceil((at - nowMs) / 1000), 0), daySeconds);
}
