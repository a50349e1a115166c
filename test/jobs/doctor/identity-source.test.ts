import { describe, expect, it } from 'vitest';
import { identitySource } from '../../../src/jobs/doctor/identity-source.ts';

const service = { IDENTITY_ENDPOINT: 'http://127.0.0.1:1/msi/token', IDENTITY_HEADER: 'h' };
const pod = { AZURE_FEDERATED_TOKEN_FILE: '/f', AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c' };

describe('the identity endpoint of a host', () => {
  it.each<[string, Record<string, string>, boolean, string, RegExp]>([
    ['App Service', service, false, 'app-service', /^$/],
    ['a pod with workload identity', pod, false, 'workload-identity', /^$/],
    ['a pod in which both are there', { ...service, ...pod }, false, 'workload-identity', /^$/],
    [
      'half of workload identity',
      { ...service, AZURE_FEDERATED_TOKEN_FILE: '/f' },
      false,
      'app-service',
      /without AZURE_TENANT_ID and AZURE_CLIENT_ID/,
    ],
    ['Service Fabric', { ...service, IDENTITY_SERVER_THUMBPRINT: 'x' }, false, 'service-fabric', /^$/],
    ['the older endpoint', { MSI_ENDPOINT: 'http://127.0.0.1:1/', MSI_SECRET: 's' }, false, 'machine-learning', /^$/],
    ['Cloud Shell', { MSI_ENDPOINT: 'http://127.0.0.1:1/' }, false, 'cloud-shell', /^$/],
    [
      'Azure Arc by its variables',
      { IDENTITY_ENDPOINT: 'http://127.0.0.1:1/', IMDS_ENDPOINT: 'http://127.0.0.1:1' },
      false,
      'azure-arc',
      /^$/,
    ],
    ['Azure Arc by its agent', {}, true, 'azure-arc', /^$/],
    ['a virtual machine', {}, false, 'imds', /^$/],
    ['an endpoint without its header', { IDENTITY_ENDPOINT: 'http://127.0.0.1:1/' }, false, 'imds', /without IDENTITY_HEADER/],
    ['a header without its endpoint', { IDENTITY_HEADER: 'h' }, false, 'imds', /without IDENTITY_ENDPOINT/],
    ['a web app without an identity', { WEBSITE_SITE_NAME: 'app' }, false, 'imds', /App Service or Functions without IDENTITY_ENDPOINT/],
    [
      'a container app without an identity',
      { CONTAINER_APP_NAME: 'a', KUBERNETES_SERVICE_HOST: 'k' },
      false,
      'imds',
      /^This is a container app without/,
    ],
    ['a pod without its label', { KUBERNETES_SERVICE_HOST: 'k' }, false, 'imds', /azure.workload.identity\/use/],
    ['variables that are blank', { IDENTITY_ENDPOINT: ' ', IDENTITY_HEADER: '' }, false, 'imds', /^$/],
  ])('%s', (_name, environment, arc, kind, oddity) => {
    const found = identitySource(environment, arc);
    expect(found.source.kind).toBe(kind);
    expect(found.oddities.join(' ')).toMatch(oddity);
  });

  it('asks where AZURE_POD_IDENTITY_AUTHORITY_HOST and AZURE_AUTHORITY_HOST say', () => {
    expect(identitySource({ AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:9/' }, false).source.endpoint).toBe(
      'http://127.0.0.1:9/metadata/identity/oauth2/token',
    );
    expect(identitySource({ ...pod, AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us/' }, false).source.endpoint).toBe(
      'https://login.microsoftonline.us/t/oauth2/v2.0/token',
    );
  });
});
