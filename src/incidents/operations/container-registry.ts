import type { ActionTable } from './action-table.ts';

/**
 * Container Registry: control-plane actions on the registry (https://learn.microsoft.com/azure/container-registry/container-registry-roles).
 * A log-in trades the identity's token for one of the registry, which it gives to nobody who may not pull.
 */
export const containerRegistry: ActionTable = [
  { action: 'Microsoft.ContainerRegistry/registries/pull/read', plane: 'control', operations: ['Pull', 'Login'] },
  { action: 'Microsoft.ContainerRegistry/registries/push/write', plane: 'control', operations: ['Push'] },
  { action: 'Microsoft.ContainerRegistry/registries/artifacts/delete', plane: 'control', operations: ['Delete'] },
];
