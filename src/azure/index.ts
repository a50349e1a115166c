export { azureClients, type AzureClients, type ClientOptions } from './clients.ts';
export { cloud, type Cloud, type CloudName, type CloudSettings } from './cloud.ts';
export { azureEstateSource, type CollectLimits, type CollectOptions } from './collect-estate.ts';
export { auditorReads } from './auditor-reads.ts';
export { hostProbe, type HostProbeOptions } from './host-probe.ts';
export { permissions, type Permission } from './permissions.ts';
export { azureActivityLog } from './logs/activity-log.ts';
export { azureDenialLog } from './logs/denial-log.ts';
export { azureWorkspaceList } from './logs/workspace-list.ts';
