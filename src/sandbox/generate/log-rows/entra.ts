import type { Row } from '../world-folder.ts';
import { arrived, type Caller } from './log-row.ts';

export interface SignIn {
  readonly at: string;
  readonly tenantId: string;
  readonly caller: Caller & { readonly name: string };
  /** `0`, or the AADSTS number as a string. */
  readonly result: string;
  readonly text?: string;
  readonly audience: { readonly appId: string; readonly name: string };
  readonly tokenId?: string;
  /** ARM id of the host that asked; only failed or federated sign-ins lack it. */
  readonly host?: string;
}

export const audiences = {
  vault: { appId: 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093', name: 'Azure Key Vault' },
  storage: { appId: 'e406a681-f3d4-42a8-90b6-c2b029497af1', name: 'Azure Storage' },
  arm: { appId: '797f4846-ba00-4fd7-ba43-dac1f8f63013', name: 'Windows Azure Service Management API' },
  graph: { appId: '00000003-0000-0000-c000-000000000000', name: 'Microsoft Graph' },
  serviceBus: { appId: '80a10ef9-8168-493d-abf9-3297c4ef6e3c', name: 'Microsoft.ServiceBus' },
} as const;

/** Sign-ins of managed identities name no address and no place. */
export const managedIdentitySignInRow = (signIn: SignIn): Row => ({
  ...commonRow(signIn, 'ManagedIdentitySignInLogs'),
  ManagedServiceIdentity: JSON.stringify({
    msiType: /userassigned/i.test(signIn.caller.id) ? 'UserAssigned' : 'SystemAssigned',
    associatedResourceId: signIn.host ?? '',
    federatedTokenId: '',
    federatedTokenIssuer: '',
  }),
});

export const servicePrincipalSignInRow = (signIn: SignIn): Row => ({
  ...commonRow(signIn, 'ServicePrincipalSignInLogs'),
  ClientCredentialType: 'federatedIdentityCredential',
});

function commonRow(signIn: SignIn, category: string): Row {
  const { caller } = signIn;
  return arrived(
    signIn.at,
    {
      Type: `AAD${category}`,
      OperationName: 'Sign-in activity',
      OperationVersion: '1.0',
      Category: category,
      ResultType: signIn.result,
      ResultSignature: 'None',
      ResultDescription: signIn.text ?? '',
      DurationMs: 0,
      CorrelationId: signIn.tokenId ?? `${caller.clientId}-${signIn.at}`,
      ResourceGroup: 'Microsoft.aadiam',
      Level: '4',
      Location: '',
      AADTenantId: signIn.tenantId,
      AppId: caller.clientId,
      CreatedDateTime: signIn.at,
      IPAddress: '',
      LocationDetails: '{}',
      ResourceDisplayName: signIn.audience.name,
      ResourceIdentity: signIn.audience.appId,
      ServicePrincipalId: caller.principalId,
      ServicePrincipalName: caller.name,
      UniqueTokenIdentifier: signIn.tokenId ?? '',
    },
    5,
  );
}

/** Microsoft Graph's own log of calls. */
export const graphCallRow = (call: {
  readonly at: string;
  readonly tenantId: string;
  readonly caller: Caller;
  readonly uri: string;
  readonly status: number;
  readonly roles?: string;
}): Row =>
  arrived(
    call.at,
    {
      Type: 'MicrosoftGraphActivityLogs',
      Location: 'West Europe',
      RequestId: `${call.caller.clientId}-${call.at}`,
      ApiVersion: 'v1.0',
      RequestMethod: 'GET',
      ResponseStatusCode: call.status,
      AadTenantId: call.tenantId,
      IPAddress: '20.50.2.14',
      UserAgent: '',
      RequestUri: call.uri,
      DurationMs: 31000,
      ResponseSizeBytes: 240,
      SignInActivityId: '',
      Roles: call.roles ?? '',
      AppId: call.caller.clientId,
      UserId: '',
      ServicePrincipalId: call.caller.principalId,
      Scopes: '',
      IdentityProvider: `https://sts.windows.net/${call.tenantId}/`,
      ClientAuthMethod: 2,
    },
    4,
  );
