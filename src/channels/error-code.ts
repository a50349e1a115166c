/** The code of a network error, such as ECONNREFUSED, or its name. Never its message, which may hold the address or what was sent. */
export function errorCodeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const code = 'code' in error ? error.code : undefined;
  if (isCode(code)) return code;
  return /^[A-Z][A-Za-z]{1,40}$/.test(error.name) ? error.name : 'unknown error';
}

/** nodemailer puts a code of its own (ESOCKET) in the place of the one that says what happened (ECONNREFUSED). */
export function causeCodeOf(error: unknown): string {
  const original = error instanceof Error && 'originalCode' in error ? error.originalCode : undefined;
  return isCode(original) ? original : errorCodeOf(error);
}

const isCode = (code: unknown): code is string => typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code);
