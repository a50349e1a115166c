import type { Cloud } from './cloud.ts';

/** Where people and applications sign in to the API, and by which names their tokens say so. */
export interface SignIn {
  /** Without a slash at the end. */
  readonly authority: string;
  /** What `iss` may be: of version 1.0 and 2.0. */
  readonly issuers: readonly string[];
  readonly keysUrl: string;
}

/**
 * Every tenant of a cloud signs with the same keys; issuer and `tid` tell tenants apart. Issuers by cloud:
 * https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud and the OpenID configuration of each.
 */
export function signIn(cloud: Pick<Cloud, 'name' | 'authority'>, tenantId: string, authorityUrl?: string): SignIn {
  const authority = authorityUrl ?? cloud.authority;
  const china = cloud.name === 'AzureChinaCloud' && authorityUrl === undefined;
  const tenant = tenantId.toLowerCase();
  return {
    authority,
    issuers: [
      `${china ? 'https://sts.chinacloudapi.cn' : 'https://sts.windows.net'}/${tenant}/`,
      `${authority}/${tenant}/v2.0`,
      ...(china ? [`https://login.partner.microsoftonline.cn/${tenant}/v2.0`] : []),
    ],
    keysUrl: `${authority}/${tenant}/discovery/v2.0/keys`,
  };
}
