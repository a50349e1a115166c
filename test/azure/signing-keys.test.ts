import { createPipelineRequest, createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT, type JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { signingKeys } from '../../src/azure/signing-keys.ts';
import { signIn } from '../../src/azure/sign-in.ts';
import { cloud } from '../../src/azure/cloud.ts';

const url = 'https://login.example/tenant/discovery/v2.0/keys';
const made = await Promise.all(['one', 'two'].map(async (kid) => ({ kid, ...(await generateKeyPair('RS256', { extractable: true })) })));
const jwks = await Promise.all(
  made.map(async ({ kid, publicKey }): Promise<JWK> => ({ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' })),
);
const token = (at: number, kid = made[at]!.kid): Promise<string> =>
  new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid }).setExpirationTime('1h').sign(made[at]!.privateKey);

/** An authority that publishes what the test says, and counts how often it is asked. */
function authority() {
  const state = { published: [jwks[0]!], status: 200, asked: 0 };
  const httpClient: HttpClient = {
    async sendRequest(request) {
      state.asked++;
      expect(request.url).toBe(url);
      return {
        request: createPipelineRequest({ url }),
        headers: createHttpHeaders(),
        status: state.status,
        bodyAsText: JSON.stringify({ keys: state.published }),
      };
    },
  };
  return { state, keys: signingKeys({ url, httpClient, cooldownMs: 0 }), patient: signingKeys({ url, httpClient }) };
}

describe('the keys of the sign-in authority', () => {
  it('are read once for many tokens', async () => {
    const { state, keys } = authority();
    for (let at = 0; at < 5; at++) await jwtVerify(await token(0), keys);
    expect(state.asked).toBe(1);
  });

  it('are read again when a token names one that is new', async () => {
    const { state, keys } = authority();
    await jwtVerify(await token(0), keys);
    state.published = jwks;
    await jwtVerify(await token(1), keys);
    await jwtVerify(await token(0), keys);
    expect(state.asked).toBe(2);
  });

  it('that are withdrawn count no more once they were read again', async () => {
    const { state, keys } = authority();
    await jwtVerify(await token(0), keys);
    state.published = [jwks[1]!];
    await jwtVerify(await token(1), keys);
    await expect(jwtVerify(await token(0), keys)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  });

  it('are not asked for by every made-up key id', async () => {
    const { state, patient } = authority();
    for (let at = 0; at < 20; at++) await jwtVerify(await token(0, `made-up-${at}`), patient).catch(() => {});
    expect(state.asked).toBe(1);
  });

  it('that cannot be read make no token wrong', async () => {
    const { state, keys } = authority();
    state.status = 503;
    await expect(jwtVerify(await token(0), keys)).rejects.not.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    state.status = 200;
    await jwtVerify(await token(0), keys);
  });
});

describe('issuers', () => {
  it.each([
    ['AzureCloud', ['https://sts.windows.net/t/', 'https://login.microsoftonline.com/t/v2.0']],
    ['AzureUSGovernment', ['https://sts.windows.net/t/', 'https://login.microsoftonline.us/t/v2.0']],
    [
      'AzureChinaCloud',
      ['https://sts.chinacloudapi.cn/t/', 'https://login.chinacloudapi.cn/t/v2.0', 'https://login.partner.microsoftonline.cn/t/v2.0'],
    ],
  ] as const)('of %s', (name, issuers) => {
    expect(signIn(cloud({ name }), 'T').issuers).toEqual(issuers);
  });

  it('of an authority of one’s own', () => {
    expect(signIn(cloud({ name: 'AzureCloud' }), 't', 'http://localhost:1')).toEqual({
      authority: 'http://localhost:1',
      issuers: ['https://sts.windows.net/t/', 'http://localhost:1/t/v2.0'],
      keysUrl: 'http://localhost:1/t/discovery/v2.0/keys',
    });
  });
});
