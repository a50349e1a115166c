import { armKey, parseArmPath, subscriptionOf, typeOfId } from './arm-id.ts';
import { isObject, textAt, type JsonObject } from './json.ts';

const authorizationTypes = [
  'roleAssignments',
  'roleDefinitions',
  'denyAssignments',
  'policyAssignments',
  'policyDefinitions',
  'policySetDefinitions',
];

/**
 * A Resource Graph row as ARM shows it: without Resource Graph's own columns, without what is empty, with ids and types in the provider's casing. An object of arm.jsonl passes as it is.
 */
export function armObject(row: JsonObject, askedAt: string): JsonObject {
  const id = armId(textAt(row, 'id') ?? '', askedAt);
  const kept = Object.entries(row).filter(([name, value]) => !rowColumns.has(name) && !isEmpty(value));
  const properties = row['properties'];
  return {
    ...Object.fromEntries(kept),
    id,
    name: textAt(row, 'name') ?? id.slice(id.lastIndexOf('/') + 1),
    type: typeOfId(id),
    ...(isObject(properties) ? { properties: withQueriedRole(properties, askedAt) } : {}),
  };
}

const rowColumns = new Set(['tenantId', 'resourceGroup', 'subscriptionId', 'deleted']);

const isEmpty = (value: unknown): boolean => value === null || value === '' || value === undefined;

/** Resource Graph writes `RoleAssignments`, ARM `roleAssignments`; and ARM gives a built-in role the prefix of the subscription that was asked. */
function armId(id: string, askedAt: string): string {
  const path = parseArmPath(id);
  if (path === undefined || path.namespace.toLowerCase() !== 'microsoft.authorization' || path.types.length !== 1) return id;
  const type = authorizationTypes.find((one) => one.toLowerCase() === path.types[0]?.toLowerCase());
  if (type === undefined) return id;
  const plain = `${path.scope}/providers/Microsoft.Authorization/${type}/${path.names[0] ?? ''}`;
  return type === 'roleDefinitions' && path.scope === '' ? prefixed(plain, askedAt) : plain;
}

/** Whoever compares whole role ids is caught here (Azure/azure-cli#27509). */
function withQueriedRole(properties: JsonObject, askedAt: string): JsonObject {
  const role = properties['roleDefinitionId'];
  if (typeof role !== 'string' || !/^\/providers\/microsoft\.authorization\/roledefinitions\//i.test(role)) return properties;
  return {
    ...properties,
    roleDefinitionId: prefixed(`/providers/Microsoft.Authorization/roleDefinitions/${role.slice(role.lastIndexOf('/') + 1)}`, askedAt),
  };
}

function prefixed(id: string, askedAt: string): string {
  const subscription = subscriptionOf(armKey(askedAt));
  return subscription === undefined ? id : `/subscriptions/${subscription}${id}`;
}
