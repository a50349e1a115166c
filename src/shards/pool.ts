import type { Assignment, Host, Identity, Tags } from '../estate/index.ts';
import type { Facts } from './row.ts';

/**
 * Equal strings once in memory. Rows come from pages, each with strings of its own, and an identity's ids stand in its row, on each of its hosts, in
 * the directory and at its credentials: with 100,000 identities that halves what has to be kept.
 */
export interface Pool {
  readonly text: <Text extends string>(given: Text) => Text;
  readonly tags: (given: Tags) => Tags;
}

export function openPool(): Pool {
  const texts = new Map<string, string>();
  const tags = new Map<string, Tags>();
  return {
    text<Text extends string>(given: Text): Text {
      const one = texts.get(given);
      if (one !== undefined) return one as Text;
      texts.set(given, given);
      return given;
    },
    tags(given) {
      const text = JSON.stringify(given);
      const one = tags.get(text);
      if (one === undefined) tags.set(text, given);
      return one ?? given;
    },
  };
}

/** What facts hold already is what rows are pooled with. */
export function seed({ text }: Pool, { directory, federatedCredentialsReadAt, federatedCredentials }: Facts): void {
  for (const { id, clientId, displayName, resourceId } of directory.found.values())
    for (const each of [id, clientId, displayName, resourceId]) if (each !== undefined) text(each);
  for (const key of federatedCredentialsReadAt?.keys() ?? []) text(key);
  for (const { identity } of federatedCredentials) text(identity);
}

export const pooledIdentity = (identity: Identity, { text, tags }: Pool): Identity => ({
  ...identity,
  principalId: text(identity.principalId),
  resourceId: text(identity.resourceId),
  key: text(identity.key),
  name: text(identity.name),
  tags: tags(identity.tags),
  ...(identity.clientId !== undefined && { clientId: text(identity.clientId) }),
  ...(identity.location !== undefined && { location: text(identity.location) }),
});

export const pooledHost = (host: Host, { text, tags }: Pool): Host => ({
  ...host,
  id: text(host.id),
  key: text(host.key),
  name: text(host.name),
  type: text(host.type),
  tags: tags(host.tags),
  userAssigned: host.userAssigned.map((attachment) => ({
    ...attachment,
    key: text(attachment.key),
    resourceId: text(attachment.resourceId),
    place: text(attachment.place),
    ...(attachment.principalId !== undefined && { principalId: text(attachment.principalId) }),
    ...(attachment.clientId !== undefined && { clientId: text(attachment.clientId) }),
  })),
  ...(host.systemAssigned !== undefined && { systemAssigned: text(host.systemAssigned) }),
  ...(host.location !== undefined && { location: text(host.location) }),
  ...(host.managedBy !== undefined && { managedBy: text(host.managedBy) }),
});

export const pooledAssignment = (assignment: Assignment, { text }: Pool): Assignment => ({
  ...assignment,
  principalId: text(assignment.principalId),
  principalType: text(assignment.principalType),
  roleId: text(assignment.roleId),
  scope: text(assignment.scope),
  scopeId: text(assignment.scopeId),
  // Most were never touched again: the same instant once.
  ...(assignment.updatedAt !== undefined && assignment.updatedAt === assignment.createdAt && { updatedAt: assignment.createdAt }),
  ...(assignment.createdBy !== undefined && { createdBy: text(assignment.createdBy) }),
});
