/** Pages elsewhere may only ask where a setting names their origin; credentials are never cookies, so none are allowed. */
export function corsHeaders(request: Request, allowedOrigins: readonly string[]): Readonly<Record<string, string>> {
  const origin = request.headers.get('origin');
  if (origin === null || !allowedOrigins.includes(origin)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'ETag, Location, Retry-After, WWW-Authenticate',
    'cross-origin-resource-policy': 'cross-origin',
  };
}

export function preflightHeaders(
  request: Request,
  allowedOrigins: readonly string[],
  methods: readonly string[],
): Readonly<Record<string, string>> {
  const allowed = corsHeaders(request, allowedOrigins);
  if (Object.keys(allowed).length === 0 || !request.headers.has('access-control-request-method')) return allowed;
  return {
    ...allowed,
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': 'Authorization, Content-Type, If-None-Match, Accept',
    'access-control-max-age': '600',
  };
}
