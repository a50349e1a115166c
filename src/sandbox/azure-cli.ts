/**
 * The lines that point a real Azure CLI at a sandbox: a custom cloud, then managed-identity login. Tried with az 2.45. The cloud is given as one JSON text, because the flags of
 * `az cloud register` know no Microsoft Graph endpoint, and with a JSON text az ignores the flags. MSI_ENDPOINT and REQUESTS_CA_BUNDLE must be set in the same shell, and
 * AZURE_CONFIG_DIR should be a folder of its own, so that the user's clouds and logins stay as they are.
 */
export function azureCliLines(environment: Readonly<Record<string, string>>): readonly string[] {
  const arm = environment['CLOUD_RESOURCE_MANAGER_URL'] ?? '';
  const endpoints = {
    resourceManager: arm,
    management: arm,
    activeDirectory: `${environment['CLOUD_AUTHORITY_URL'] ?? ''}/adfs`,
    activeDirectoryResourceId: arm,
    activeDirectoryGraphResourceId: `${arm}/aadgraph`,
    microsoftGraphResourceId: `${environment['CLOUD_GRAPH_URL'] ?? ''}/`,
  };
  // Without them `az keyvault` and the like refuse to start; nothing is called there.
  const suffixes = {
    keyvaultDns: '.vault.azure.net',
    mhsmDns: '.managedhsm.azure.net',
    storageEndpoint: 'core.windows.net',
    sqlServerHostname: '.database.windows.net',
    acrLoginServerEndpoint: '.azurecr.io',
  };
  return [
    `az cloud register --name Sandbox --cloud-config '${JSON.stringify({ endpoints, suffixes })}'`,
    'az cloud set --name Sandbox',
    'az login --identity',
  ];
}
