/**
 * Makes text fit for an exporter: without the secrets that are known by heart, without what looks like one, on one line, of bounded length. Names of identities
 * and resources are written by strangers.
 */
export function safeText(secrets: readonly string[]): (text: string) => string {
  // The longest first: a secret may hold another.
  const known = secrets.filter((secret) => secret.length >= secretLengthMin).toSorted((a, b) => b.length - a.length);
  return (text) => {
    let safe = text.slice(0, readMax);
    for (const secret of known) safe = safe.replaceAll(secret, left);
    for (const [pattern, instead] of looksSecret) safe = safe.replace(pattern, instead);
    safe = safe.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ');
    return safe.length <= lengthMax ? safe : `${safe.slice(0, lengthMax - 1).replace(/\p{Cs}$/u, '')}…`;
  };
}

const left = '[left out]';
/** Shorter ones would tear harmless text apart. */
const secretLengthMin = 6;
const lengthMax = 1_000;
/** Each pattern takes time in proportion; an answer of a megabyte is nobody's message. */
const readMax = 20_000;

const looksSecret: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{5,}\.[\w-]*\.?[\w-]*/g, left],
  [/\b(bearer|basic|sharedkey(?:lite)?|sharedaccesssignature)\s+[\w.~+/:=-]{6,}/gi, `$1 ${left}`],
  // Whatever stands between scheme and host.
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@]{1,500}@/gi, `$1${left}@`],
  [/\b(https?:\/\/[^\s?"'<>]{1,2000})\?[^\s"'<>]*/gi, `$1?${left}`],
  // The address itself lets anybody post.
  [/\b(https?:\/\/[^\s/"'<>]{0,200}webhook\.office\.com\/)[^\s"'<>]*/gi, `$1${left}`],
  [/\b(https?:\/\/[^\s/"'<>]{0,200}\/workflows\/)[^\s"'<>]*/gi, `$1${left}`],
  [
    /\b((?:account|sharedaccess|access|api|primary|secondary|instrumentation)_?-?key|sharedaccesssignature|sig|password|passwd|pwd|(?:client_?|shared_?)?secret|(?:access_?|refresh_?|id_?)?token|x-functions-key|identity_header)(["']?\s*[=:]\s*["']?)[^\s;&,"'}]{3,}/gi,
    `$1$2${left}`,
  ],
  // Keys of storage accounts and the like: 32 or 64 bytes in base64.
  [/(?<![\w+/])[A-Za-z0-9+/]{42,}={1,2}(?![\w=])/g, left],
];
