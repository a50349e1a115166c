import { describe, expect, it } from 'vitest';
import { appPatterns, appTerms } from '../../src/denials/index.ts';

/** What the query's `case` does: words first, then the first expression that matches. */
function patternOf(line: string): string | undefined {
  const lower = line.toLowerCase();
  if (!appTerms.some((term) => lower.includes(term.toLowerCase()))) return undefined;
  return appPatterns.find(({ id, match }) => id !== 'entra-error' && new RegExp(match, 'is').test(line))?.id;
}

describe('a line of an application', () => {
  it.each([
    [
      'endpoint-unreachable',
      'Get "http://169.254.169.254/metadata/identity/oauth2/token": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    ],
    ['endpoint-unreachable', 'managed_identity_unreachable_network: java.net.ConnectException: Connection refused'],
    ['endpoint-unreachable', 'connect ECONNREFUSED 127.0.0.1:42356 while requesting http://127.0.0.1:42356/msi/token?resource=x'],
    ['endpoint-unreachable', 'ManagedIdentityCredential: managed identity timed out. See https://aka.ms/azsdk/go/identity/troubleshoot'],
    ['endpoint-unreachable', 'Squid proxy-cache: 169.254.169.254 could not be retrieved'],
    ['endpoint-unreachable', 'ManagedIdentityCredential authentication unavailable, no response from the IMDS endpoint.'],
    ['identity-not-found', 'RESPONSE 400 Bad Request { "error": "invalid_request", "error_description": "Identity not found" }'],
    ['graph-permission', 'Code: Authorization_RequestDenied Message: Insufficient privileges to complete the operation.'],
    ['wrong-audience', 'Code: InvalidAuthenticationToken Message: Access token validation failure. Invalid audience.'],
    ['vault-policy', "does not have secrets get permission on key vault 'kv;location=westeurope'"],
    [undefined, 'ManagedIdentityCredential - IMDS: timeout 3000 ms, 5 retries'],
    [undefined, 'IMDS probe with timeout=0.3'],
    [undefined, 'HTTP_PROXY=http://gateway:3128 NO_PROXY=169.254.169.254,localhost'],
    [undefined, 'ManagedIdentityCredential will use App Service managed identity'],
    [undefined, 'connect ETIMEDOUT 10.20.4.5:5432'],
  ])('is %s: %s', (id, line) => {
    expect(patternOf(line)).toBe(id);
  });
});
