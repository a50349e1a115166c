import type { TokenCredential } from '@azure/core-auth';
import { z } from 'zod';
import { principalId, type PrincipalId } from '../estate/index.ts';
import type { Cloud } from './cloud.ts';

/** Who the auditor is, as its own token says. A token is opaque by contract, so every claim may be missing. */
export interface Caller {
  readonly tenantId?: string | undefined;
  readonly principalId?: PrincipalId | undefined;
}

export async function callerOf(credential: TokenCredential, cloud: Cloud): Promise<Caller> {
  let token: Awaited<ReturnType<TokenCredential['getToken']>>;
  try {
    token = await credential.getToken(cloud.scopes.resourceManager);
  } catch (error) {
    throw notSignedIn(cloud, error);
  }
  if (token === null) throw notSignedIn(cloud, undefined);
  return claimsOf(token.token);
}

const notSignedIn = (cloud: Cloud, cause: unknown) =>
  new Error(
    `The auditor could not sign in to ${cloud.resourceManager}: ${cause instanceof Error ? cause.message : 'no token came back'}. Check that its identity is enabled and that CLOUD names the right cloud.`,
    { cause },
  );

const claims = z.object({ tid: z.string().optional().catch(undefined), oid: z.string().optional().catch(undefined) });

function claimsOf(token: string): Caller {
  try {
    const parsed = claims.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
    return { tenantId: parsed.tid, principalId: parsed.oid === undefined || parsed.oid === '' ? undefined : principalId(parsed.oid) };
  } catch {
    return {};
  }
}
