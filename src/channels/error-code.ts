/** The code of a network error, such as ECONNREFUSED, or its name. Never its message, which may hold the address or what was sent. */
export function errorCodeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code;
  return /^[A-Z][A-Za-z]{1,40}$/.test(error.name) ? error.name : 'unknown error';
}
