import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { answerRequest, type Dependencies } from '../../src/api/index.ts';
import type { AuditRequest } from '../../src/ports/audit-requests.ts';
import { now, tenant } from './tenant.ts';

export const tenantId = '11111111-1111-4111-8111-111111111111';
export const audience = 'api://mi-audit';
export const v2 = `https://login.microsoftonline.com/${tenantId}/v2.0`;
export const v1 = `https://sts.windows.net/${tenantId}/`;
export const nowSeconds = Math.floor(Date.parse(now) / 1000);
export const keyPair = await generateKeyPair('RS256', { extractable: true });
const jwk = { ...(await exportJWK(keyPair.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };

/** Undefined: without that claim. */
export type Claims = Readonly<Record<string, unknown>>;

export const person = (more: Claims = {}): Claims => ({
  iss: v2,
  aud: audience,
  iat: nowSeconds - 60,
  nbf: nowSeconds - 60,
  exp: nowSeconds + 3600,
  tid: tenantId,
  oid: '22222222-2222-4222-8222-222222222222',
  sub: 'pairwise',
  azp: '33333333-3333-4333-8333-333333333333',
  scp: 'access_as_user',
  ver: '2.0',
  preferred_username: 'somebody@contoso.example',
  roles: ['Findings.Read'],
  ...more,
});

export const application = (more: Claims = {}): Claims => {
  const { scp: _, preferred_username: __, ...rest } = person();
  return { ...rest, oid: '44444444-4444-4444-8444-444444444444', sub: '44444444-4444-4444-8444-444444444444', idtyp: 'app', ...more };
};

export const signed = (
  payload: Claims,
  header: Readonly<Record<string, unknown>> = {},
  key: typeof keyPair.privateKey = keyPair.privateKey,
): Promise<string> =>
  new SignJWT(JSON.parse(JSON.stringify(payload))).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'one', ...header }).sign(key);

export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are looked into as they come
  readonly body: any;
}

/** The API over a stored tenant, asked without a server. */
export async function api(more: Partial<Dependencies> = {}, settings: Partial<Dependencies['settings']> = {}) {
  const { store, table } = await tenant();
  const requested: AuditRequest[] = [];
  const logs: string[] = [];
  const dependencies: Dependencies = {
    settings: {
      version: '1.2.3',
      tenantId,
      audiences: [audience, '55555555-5555-4555-8555-555555555555'],
      clientId: '33333333-3333-4333-8333-333333333333',
      authority: 'https://login.microsoftonline.com',
      issuers: [v1, v2],
      allowedOrigins: ['https://portal.example.com'],
      scope: { managementGroups: [], subscriptions: [] },
      ...settings,
    },
    keys: createLocalJWKSet({ keys: [jwk] }),
    store: async () => store,
    now: () => now,
    nowMs: () => Date.parse(now),
    limiter: { take: () => 0 },
    source: () => {
      throw new Error('no credential in this test');
    },
    audits: { request: async (audit) => void requested.push(audit) },
    log: (line) => void logs.push(line),
    reference: () => 'reference',
    ...more,
  };
  const raw = (path: string, init: RequestInit = {}): Promise<Response> =>
    answerRequest(new Request(`https://mi-audit.example${path}`, init), dependencies);
  /** As somebody with these claims; a string is sent as the token. */
  const ask = async (path: string, claims: Claims | string | null = person(), init: RequestInit = {}): Promise<Asked> => {
    const token = typeof claims === 'string' ? claims : claims === null ? undefined : await signed(claims);
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    const response = await raw(path, { ...init, headers });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
  };
  return { ask, raw, store, table, requested, logs, dependencies };
}

export const send = (body: unknown, method = 'POST'): RequestInit => ({
  method,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});
