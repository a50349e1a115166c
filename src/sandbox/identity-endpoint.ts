import { randomUUID, timingSafeEqual } from 'node:crypto';
import { isResource } from './audiences.ts';
import { Failure } from './failure.ts';
import type { Call, Reply, Service } from './http.ts';
import { tokenSeconds, type Tokens } from './tokens.ts';
import type { World } from './world.ts';

export const appServicePath = '/msi/token';
export const imdsPath = '/metadata/identity/oauth2/token';

/**
 * The managed-identity endpoint in the shapes that hosts offer: App Service and Functions (IDENTITY_ENDPOINT, header X-IDENTITY-HEADER; the older MSI_ENDPOINT with header
 * secret, or a form POST as the Azure CLI sends it) and the virtual machine's metadata service (header Metadata: true). All on one port; the headers tell them apart.
 */
export function identityEndpoint(world: World, tokens: Tokens, secret: string, endpoints: () => readonly string[]): Service {
  async function handle(call: Call): Promise<Reply> {
    const shape = shapeOf(call, secret);
    if (call.method !== 'GET' && call.method !== 'POST')
      throw new Failure(405, 'method_not_allowed', `${call.method} is not allowed here.`);
    const asked = new URLSearchParams([...call.query, ...(call.method === 'POST' ? new URLSearchParams(call.body) : [])]);
    const resource = asked.get('resource') ?? '';
    if (resource === '') throw missingResource(shape);
    if (!isAuditor(world, asked)) throw identityNotFound(shape);
    if (!isResource(world, endpoints(), resource)) throw unknownResource(world, shape, resource);
    return { status: 200, body: answer(await tokens.issue(world.auditor, resource), world, shape, resource) };
  }
  return { name: 'identity', handle, refuse: (failure) => ({ status: failure.status, headers: failure.headers, body: bodyOf(failure) }) };
}

type Shape = 'app-service' | 'imds';

function shapeOf(call: Call, secret: string): Shape {
  const given = headerOf(call, 'x-identity-header') ?? headerOf(call, 'secret');
  if (call.path.startsWith(imdsPath)) {
    if (headerOf(call, 'metadata')?.toLowerCase() === 'true') return 'imds';
    throw new Failure(400, 'invalid_request', 'Required metadata header not specified', { details: { imds: true } });
  }
  if (!call.path.startsWith(appServicePath))
    throw new Failure(404, 'NotFound', `Nothing is served at ${call.path}: tokens are at ${appServicePath} and ${imdsPath}.`);
  if (given !== undefined && same(given, secret)) return 'app-service';
  // The Azure CLI's Cloud Shell way: MSI_ENDPOINT, a form, and Metadata: true instead of a secret.
  if (given === undefined && headerOf(call, 'metadata')?.toLowerCase() === 'true') return 'imds';
  throw new Failure(401, 'Unauthorized', 'The X-IDENTITY-HEADER header is missing or is not the value of IDENTITY_HEADER.');
}

function headerOf(call: Call, name: string): string | undefined {
  const value = call.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const same = (given: string, expected: string): boolean =>
  given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));

/** Without a selector the host's only identity answers; with one it must be the auditor's. */
function isAuditor(world: World, asked: URLSearchParams): boolean {
  const { clientId, principalId, resourceId } = world.auditor;
  const selectors: readonly (readonly [string, string | undefined])[] = [
    ['client_id', clientId],
    ['clientid', clientId],
    ['object_id', principalId],
    ['principal_id', principalId],
    ['msi_res_id', resourceId],
    ['mi_res_id', resourceId],
  ];
  return selectors.every(([name, expected]) => {
    const given = asked.get(name);
    return given === null || given === '' || given.toLowerCase() === expected?.toLowerCase();
  });
}

function answer(token: string, world: World, shape: Shape, resource: string): Record<string, string> {
  // SDKs compare expires_on with the machine's clock, not with the world's.
  const now = Math.floor(Date.now() / 1000);
  const common = {
    access_token: token,
    expires_on: String(now + tokenSeconds),
    resource,
    token_type: 'Bearer',
    client_id: world.auditor.clientId,
  };
  if (shape === 'app-service') return common;
  return {
    ...common,
    refresh_token: '',
    expires_in: String(tokenSeconds - 1),
    ext_expires_in: String(tokenSeconds - 1),
    not_before: String(now - 300),
  };
}

function missingResource(shape: Shape): Failure {
  return new Failure(400, 'invalid_request', "AADSTS900144: The request body must contain the following parameter: 'resource'.", {
    details: { imds: shape === 'imds' },
  });
}

function identityNotFound(shape: Shape): Failure {
  if (shape === 'imds') return new Failure(400, 'invalid_request', 'Identity not found', { details: { imds: true } });
  return new Failure(
    400,
    'InvalidRequest',
    'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.',
  );
}

function unknownResource(world: World, shape: Shape, resource: string): Failure {
  const message = `AADSTS500011: The resource principal named ${resource} was not found in the tenant named ${world.tenantId}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`;
  return new Failure(400, 'invalid_resource', message, { details: { imds: shape === 'imds' } });
}

/** App Service says `{statusCode, message, correlationId}`, the metadata service `{error, error_description}`. */
function bodyOf(failure: Failure): unknown {
  if (failure.details['imds'] === true) return { error: failure.code, error_description: failure.message };
  if (failure.code === 'invalid_resource')
    return { ExceptionMessage: failure.message, ErrorCode: failure.code, ServerErrorCodes: ['500011'], CorrelationId: randomUUID() };
  return { statusCode: failure.status, message: failure.message, correlationId: randomUUID() };
}
