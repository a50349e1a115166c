import type { Environment } from './proxy-route.ts';

/**
 * Where this host gets tokens from, chosen as Azure's libraries choose: the token file of AKS workload identity first (@azure/identity, `tokenExchangeMsi`), then the order of
 * MSAL's `ManagedIdentityClient`, and the metadata service of virtual machines where nothing else is named.
 */
export type IdentitySource =
  | {
      readonly kind: 'workload-identity';
      readonly tokenFile: string;
      readonly tenantId: string;
      readonly clientId: string;
      readonly endpoint: string;
    }
  | { readonly kind: 'app-service' | 'machine-learning'; readonly endpoint: string; readonly secret: string }
  | { readonly kind: 'imds'; readonly endpoint: string }
  /** Spoken by Azure's library only. */
  | { readonly kind: 'service-fabric' | 'cloud-shell' | 'azure-arc'; readonly endpoint: string };

export interface SourceFound {
  readonly source: IdentitySource;
  /** Variables that chose it. */
  readonly by: readonly string[];
  /** What points to a host that should offer more than it does. */
  readonly oddities: readonly string[];
}

const imdsPath = '/metadata/identity/oauth2/token';
export const arcAgent = '/opt/azcmagent/bin/himds';

export function identitySource(environment: Environment, arcAgentThere: boolean): SourceFound {
  const value = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const [endpoint, header, thumbprint] = [value('IDENTITY_ENDPOINT'), value('IDENTITY_HEADER'), value('IDENTITY_SERVER_THUMBPRINT')];
  const [oldEndpoint, oldSecret] = [value('MSI_ENDPOINT'), value('MSI_SECRET')];
  const [tokenFile, tenantId, clientId] = [value('AZURE_FEDERATED_TOKEN_FILE'), value('AZURE_TENANT_ID'), value('AZURE_CLIENT_ID')];
  const found = (source: IdentitySource, ...by: readonly string[]): SourceFound => ({
    source,
    by,
    oddities: odditiesOf(environment, source),
  });

  if (tokenFile && tenantId && clientId) {
    const authority = (value('AZURE_AUTHORITY_HOST') ?? 'https://login.microsoftonline.com').replace(/\/+$/, '');
    return found(
      { kind: 'workload-identity', tokenFile, tenantId, clientId, endpoint: `${authority}/${tenantId}/oauth2/v2.0/token` },
      'AZURE_FEDERATED_TOKEN_FILE',
      'AZURE_TENANT_ID',
      'AZURE_CLIENT_ID',
    );
  }
  if (endpoint && header && thumbprint)
    return found({ kind: 'service-fabric', endpoint }, 'IDENTITY_ENDPOINT', 'IDENTITY_HEADER', 'IDENTITY_SERVER_THUMBPRINT');
  if (endpoint && header) return found({ kind: 'app-service', endpoint, secret: header }, 'IDENTITY_ENDPOINT', 'IDENTITY_HEADER');
  if (oldEndpoint && oldSecret)
    return found({ kind: 'machine-learning', endpoint: oldEndpoint, secret: oldSecret }, 'MSI_ENDPOINT', 'MSI_SECRET');
  if (oldEndpoint) return found({ kind: 'cloud-shell', endpoint: oldEndpoint }, 'MSI_ENDPOINT');
  if (endpoint && value('IMDS_ENDPOINT')) return found({ kind: 'azure-arc', endpoint }, 'IDENTITY_ENDPOINT', 'IMDS_ENDPOINT');
  if (arcAgentThere) return found({ kind: 'azure-arc', endpoint: `http://localhost:40342${imdsPath}` }, arcAgent);
  const override = value('AZURE_POD_IDENTITY_AUTHORITY_HOST');
  return override === undefined
    ? found({ kind: 'imds', endpoint: `http://169.254.169.254${imdsPath}` })
    : found({ kind: 'imds', endpoint: `${override.replace(/\/+$/, '')}${imdsPath}` }, 'AZURE_POD_IDENTITY_AUTHORITY_HOST');
}

export const sourceWords: Readonly<Record<IdentitySource['kind'], string>> = {
  'workload-identity': 'AKS workload identity (a token file that Microsoft Entra ID exchanges)',
  'app-service': 'the identity endpoint of App Service, Functions or Container Apps',
  'machine-learning': 'the older identity endpoint of App Service and Azure Machine Learning',
  imds: 'the metadata service of virtual machines',
  'service-fabric': 'the identity endpoint of Service Fabric',
  'cloud-shell': 'the identity endpoint of Cloud Shell',
  'azure-arc': 'the agent of Azure Arc',
};

/** A platform that announces itself without its identity endpoint has no identity enabled; half a set of variables is none. */
function odditiesOf(environment: Environment, { kind }: IdentitySource): readonly string[] {
  const has = (name: string): boolean => (environment[name] ?? '').trim() !== '';
  const missing = (names: readonly string[]): string => names.filter((name) => !has(name)).join(' and ');
  const oddities: string[] = [];
  if (has('AZURE_FEDERATED_TOKEN_FILE') && kind !== 'workload-identity')
    oddities.push(
      `AZURE_FEDERATED_TOKEN_FILE is set without ${missing(['AZURE_TENANT_ID', 'AZURE_CLIENT_ID'])}: workload identity is not used.`,
    );
  if (kind !== 'imds') return oddities;
  if (has('IDENTITY_ENDPOINT')) oddities.push('IDENTITY_ENDPOINT is set without IDENTITY_HEADER: it is not used.');
  else if (has('IDENTITY_HEADER')) oddities.push('IDENTITY_HEADER is set without IDENTITY_ENDPOINT: it is not used.');
  else if (has('WEBSITE_SITE_NAME') || has('CONTAINER_APP_NAME'))
    oddities.push(
      `This is ${has('CONTAINER_APP_NAME') ? 'a container app' : 'an app of App Service or Functions'} without IDENTITY_ENDPOINT: no managed identity is enabled on it.`,
    );
  if (has('KUBERNETES_SERVICE_HOST') && !has('AZURE_FEDERATED_TOKEN_FILE') && !has('CONTAINER_APP_NAME'))
    oddities.push(
      'This is a pod without AZURE_FEDERATED_TOKEN_FILE: its label azure.workload.identity/use: "true" or its annotated service account is missing, or the webhook did not run.',
    );
  return oddities;
}
