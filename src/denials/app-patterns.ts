/**
 * What libraries and services write into an application's log when an identity fails: the table behind `src/azure/queries/denials-app-text.kql`, which asks
 * for these patterns in this order (a test holds the two together). Logs are filtered by `terms` (whole words, any case) first, since words are indexed
 * and expressions are not. The expressions are in the common ground of RE2 and JavaScript: no look-around, no back-references; a dot matches line breaks too.
 */
export interface AppPattern {
  readonly id: string;
  /** Error code of the incident; `$1` is what the expression captured. */
  readonly reason: string;
  /** HTTP status that the text stands for; 0: there was no answer. */
  readonly statusCode: number;
  readonly match: string;
  readonly terms: readonly string[];
  readonly source: string;
}

export const appPatterns: readonly AppPattern[] = [
  {
    id: 'entra-error',
    reason: '$1',
    statusCode: 401,
    match: String.raw`\b(AADSTS\d{4,8})\b`,
    // Whole words only: every code that a workload can meet (see `workloadCodes`).
    terms: [],
    source: 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
  },
  {
    id: 'several-identities',
    reason: 'MultipleIdentities',
    statusCode: 400,
    match: String.raw`multiple user[- ]assigned identities exist`,
    terms: ['multiple user assigned identities exist', 'multiple user-assigned identities exist'],
    source: 'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling',
  },
  {
    id: 'identity-not-found',
    reason: 'IdentityNotFound',
    statusCode: 400,
    match: String.raw`identity not found|no user assigned or delegated managed identity found|has not been assigned to this resource|unable to load the proper managed identity|identity_not_found`,
    terms: [
      'identity not found',
      'no user assigned or delegated managed identity found',
      'has not been assigned to this resource',
      'unable to load the proper managed identity',
      'identity_not_found',
    ],
    source: 'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling',
  },
  {
    id: 'endpoint-unreachable',
    reason: 'IdentityEndpointUnreachable',
    statusCode: 0,
    match: String.raw`(?:169\.254\.\d+\.\d+|IMDS|IDENTITY_ENDPOINT|MSI_ENDPOINT|managed identity endpoint|managed_identity_unreachable_network|/metadata/identity|/msi/token).{0,400}(?:timed? ?out|timeout|refused|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|unreachable|no route to host|socket hang up|connection reset|connection aborted|failed to connect|unable to connect|no response|proxy|\b50[234]\b|bad gateway)|(?:timed? ?out|timeout|refused|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|unreachable|no route to host|failed to connect|unable to connect|no response|via proxy).{0,200}(?:169\.254\.\d+\.\d+|IMDS|managed identity endpoint)`,
    terms: [
      '169.254.169.254',
      '169.254.130.1',
      'IMDS',
      'IDENTITY_ENDPOINT',
      'MSI_ENDPOINT',
      'managed identity endpoint',
      'managed_identity_unreachable_network',
    ],
    source:
      'https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/troubleshooting#troubleshoot-managedidentitycredential-authentication-issues',
  },
  {
    id: 'invalid-resource',
    reason: 'InvalidResource',
    statusCode: 400,
    match: String.raw`\binvalid_resource\b`,
    terms: ['invalid_resource'],
    source: 'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling',
  },
  {
    id: 'vault-code',
    reason: '$1',
    statusCode: 401,
    match: String.raw`\b(AKV100(?:0[1-9]|[1-9]\d))\b`,
    // AKV10000 is the challenge that every client's first request meets.
    terms: ['AKV10022', 'AKV10032', 'AKV10046'],
    source: 'https://learn.microsoft.com/azure/key-vault/general/rest-error-codes',
  },
  {
    id: 'expired-token',
    reason: 'ExpiredToken',
    statusCode: 401,
    match: String.raw`ExpiredAuthenticationToken|access token expiry UTC time|InvalidAuthenticationToken.{0,200}expired|(?:vault\.azure\.net|core\.windows\.net|servicebus\.windows\.net|management\.azure\.com|graph\.microsoft\.com|documents\.azure\.com|InvalidAuthenticationInfo).{0,300}(?:token (?:has |is )?expired|lifetime validation failed)|(?:token (?:has |is )?expired|lifetime validation failed).{0,300}(?:vault\.azure\.net|core\.windows\.net|servicebus\.windows\.net|management\.azure\.com|graph\.microsoft\.com|documents\.azure\.com|InvalidAuthenticationInfo)`,
    terms: [
      'ExpiredAuthenticationToken',
      'access token expiry UTC time',
      'InvalidAuthenticationToken',
      'token has expired',
      'token is expired',
      'token expired',
      'lifetime validation failed',
    ],
    source: 'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors',
  },
  {
    id: 'wrong-audience',
    reason: 'InvalidAudience',
    statusCode: 401,
    match: String.raw`InvalidAuthenticationTokenAudience|InvalidAuthenticationInfo|wrong audience or resource|audience validation failed`,
    terms: ['InvalidAuthenticationTokenAudience', 'InvalidAuthenticationInfo', 'wrong audience or resource', 'audience validation failed'],
    source: 'https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes',
  },
  {
    id: 'wrong-tenant',
    reason: 'InvalidAuthenticationTokenTenant',
    statusCode: 401,
    match: String.raw`InvalidAuthenticationTokenTenant|from the wrong issuer`,
    terms: ['InvalidAuthenticationTokenTenant', 'from the wrong issuer'],
    source: 'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors',
  },
  {
    id: 'storage-permission',
    reason: 'AuthorizationPermissionMismatch',
    statusCode: 403,
    match: String.raw`AuthorizationPermissionMismatch|not authorized to perform this operation using this permission`,
    terms: ['AuthorizationPermissionMismatch', 'not authorized to perform this operation using this permission'],
    source: 'https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes',
  },
  {
    id: 'storage-network',
    reason: 'AuthorizationFailure',
    statusCode: 403,
    match: String.raw`\bAuthorizationFailure\b`,
    terms: ['AuthorizationFailure'],
    source: 'https://learn.microsoft.com/troubleshoot/azure/azure-storage/blobs/authentication/storage-troubleshoot-403-errors',
  },
  {
    id: 'vault-network',
    reason: 'ForbiddenByFirewall',
    statusCode: 403,
    match: String.raw`ForbiddenByFirewall|ForbiddenByConnection|client address is not authorized and caller is not a trusted service`,
    terms: ['ForbiddenByFirewall', 'ForbiddenByConnection', 'client address is not authorized'],
    source: 'https://learn.microsoft.com/azure/key-vault/general/rest-error-codes',
  },
  {
    id: 'vault-rbac',
    reason: 'ForbiddenByRbac',
    statusCode: 403,
    match: String.raw`ForbiddenByRbac|caller is not authorized to perform action on resource`,
    terms: ['ForbiddenByRbac', 'caller is not authorized to perform action on resource'],
    source: 'https://learn.microsoft.com/azure/key-vault/general/rest-error-codes',
  },
  {
    id: 'vault-policy',
    reason: 'ForbiddenByPolicy',
    statusCode: 403,
    match: String.raw`ForbiddenByPolicy|does not have (?:secrets|keys|certificates|storage) \w+ permission on key vault`,
    terms: ['ForbiddenByPolicy', 'permission on key vault'],
    source: 'https://learn.microsoft.com/azure/key-vault/general/rest-error-codes',
  },
  {
    id: 'policy-denial',
    reason: 'RequestDisallowedByPolicy',
    statusCode: 403,
    match: String.raw`\bRequestDisallowedByPolicy\b`,
    terms: ['RequestDisallowedByPolicy'],
    source: 'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-policy-requestdisallowedbypolicy',
  },
  {
    id: 'lock',
    reason: 'ScopeLocked',
    statusCode: 409,
    match: String.raw`\bScopeLocked\b`,
    terms: ['ScopeLocked'],
    source: 'https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources',
  },
  {
    id: 'cosmos-rbac',
    reason: '403/5301',
    statusCode: 403,
    match: String.raw`does not have required RBAC permissions to perform action|cannot be authorized by AAD token in data plane|substatus(?: code)?\W{0,3}530[0-3]\b`,
    terms: ['does not have required RBAC permissions', 'cannot be authorized by AAD token', '5300', '5301', '5302', '5303'],
    source: 'https://learn.microsoft.com/azure/cosmos-db/nosql/troubleshoot-forbidden',
  },
  {
    id: 'linked-authorization',
    reason: 'LinkedAuthorizationFailed',
    statusCode: 403,
    match: String.raw`\bLinkedAuthorizationFailed\b`,
    terms: ['LinkedAuthorizationFailed'],
    source: 'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors',
  },
  {
    id: 'arm-authorization',
    reason: 'AuthorizationFailed',
    statusCode: 403,
    match: String.raw`does not have authorization to perform action|\bAuthorizationFailed\b`,
    terms: ['does not have authorization to perform action', 'AuthorizationFailed'],
    source: 'https://learn.microsoft.com/azure/role-based-access-control/troubleshooting',
  },
  {
    id: 'messaging-claim',
    reason: 'UnauthorizedAccess',
    statusCode: 401,
    match: String.raw`claim(?:\(s\)|s)? (?:are|is) required to perform this operation|amqp:unauthorized-access`,
    terms: ['required to perform this operation', 'unauthorized-access'],
    source: 'https://learn.microsoft.com/azure/service-bus-messaging/service-bus-troubleshooting-guide',
  },
  {
    id: 'network-blocked',
    reason: 'ForbiddenByFirewall',
    statusCode: 403,
    match: String.raw`is not allowed to access the server|blocked by your Cosmos DB account firewall|ip has been prevented to connect`,
    terms: ['is not allowed to access the server', 'blocked by your Cosmos DB account firewall', 'ip has been prevented to connect'],
    source: 'https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues',
  },
  {
    id: 'sql-token-login',
    reason: '18456',
    statusCode: 401,
    match: String.raw`login failed for user '?<token-identified principal>`,
    terms: ['token-identified principal'],
    source: 'https://learn.microsoft.com/azure/azure-sql/database/authentication-aad-overview',
  },
  {
    id: 'credential-unavailable',
    reason: 'CredentialUnavailable',
    statusCode: 401,
    match: String.raw`CredentialUnavailable(?:Error|Exception)|managed identity endpoint (?:was )?not found|no managed identity endpoint found|(?:ManagedIdentityCredential|WorkloadIdentityCredential)[\w .:-]{0,80}(?:unavailable|failed)|(?:DefaultAzureCredential|ChainedTokenCredential)[\w .:-]{0,80}failed to (?:retrieve|acquire|get)|failed to retrieve a token from the included credentials|managed_identity_request_failed|identity_unavailable`,
    terms: [
      'CredentialUnavailableError',
      'CredentialUnavailableException',
      'ManagedIdentityCredential',
      'WorkloadIdentityCredential',
      'DefaultAzureCredential',
      'ChainedTokenCredential',
      'managed identity endpoint',
      'failed to retrieve a token',
      'managed_identity_request_failed',
      'identity_unavailable',
    ],
    source: 'https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/troubleshooting',
  },
];

/**
 * Codes that a workload meets when it asks for a token. The other hundreds are about people who sign in to the application (wrong password, consent,
 * second factor): no identity of Azure has a problem there.
 */
export const workloadCodes: readonly string[] = [
  '50001',
  '500011',
  '50020',
  '500014',
  '53003',
  '530032',
  '530034',
  '53011',
  '90002',
  '90033',
  '900144',
  '900382',
  '9002313',
  '70001',
  '700016',
  '70011',
  '7000112',
  '7000215',
  '7000222',
  '7000229',
  '70021',
  '700211',
  '700212',
  '7002121',
  '700213',
  '7002131',
  '700222',
  '700223',
  '700226',
  '700227',
  '700229',
  '700236',
  '700238',
  '700024',
  '700027',
  '700030',
  '50011',
  '501051',
  '1002012',
].map((code) => `AADSTS${code}`);

/** Words by which a log is searched before the expressions look. */
export const appTerms: readonly string[] = [...new Set([...workloadCodes, ...appPatterns.flatMap((pattern) => pattern.terms)])];
