import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { describe, expect, test } from 'vitest';
import { at, auditor, now, serve, tenantId, type Serving } from './small-world.ts';

const arm = (s: Serving): string => s.sandbox.environment['CLOUD_RESOURCE_MANAGER_URL'] ?? '';
const appService = (s: Serving): string => s.sandbox.environment['IDENTITY_ENDPOINT'] ?? '';
const imds = (s: Serving): string => `${new URL(appService(s)).origin}/metadata/identity/oauth2/token`;
const secret = (s: Serving): Record<string, string> => ({ 'x-identity-header': s.sandbox.environment['IDENTITY_HEADER'] ?? '' });

describe('the identity endpoint', () => {
  test('issues a token for the auditor by the world clock, signed with a published key', async () => {
    await using s = await serve({});
    const { status, body } = await s.send('GET', `${appService(s)}?api-version=2019-08-01&resource=${arm(s)}`, secret(s));
    expect(status).toBe(200);
    expect(Object.keys(body as object).toSorted()).toEqual(['access_token', 'client_id', 'expires_on', 'resource', 'token_type']);
    const token = String(at(body, 'access_token'));
    const keys = await s.send('GET', `${s.sandbox.environment['CLOUD_AUTHORITY_URL']}/${tenantId}/discovery/keys`, {});
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys.body as JSONWebKeySet), { currentDate: new Date(now) });
    expect(payload).toMatchObject({
      aud: arm(s),
      iss: `https://sts.windows.net/${tenantId}/`,
      tid: tenantId,
      oid: auditor.principalId,
      appid: auditor.clientId,
      xms_mirid: auditor.resourceId,
      idtyp: 'app',
    });
    expect(payload.exp).toBe(Date.parse(now) / 1000 + 24 * 3600);
    // SDKs compare expires_on with the machine's clock.
    expect(Number(at(body, 'expires_on')) * 1000).toBeGreaterThan(Date.now());
  });

  test('answers in the shape of the metadata service too', async () => {
    await using s = await serve({});
    const { body } = await s.send('GET', `${imds(s)}?api-version=2018-02-01&resource=${arm(s)}&client_id=${auditor.clientId}`, {
      metadata: 'true',
    });
    expect(Object.values(body as object).every((value) => typeof value === 'string')).toBe(true);
    expect(Object.keys(body as object)).toEqual(
      expect.arrayContaining(['access_token', 'refresh_token', 'expires_in', 'expires_on', 'not_before', 'resource', 'token_type']),
    );
  });

  test('takes the form that the Azure CLI posts to MSI_ENDPOINT', async () => {
    await using s = await serve({});
    const { status, body } = await s.send(
      'POST',
      s.sandbox.environment['MSI_ENDPOINT'] ?? '',
      { metadata: 'true', 'content-type': 'application/x-www-form-urlencoded' },
      `resource=${encodeURIComponent(`${arm(s)}/`)}`,
    );
    expect(status).toBe(200);
    expect(decodeJwt(String(at(body, 'access_token'))).aud).toBe(`${arm(s)}/`);
  });

  test('signs storage tokens by the machine clock, because Azurite looks at it', async () => {
    await using s = await serve({});
    expect(decodeJwt(await s.token('https://storage.azure.com')).exp ?? 0).toBeGreaterThan(Date.now() / 1000);
  });

  const refusals = [
    {
      name: 'App Service without its header',
      path: appService,
      query: `resource=https://vault.azure.net`,
      headers: {},
      status: 401,
      body: { statusCode: 401 },
    },
    {
      name: 'App Service with a wrong header',
      path: appService,
      query: `resource=https://vault.azure.net`,
      headers: { 'x-identity-header': 'guess' },
      status: 401,
      body: { statusCode: 401 },
    },
    {
      name: 'App Service, a client id that is not attached',
      path: appService,
      query: `resource=https://vault.azure.net&client_id=${auditor.principalId}`,
      secret: true,
      status: 400,
      body: { statusCode: 400, message: expect.stringContaining('No User Assigned') },
    },
    {
      name: 'App Service, an audience nobody serves',
      path: appService,
      query: 'resource=https://nobody.example',
      secret: true,
      status: 400,
      body: { ErrorCode: 'invalid_resource', ExceptionMessage: expect.stringContaining('AADSTS500011') },
    },
    {
      name: 'metadata service without Metadata: true',
      path: imds,
      query: 'resource=https://vault.azure.net',
      headers: {},
      status: 400,
      body: { error: 'invalid_request', error_description: 'Required metadata header not specified' },
    },
    {
      name: 'metadata service, unknown client id',
      path: imds,
      query: 'resource=https://vault.azure.net&client_id=x',
      headers: { metadata: 'true' },
      status: 400,
      body: { error: 'invalid_request', error_description: 'Identity not found' },
    },
    {
      name: 'metadata service, an audience nobody serves',
      path: imds,
      query: 'resource=https://nobody.example',
      headers: { metadata: 'true' },
      status: 400,
      body: { error: 'invalid_resource', error_description: expect.stringContaining('AADSTS500011') },
    },
    {
      name: 'metadata service without a resource',
      path: imds,
      query: '',
      headers: { metadata: 'true' },
      status: 400,
      body: { error: 'invalid_request' },
    },
  ];
  test.each(refusals)('refuses as Azure does: $name', async ({ path, query, headers, secret: withSecret, status, body }) => {
    await using s = await serve({});
    const answer = await s.send('GET', `${path(s)}?api-version=2019-08-01&${query}`, withSecret === true ? secret(s) : (headers ?? {}));
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject(body);
  });

  test('knows an audience that the world has an application for', async () => {
    await using s = await serve({
      files: { 'graph/servicePrincipals': [{ id: auditor.principalId, appId: auditor.clientId, servicePrincipalNames: ['api://orders'] }] },
    });
    expect(decodeJwt(await s.token('api://orders')).aud).toBe('api://orders');
  });
});

describe('every API looks at the token', () => {
  test.each(['CLOUD_RESOURCE_MANAGER_URL', 'CLOUD_GRAPH_URL', 'CLOUD_LOGS_URL'])('%s refuses a call without one', async (endpoint) => {
    await using s = await serve({});
    const { status, headers } = await s.send('GET', `${s.sandbox.environment[endpoint]}/v1.0/users?api-version=2022-01-01`, {});
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toContain(`${s.sandbox.environment['CLOUD_AUTHORITY_URL']}/${tenantId}`);
  });

  test('refuses a token for another endpoint, a forged one and none that is a token', async () => {
    await using s = await serve({});
    const url = `${arm(s)}/subscriptions?api-version=2020-01-01`;
    const wrong = await s.send('GET', url, { authorization: `Bearer ${await s.token('https://vault.azure.net')}` });
    expect([wrong.status, at(wrong.body, 'error', 'code')]).toEqual([401, 'InvalidAuthenticationTokenAudience']);
    const [head, , signature] = (await s.token(arm(s))).split('.');
    const forged = [head, Buffer.from(JSON.stringify({ aud: arm(s), exp: 9e9 })).toString('base64url'), signature].join('.');
    for (const token of [forged, 'x', 'a.b.c']) {
      const answer = await s.send('GET', url, { authorization: `Bearer ${token}` });
      expect([answer.status, at(answer.body, 'error', 'code')]).toEqual([401, 'InvalidAuthenticationToken']);
    }
  });

  test('ARM takes its own address with and without slash, and the classic audience', async () => {
    await using s = await serve({});
    for (const audience of [arm(s), `${arm(s)}/`, 'https://management.core.windows.net/']) {
      const { status } = await s.send('GET', `${arm(s)}/subscriptions?api-version=2020-01-01`, {
        authorization: `Bearer ${await s.token(audience)}`,
      });
      expect(status).toBe(200);
    }
  });
});
