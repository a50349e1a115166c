/**
 * Complete `az` command lines that run as printed in a POSIX shell.
 *
 * Names and ids come from the tenant, so they are attacker-controlled text: every one of them is quoted. A value that no quoting
 * can carry safely (control characters, `@…`, which az replaces by the content of a file: microsoft/knack, `_maybe_load_file`, or braces in an id, which
 * az 2.45 takes for a template of its own and falls over)
 * gives no line at all: `undefined`, and `step` says so next to the words.
 */

export interface Grant {
  readonly principalId: string;
  readonly principalType?: 'ServicePrincipal' | 'User' | 'Group';
  /** GUID of the role, or its full id. */
  readonly roleId: string;
  /** ARM id; `/` is the root. */
  readonly scopeId: string;
  readonly condition?: string | undefined;
}

export interface VaultPermissions {
  readonly keys: readonly string[];
  readonly secrets: readonly string[];
  readonly certificates: readonly string[];
}

export interface Credential {
  /** ARM id of the federated credential: `…/userAssignedIdentities/<identity>/federatedIdentityCredentials/<name>`. */
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/** One step of a remedy. `cli` is one complete `az` command that runs as printed. */
export interface Step {
  readonly text: string;
  readonly cli?: string;
}

type Line = string | undefined;

/** One step of a remedy with its command. */
export function step(text: string, line: Line): Step {
  if (line !== undefined) return { text, cli: line };
  return {
    text: `${text} (No command is printed here: its id is not one that a command line takes safely. Use the portal, and if a name in it is to blame, find out who chose it.)`,
  };
}

export const deleteAssignment = (assignmentId: string): Line => command('role assignment delete', { ids: assignmentId });

export function createAssignment(grant: Grant): Line {
  return command('role assignment create', {
    'assignee-object-id': grant.principalId,
    'assignee-principal-type': grant.principalType ?? 'ServicePrincipal',
    role: grant.roleId,
    scope: grant.scopeId,
    // Conditions are written over several lines; white space outside of their string literals means nothing.
    ...(grant.condition === undefined ? {} : { condition: grant.condition.replace(/\s+/g, ' ').trim(), 'condition-version': '2.0' }),
  });
}

export const deleteIdentity = (identityId: string): Line => command('identity delete', { ids: identityId });

/** `az resource show --ids` refuses ids outside of subscriptions ("invalid ResourceId value"); policy assignments have a command of their own. */
export function showResource(resourceId: string): Line {
  const [, scope, name] = /^(.*)\/providers\/Microsoft\.Authorization\/policyAssignments\/([^/]+)$/i.exec(resourceId) ?? [];
  if (scope !== undefined && name !== undefined) return command('policy assignment show', { name, scope });
  // `resource show` takes what has a provider in its id, and nothing above that.
  const [, subscription, group] = /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?\/?$/i.exec(resourceId) ?? [];
  if (subscription !== undefined && group !== undefined) return command('group show', { name: group, subscription });
  if (subscription !== undefined) return command('account show', { subscription });
  return /^\/subscriptions\/[^/]+\/.*\/providers\//i.test(resourceId) ? command('resource show', { ids: resourceId }) : undefined;
}

export const deleteVaultPolicy = (vaultId: string, objectId: string, applicationId?: string): Line =>
  command('keyvault delete-policy', {
    ...vault(vaultId),
    'object-id': objectId,
    ...(applicationId ? { 'application-id': applicationId } : {}),
  });

export function setVaultPolicy(vaultId: string, objectId: string, permissions: VaultPermissions): Line {
  return command('keyvault set-policy', {
    ...vault(vaultId),
    'object-id': objectId,
    ...(permissions.keys.length > 0 ? { 'key-permissions': permissions.keys } : {}),
    ...(permissions.secrets.length > 0 ? { 'secret-permissions': permissions.secrets } : {}),
    ...(permissions.certificates.length > 0 ? { 'certificate-permissions': permissions.certificates } : {}),
  });
}

export const useVaultRoles = (vaultId: string): Line =>
  command('keyvault update', { ...vault(vaultId), 'enable-rbac-authorization': 'true' });

export function updateCredential(credential: Credential): Line {
  return command('identity federated-credential update', {
    ...credentialPlace(credential.id),
    issuer: credential.issuer,
    subject: credential.subject,
    audiences: credential.audiences,
  });
}

export const deleteCredential = (credentialId: string): Line =>
  command('identity federated-credential delete', { ...credentialPlace(credentialId), yes: true });

export function listCredentials(identityId: string): Line {
  const { subscription, group } = place(identityId);
  return command('identity federated-credential list', {
    'identity-name': lastName(identityId),
    'resource-group': group ?? '',
    subscription: subscription ?? '',
  });
}

export const listLocks = (scopeId: string): Line => {
  const { subscription, group } = place(scopeId);
  return command('lock list', {
    ...(group === undefined ? {} : { 'resource-group': group }),
    ...(subscription === undefined ? {} : { subscription }),
  });
};

type Value = string | readonly string[] | true;

/**
 * `az <words> --name value …`. `true` is a flag. A value that begins with a dash is written `--name='-x'`, or az would read an option.
 */
export function command(verb: string, options: Readonly<Record<string, Value>>): Line {
  const parts = [`az ${verb}`];
  for (const name in options) {
    const part = option(name, options[name]!);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts.join(' ');
}

function option(name: string, value: Value): Line {
  if (value === true) return `--${name}`;
  if (typeof value === 'string') {
    if (!isPrintable(value) || (value.startsWith('/') && /[{}]/.test(value))) return undefined;
    return value.startsWith('-') ? `--${name}=${quote(value)}` : `--${name} ${quote(value)}`;
  }
  if (!value.every(isPrintable)) return undefined;
  if (!value.some((each) => each.startsWith('-'))) return `--${name} ${value.map(quote).join(' ')}`;
  // `--name=value` carries one value only.
  return value.length > 1 ? undefined : `--${name}=${quote(value[0] ?? '')}`;
}

/** POSIX: within single quotes nothing is special but the single quote itself. GUIDs and plain words need none. */
export function quote(value: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(value) || /^\d+\.\d+$/.test(value)) return value;
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * False for control characters and for the invisible ones that make a line look like another (bidirectional overrides, zero width):
 * an admin must be able to read what is about to run. Also for `@file` and `name=@file`.
 */
function isPrintable(value: string): boolean {
  if (plain.test(value)) return true;
  return value !== '' && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(value) && !/^(?:[^=]*=)?@/.test(value);
}

/** Printable ASCII without an `@`: nearly every id, and quickly told. */
const plain = /^[ -?A-~]+$/;

function vault(vaultId: string): Record<string, string> {
  const { subscription, group } = place(vaultId);
  return { name: lastName(vaultId), 'resource-group': group ?? '', subscription: subscription ?? '' };
}

function credentialPlace(credentialId: string): Record<string, string> {
  const { subscription, group } = place(credentialId);
  const identity = /\/userAssignedIdentities\/([^/]+)\//i.exec(credentialId)?.[1];
  return { name: lastName(credentialId), 'identity-name': identity ?? '', 'resource-group': group ?? '', subscription: subscription ?? '' };
}

function place(id: string): { readonly subscription: string | undefined; readonly group: string | undefined } {
  const [, subscription, group] = /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?/i.exec(id) ?? [];
  return { subscription, group };
}

const lastName = (id: string): string => id.slice(id.lastIndexOf('/') + 1);
