import * as az from '../remedy/az.ts';
import type { Fix } from './violation.ts';

/**
 * "Make this grant" as `az`, Bicep and Terraform: identity and role ship together, so that the next deployment does not lose it.
 *
 * The Bicep names the assignment after the *principal id*: a name made from the identity's resource id stays the same when the identity
 * is re-created, and Azure then refuses with RoleAssignmentUpdateNotPermitted (Azure/acs-engine#2916, Azure/Enterprise-Scale#1280).
 */
export function grantStep(text: string, grant: az.Grant): Fix {
  const bicep = bicepOf(grant);
  const terraform = terraformOf(grant);
  return {
    ...az.step(text, az.createAssignment(grant)),
    ...(bicep === undefined ? {} : { bicep }),
    ...(terraform === undefined ? {} : { terraform }),
  };
}

/** API versions for the scopes on which data roles are granted most; other resource types get no snippet rather than a guess. */
const apiVersions: Readonly<Record<string, string>> = {
  'microsoft.keyvault/vaults': 'Microsoft.KeyVault/vaults@2023-07-01',
  'microsoft.storage/storageaccounts': 'Microsoft.Storage/storageAccounts@2023-05-01',
  'microsoft.servicebus/namespaces': 'Microsoft.ServiceBus/namespaces@2024-01-01',
  'microsoft.eventhub/namespaces': 'Microsoft.EventHub/namespaces@2024-01-01',
  'microsoft.containerregistry/registries': 'Microsoft.ContainerRegistry/registries@2023-07-01',
};

function bicepOf({ principalId, principalType = 'ServicePrincipal', roleId, scopeId, condition }: az.Grant): string | undefined {
  const [kind, target] = placeOf(scopeId);
  if (kind === undefined) return undefined;
  const group = kind === 'resource' ? 'resourceGroup' : kind;
  const role = `${group === 'managementGroup' || group === 'tenant' ? 'tenantResourceId' : 'subscriptionResourceId'}('Microsoft.Authorization/roleDefinitions', ${bicepText(roleId)})`;
  return [
    `targetScope = '${group}'`,
    '',
    '// Pass identity.properties.principalId from the module that makes the identity.',
    `param principalId string = ${bicepText(principalId)}`,
    '',
    ...(target === undefined ? [] : [`resource target '${target.type}' existing = {`, `  name: ${bicepText(target.name)}`, '}', '']),
    "resource grant 'Microsoft.Authorization/roleAssignments@2022-04-01' = {",
    `  name: guid(${bicepText(scopeId)}, principalId, ${bicepText(roleId)})`,
    ...(target === undefined ? [] : ['  scope: target']),
    '  properties: {',
    '    principalId: principalId',
    `    principalType: '${principalType}'`,
    `    roleDefinitionId: ${role}`,
    ...(condition === undefined ? [] : [`    condition: ${bicepText(condition)}`, "    conditionVersion: '2.0'"]),
    '  }',
    '}',
  ].join('\n');
}

type Place = 'tenant' | 'managementGroup' | 'subscription' | 'resourceGroup' | 'resource';

function placeOf(scopeId: string): readonly [Place | undefined, { readonly type: string; readonly name: string }?] {
  if (scopeId === '/') return ['tenant'];
  const [below, group, type, name] = belowSubscription.exec(scopeId) ?? [];
  if (below === undefined)
    return [/^\/providers\/Microsoft\.Management\/managementGroups\/[^/]+$/i.test(scopeId) ? 'managementGroup' : undefined];
  if (group === undefined) return ['subscription'];
  if (type === undefined || name === undefined) return ['resourceGroup'];
  const versioned = apiVersions[type.toLowerCase()];
  return versioned === undefined ? [undefined] : ['resource', { type: versioned, name }];
}

const belowSubscription = /^\/subscriptions\/[^/]+(?:\/resourceGroups\/([^/]+)(?:\/providers\/([^/]+\/[^/]+)\/([^/]+))?)?$/i;

function terraformOf({ principalId, principalType = 'ServicePrincipal', roleId, scopeId, condition }: az.Grant): string | undefined {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scopeId)?.[0] ?? '';
  return [
    'resource "azurerm_role_assignment" "grant" {',
    `  scope              = ${terraformText(scopeId)}`,
    `  role_definition_id = ${terraformText(`${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`)}`,
    `  principal_id       = ${terraformText(principalId)}`,
    `  principal_type     = "${principalType}"`,
    ...(condition === undefined ? [] : [`  condition          = ${terraformText(condition)}`, '  condition_version  = "2.0"']),
    '}',
  ].join('\n');
}

/** A Bicep string: names come from the tenant and must not close it or interpolate. */
const bicepText = (text: string): string => `'${escaped(text, /['\\]|\$(?=\{)/g, (code) => `\\u{${code}}`)}'`;

/** A Terraform (HCL) string: `${` and `%{` are templates there and are doubled. */
const terraformText = (text: string): string =>
  `"${escaped(text, /["\\]/g, (code) => `\\u${code.padStart(4, '0')}`).replace(/[$%](?=\{)/g, '$&$&')}"`;

/** Letters, digits and what ids are made of: nothing to escape in either language. */
const plain = /^[\w./: -]*$/;

function escaped(text: string, special: RegExp, control: (code: string) => string): string {
  if (plain.test(text)) return text;
  return text
    .replace(special, String.raw`\$&`)
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (char) => control((char.codePointAt(0) ?? 0).toString(16)));
}
