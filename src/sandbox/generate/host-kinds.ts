import type { Spelling } from './rows/identity.ts';

/** What differs between the resources that identities are attached to. */
export interface HostKind {
  /** Type as its provider spells it in ids. */
  readonly type: string;
  readonly kind?: string;
  /** How this provider spells the ids of attached identities. */
  readonly spelling: Spelling;
  readonly properties?: Readonly<Record<string, unknown>>;
}

export type HostName = keyof typeof hostKinds;

export const hostKinds = {
  webApp: { type: 'Microsoft.Web/sites', kind: 'app,linux', spelling: 'as-given', properties: { state: 'Running', httpsOnly: true } },
  functionApp: {
    type: 'Microsoft.Web/sites',
    kind: 'functionapp,linux',
    spelling: 'as-given',
    properties: { state: 'Running', httpsOnly: true },
  },
  logicApp: { type: 'Microsoft.Logic/workflows', spelling: 'spaced', properties: { state: 'Enabled' } },
  virtualMachine: {
    type: 'Microsoft.Compute/virtualMachines',
    spelling: 'upper-group',
    properties: { hardwareProfile: { vmSize: 'Standard_D4s_v5' } },
  },
  scaleSet: { type: 'Microsoft.Compute/virtualMachineScaleSets', spelling: 'upper-group' },
  containerApp: { type: 'Microsoft.App/containerApps', spelling: 'lower', properties: { runningStatus: 'Running' } },
  containerJob: { type: 'Microsoft.App/jobs', spelling: 'lower' },
  containerGroup: { type: 'Microsoft.ContainerInstance/containerGroups', spelling: 'as-given' },
  cluster: { type: 'Microsoft.ContainerService/managedClusters', spelling: 'lower' },
  automation: { type: 'Microsoft.Automation/automationAccounts', spelling: 'spaced' },
  dataFactory: { type: 'Microsoft.DataFactory/factories', spelling: 'spaced' },
  apiManagement: { type: 'Microsoft.ApiManagement/service', spelling: 'as-given' },
} as const satisfies Record<string, HostKind>;
