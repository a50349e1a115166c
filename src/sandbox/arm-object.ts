import { armKey, parseArmPath, subscriptionOf, typeOfId } from './arm-id.ts';
import { isObject, textAt, type JsonObject } from './json.ts';

const authorizationTypes = ['roleAssignments', 'roleDefinitions', 'denyAssignments', 'policyAssignments', 'policyDefinitions', 'policySetDefinitions'];

/**
 * A Resource Graph row as ARM shows it: without Resource Graph's own columns, without what is empty, with the type in the provider's casing. An object of arm.jsonl passes as it is.
 */
export function armObject(row: JsonObject, askedAt: string): JsonObject {
  const id = textAt(row, 'id') ?? '';
  const kept = Object.entries(row).filter(([name, value]) => !rowColumns.has(name) && !isEmpty(value));
  const object: Record<string, unknown> = { ...Object.fromEntries(kept), id, name: textAt(row, 'name') ?? id.slice(id.lastIndexOf('/') + 1), type: typeOf(id) };
  if (textAt(row, 'location') === '') delete object['location'];
  const properties = row['properties'];
  if (isObject(properties)) object['properties'] = withQueriedRole(properties, askedAt);
  return object;
}

const rowColumns = new Set(['tenantId', 'resourceGroup', 'subscriptionId', 'deleted']);

const isEmpty = (value: unknown): boolean => value === null || value === '' || value === undefined;

function typeOf(id: string): string {
  const path = parseArmPath(id);
  const [last = ''] = path?.types.slice(-1) ?? [];
  const known = authorizationTypes.find((type) => type.toLowerCase() === last.toLowerCase());
  return path?.namespace.toLowerCase() === 'microsoft.authorization' && known !== undefined ? `Microsoft.Authorization/${known}` : typeOfId(id);
}

/** ARM prefixes a built-in role's id with the subscription that was asked (Azure/azure-cli#27509): whoever compares whole ids is caught here. */
function withQueriedRole(properties: JsonObject, askedAt: string): JsonObject {
  const role = properties['roleDefinitionId'];
  const subscription = subscriptionOf(armKey(askedAt));
  if (typeof role !== 'string' || subscription === undefined || !/^\/providers\/microsoft\.authorization\/roledefinitions\//i.test(role)) return properties;
  return { ...properties, roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role.slice(role.lastIndexOf('/') + 1)}` };
}
