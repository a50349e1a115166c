import type { HostName } from '../host-kinds.ts';
import { owned, type Landscape, type Story } from '../landscape.ts';
import { silent, type Planted } from '../planted.ts';

/** Ten applications in two environments, done right: one identity per workload, data roles at the exact resource. Nothing here may be found. */
export const healthyWorkloads: Story = {
  name: 'healthy workloads',
  plant: (land) => apps.flatMap(([app, kind]) => [...workload(land, app, kind, 'prod'), ...workload(land, app, kind, 'dev')]),
};

const apps: readonly (readonly [string, HostName])[] = [
  ['storefront', 'webApp'],
  ['payments', 'containerApp'],
  ['ledger', 'functionApp'],
  ['catalog', 'webApp'],
  ['basket', 'containerApp'],
  ['loyalty', 'functionApp'],
  ['shipping', 'logicApp'],
  ['search', 'webApp'],
  ['notifications', 'functionApp'],
  ['returns', 'virtualMachine'],
];

function workload({ t, group, registry }: Landscape, app: string, kind: HostName, env: 'prod' | 'dev'): readonly Planted[] {
  const home = group(app, env);
  const tags = { ...owned, application: app, environment: env };
  const identity = t.userAssignedIdentity(home, `id-${app}-${env}`, { tags });
  t.host(kind, home, `${app}-${env}`, { userAssigned: [identity], tags });
  t.host('containerJob', home, `job-${app}-${env}`, { userAssigned: [identity], tags });
  const vault = t.vault(home, `kv-${app}-${env}`, { rbac: true });
  const account = t.storageAccount(home, `st${app}${env}`);
  const bus = t.resource(home, 'Microsoft.ServiceBus/namespaces', `sb-${app}-${env}`, {
    sku: { name: 'Premium', tier: 'Premium' },
    properties: { disableLocalAuth: true },
  });
  t.assign(identity, 'Key Vault Secrets User', vault);
  t.assign(identity, 'Storage Blob Data Contributor', account);
  t.assign(identity, 'Azure Service Bus Data Sender', bus, { prefixedRole: env === 'dev' });
  t.assign(identity, 'AcrPull', registry);
  return [silent('every rule', home, `${app}: nothing in this resource group, on either plane, may be found`)];
}
