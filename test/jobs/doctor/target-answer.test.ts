import { describe, expect, it, test } from 'vitest';
import { causes } from '../../../src/incidents/index.ts';
import { judgeAnswer } from '../../../src/jobs/doctor/target-answer.ts';
import { knownTarget, targetByResource } from '../../../src/jobs/doctor/target-service.ts';
import { troubleOfWords } from '../../../src/jobs/doctor/token-trouble.ts';

const cloud = { resourceManager: 'https://management.azure.com' };
const at = (url: string) => knownTarget(new URL(url), cloud)!.service;
const vault = at('https://kv.vault.azure.net');
const blob = at('https://acct.blob.core.windows.net');
const answer = (status: number, body: string, headers: Record<string, string> = {}) => ({ kind: 'answer' as const, status, headers, body });
const xml = (code: string, detail = ''): string =>
  `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>m</Message>${detail}</Error>`;

describe('the answer of a dependency', () => {
  it.each<[string, typeof vault, number, string, string]>([
    ['a yes', vault, 200, '{"value":[]}', 'ok'],
    [
      'vault: wrong audience',
      vault,
      401,
      '{"error":{"code":"Unauthorized","message":"AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://management.azure.com."}}',
      'wrong-audience',
    ],
    [
      'vault: other tenant',
      vault,
      401,
      '{"error":{"code":"Unauthorized","message":"AKV10032: Invalid issuer. Expected one of https://sts.windows.net/x/"}}',
      'foreign-tenant',
    ],
    [
      'vault: no role',
      vault,
      403,
      '{"error":{"code":"Forbidden","message":"Caller is not authorized to perform action on resource.\\nAssignment: (not found)","innererror":{"code":"ForbiddenByRbac"}}}',
      'missing-role',
    ],
    [
      'vault: no policy',
      vault,
      403,
      '{"error":{"code":"Forbidden","message":"The user does not have secrets list permission on key vault","innererror":{"code":"ForbiddenByPolicy"}}}',
      'vault-on-access-policies',
    ],
    [
      'vault: firewall',
      vault,
      403,
      '{"error":{"code":"Forbidden","message":"Client address is not authorized and caller is not a trusted service.","innererror":{"code":"ForbiddenByFirewall"}}}',
      'network-rule',
    ],
    [
      'vault: public access off',
      vault,
      403,
      '{"error":{"code":"Forbidden","message":"Public network access is disabled and request is not from a trusted service nor via an approved private link.","innererror":{"code":"ForbiddenByConnection"}}}',
      'network-rule',
    ],
    ['storage: no role', blob, 403, xml('AuthorizationPermissionMismatch'), 'missing-role'],
    ['storage: firewall', blob, 403, xml('AuthorizationFailure'), 'network-rule'],
    [
      'storage: wrong audience',
      blob,
      401,
      xml('InvalidAuthenticationInfo', '<AuthenticationErrorDetail>Audience validation failed</AuthenticationErrorDetail>'),
      'wrong-audience',
    ],
    [
      'storage: old token',
      blob,
      401,
      xml(
        'InvalidAuthenticationInfo',
        '<AuthenticationErrorDetail>Lifetime validation failed. The token is expired.</AuthenticationErrorDetail>',
      ),
      'stale-token',
    ],
    ['ARM: no role', at('https://management.azure.com'), 403, '{"error":{"code":"AuthorizationFailed","message":"…"}}', 'missing-role'],
    [
      'ARM: wrong audience',
      at('https://management.azure.com'),
      401,
      '{"error":{"code":"InvalidAuthenticationTokenAudience"}}',
      'wrong-audience',
    ],
    [
      'Cosmos DB: no native role',
      at('https://a.documents.azure.com'),
      403,
      '{"code":"Forbidden","message":"Request blocked by Auth a : Request for Read is blocked because principal [x] does not have required RBAC permissions to perform action"}',
      'native-role-missing',
    ],
    [
      'Cosmos DB: firewall',
      at('https://a.documents.azure.com'),
      403,
      '{"code":"Forbidden","message":"Request originated from IP 1.2.3.4 through public internet. This is blocked by your Cosmos DB account firewall settings."}',
      'network-rule',
    ],
    [
      'Graph: no permission',
      at('https://graph.microsoft.com/v1.0/users'),
      403,
      '{"error":{"code":"Authorization_RequestDenied"}}',
      'missing-role',
    ],
    [
      'Service Bus: token accepted, role too small',
      at('https://n.servicebus.windows.net'),
      401,
      '<Error><Code>401</Code><Detail>Manage,EntityRead claims required for this operation.</Detail></Error>',
      'undecided',
    ],
    [
      'Service Bus: wrong audience',
      at('https://n.servicebus.windows.net'),
      401,
      '<Error><Code>401</Code><Detail>InvalidAudience: audience mismatch</Detail></Error>',
      'wrong-audience',
    ],
    ['a 401 without words', vault, 401, '', 'unexplained'],
    ['a 403 without words', vault, 403, '', 'missing-role'],
    ['not there', vault, 404, '{"error":{"code":"SecretNotFound"}}', 'undecided'],
    ['busy', vault, 429, '', 'undecided'],
    ['broken', vault, 500, 'AuthorizationFailure', 'undecided'],
    ['a redirect', vault, 302, '', 'undecided'],
    ['a proxy page', vault, 403, '<html><body>Blocked by corporate policy</body></html>', 'network-rule'],
    ['a proxy that wants a password', vault, 407, '', 'network-rule'],
  ])('%s', (_name, service, status, body, expected) => {
    const verdict = judgeAnswer(answer(status, body), service, 'object id x');
    expect(verdict.kind === 'failed' ? verdict.trouble.cause : verdict.kind).toBe(expected);
  });

  test('an empty list of subscriptions is a yes that is worth nothing', () => {
    expect(judgeAnswer(answer(200, '{"value":[],"count":{}}'), at('https://management.azure.com'), 'x')).toMatchObject({
      note: expect.stringContaining('no role'),
    });
    expect(judgeAnswer(answer(200, '{"value":[]}'), vault, 'x')).toEqual({ kind: 'ok', note: '' });
  });
});

describe('the audience of a dependency', () => {
  it.each([
    ['https://kv.vault.azure.net/', 'key-vault', 'https://vault.azure.net'],
    ['https://KV.VAULT.AZURE.NET./', 'key-vault', 'https://vault.azure.net'],
    ['https://kv.privatelink.vaultcore.azure.net/', undefined, undefined],
    ['https://kv.vault.usgovcloudapi.net/', 'key-vault', 'https://vault.usgovcloudapi.net'],
    ['https://hsm.managedhsm.azure.net/', 'managed-hsm', 'https://managedhsm.azure.net'],
    ['https://a.blob.core.windows.net/c', 'blob-storage', 'https://storage.azure.com'],
    ['https://a.privatelink.blob.core.windows.net/c', 'blob-storage', 'https://storage.azure.com'],
    ['https://a.dfs.core.chinacloudapi.cn/', 'data-lake-storage', 'https://storage.azure.com'],
    ['https://n.servicebus.windows.net/', 'service-bus', 'https://servicebus.azure.net'],
    ['https://a.documents.azure.com:443/', 'cosmos-db', 'https://cosmos.azure.com'],
    ['https://s.database.windows.net/', 'sql', 'https://database.windows.net'],
    ['https://r.azurecr.io/', 'container-registry', 'https://containerregistry.azure.net'],
    ['https://graph.microsoft.us/v1.0/users', 'graph', 'https://graph.microsoft.us'],
    ['https://vault.azure.net/', undefined, undefined],
    ['https://kv.vault.azure.net.attacker.example/', undefined, undefined],
    ['https://attacker.example/kv.vault.azure.net', undefined, undefined],
    ['https://kvvault.azure.net/', undefined, undefined],
    ['https://graph.microsoft.com.attacker.example/', undefined, undefined],
  ])('%s', (url, service, audience) => {
    const known = knownTarget(new URL(url), cloud);
    expect([known?.service.id, known?.audience]).toEqual([service, audience]);
  });

  it("sends a token for an Azure service to nobody else's host", () => {
    expect(targetByResource(new URL('https://attacker.example'), 'https://vault.azure.net')).toBeUndefined();
    expect(targetByResource(new URL('https://127.0.0.1.attacker.example'), 'https://vault.azure.net')).toBeUndefined();
    expect(targetByResource(new URL('https://attacker.example'), 'https://graph.microsoft.com/.default')).toBeUndefined();
    expect(targetByResource(new URL('https://localhost:8443'), 'https://vault.azure.net/')?.service.id).toBe('key-vault');
    expect(targetByResource(new URL('https://orders.contoso.com'), 'api://orders')?.service.id).toBe('own-api');
  });

  it.each([
    ['https://kv.vault.azure.net/', '/secrets?api-version=7.4&maxresults=1'],
    ['https://kv.vault.azure.net/keys', '/keys?api-version=7.4&maxresults=1'],
    ['https://kv.vault.azure.net/secrets/db-password', '/secrets/db-password/versions?api-version=7.4&maxresults=1'],
    [
      'https://kv.vault.azure.net/secrets/db-password/0123456789abcdef0123456789abcdef',
      '/secrets/db-password/versions?api-version=7.4&maxresults=1',
    ],
    ['https://kv.vault.azure.net/deletedsecrets/x', '/secrets?api-version=7.4&maxresults=1'],
    ['https://kv.vault.azure.net/secrets/a%2Fb', '/secrets/a/versions?api-version=7.4&maxresults=1'],
    ['https://a.blob.core.windows.net/', '/?comp=list&maxresults=1'],
    ['https://a.blob.core.windows.net/invoices/2026/secret.pdf', '/invoices?restype=container&comp=list&maxresults=1'],
    ['https://a.queue.core.windows.net/orders/messages', '/orders?comp=metadata'],
    ['https://a.table.core.windows.net/orders', '/orders()?$top=1&$select=PartitionKey'],
    ['https://a.file.core.windows.net/', undefined],
    ['https://s.database.windows.net/', undefined],
    ['https://r.azurecr.io/', undefined],
    ['https://graph.microsoft.com/', undefined],
  ])('%s is read without any value', (url, path) => {
    expect(at(url).read(new URL(url))?.path).toBe(path);
  });
});

describe('the words of a sign-in that failed', () => {
  it.each([
    ['Identity not found', 'identity-not-assigned'],
    ['No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.', 'identity-not-assigned'],
    [
      'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request',
      'wrong-identity',
    ],
    ['invalid_resource: AADSTS500011: The resource principal named x was not found', 'wrong-audience'],
    ['AADSTS700213: No matching federated identity record found for presented assertion subject', 'federation-mismatch'],
    ['AADSTS70021: No matching federated identity record found', 'federation-mismatch'],
    ["AADSTS700016: Application with identifier 'x' was not found in the directory", 'deleted-identity'],
    ["AADSTS90002: Tenant 'x' not found.", 'foreign-tenant'],
    ['AADSTS90033: A transient error has occurred.', undefined],
    ['AADSTS7002134: something else', undefined],
  ])('%s', (words, cause) => {
    expect(troubleOfWords(words)?.cause).toBe(cause);
    expect([undefined, ...causes.map(({ id }) => id)]).toContain(cause);
  });
});
