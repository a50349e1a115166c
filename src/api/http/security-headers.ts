/** On every answer. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cross-origin-resource-policy': 'same-origin',
  'x-permitted-cross-domain-policies': 'none',
};

/** An answer of the API is never a page. */
export const apiContentPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/**
 * Where the page may be framed: Teams, Outlook and Microsoft 365 (https://learn.microsoft.com/microsoftteams/platform/tabs/how-to/tab-requirements).
 * X-Frame-Options knows no list, so it is not sent.
 */
const frameAncestors = [
  "'self'",
  'https://teams.microsoft.com',
  'https://*.teams.microsoft.com',
  'https://teams.cloud.microsoft',
  'https://*.cloud.microsoft',
  'https://*.microsoft365.com',
  'https://*.office.com',
  'https://outlook.office.com',
  'https://outlook.office365.com',
  'https://outlook-sdf.office.com',
  'https://outlook-sdf.office365.com',
  'https://gov.teams.microsoft.us',
  'https://dod.teams.microsoft.us',
].join(' ');

/** teams-js reads its list of hosts from there when it starts. */
const teamsOrigins = 'https://res.cdn.office.net';

/**
 * Of the page. Styles come from the page's own files and from style elements that carry the nonce; `style=""` attributes are allowed, since charts set them and they run nothing.
 * Microsoft's sign-in shows itself in a hidden frame to renew a session, hence `frame-src`.
 */
export function pageContentPolicy({ authority, nonce }: { readonly authority: string; readonly nonce: string }): string {
  const signIn = originOf(authority);
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    `connect-src 'self' ${signIn} ${teamsOrigins}`,
    `frame-src 'self' ${signIn}`,
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    `form-action 'self' ${signIn}`,
    `frame-ancestors ${frameAncestors}`,
  ].join('; ');
}

const originOf = (address: string): string => (URL.canParse(address) ? new URL(address).origin : "'none'");
