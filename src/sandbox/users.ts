import { listAt, textAt } from './json.ts';
import type { World } from './world.ts';

/** Somebody who can sign in to the auditor's API. */
export interface SandboxUser {
  readonly objectId: string;
  readonly name: string;
  readonly userName: string;
  /** App roles, as an administrator assigned them. */
  readonly roles: readonly string[];
  readonly groups: readonly string[];
}

/** An application that calls the API by itself. */
export interface SandboxApplication {
  readonly clientId: string;
  readonly objectId: string;
  readonly roles: readonly string[];
}

/** The API's and the page's own applications in every world. */
export const apiClientId = '00000000-0000-4000-8000-00000000a001';
export const tabClientId = '00000000-0000-4000-8000-00000000a002';
export const apiUri = 'api://mi-audit';

/** Rows of `graph/users.jsonl` that say `appRoles` (and, if they like, `groupIds`); a world without any has one user for each thing that can be done. */
export function usersOf(world: Pick<World, 'graph'>): readonly SandboxUser[] {
  const own: SandboxUser[] = [];
  for (const row of world.graph('users').all()) {
    const objectId = textAt(row, 'id');
    if (objectId === undefined || !('appRoles' in row)) continue;
    const userName = textAt(row, 'userPrincipalName') ?? objectId;
    own.push({
      objectId,
      userName,
      name: textAt(row, 'displayName') ?? userName,
      roles: textsOf(row, 'appRoles'),
      groups: textsOf(row, 'groupIds'),
    });
  }
  return own.length > 0 ? own : demoUsers;
}

/** Likewise rows of `graph/servicePrincipals.jsonl`. */
export function applicationsOf(world: Pick<World, 'graph'>): readonly SandboxApplication[] {
  const own: SandboxApplication[] = [];
  for (const row of world.graph('servicePrincipals').all()) {
    const [objectId, clientId] = [textAt(row, 'id'), textAt(row, 'appId')];
    const roles = textsOf(row, 'miAuditRoles');
    if (objectId !== undefined && clientId !== undefined && roles.length > 0) own.push({ objectId, clientId, roles });
  }
  return own.length > 0 ? own : demoApplications;
}

const textsOf = (row: unknown, name: string): readonly string[] => listAt(row, name).filter((one) => typeof one === 'string');

const user = (last: string, name: string, userName: string, roles: readonly string[]): SandboxUser => ({
  objectId: `00000000-0000-4000-8000-0000000000${last}`,
  name,
  userName: `${userName}@contoso.example`,
  roles,
  groups: [],
});

const demoUsers: readonly SandboxUser[] = [
  user('e1', 'Reader of findings', 'reader', ['Findings.Read']),
  user('e2', 'Manager of findings', 'manager', ['Findings.Read', 'Findings.Manage']),
  user('e3', 'Auditor on duty', 'auditor', ['Findings.Read', 'Findings.Manage', 'Audit.Run']),
  user('e4', 'Nobody in particular', 'nobody', []),
];

const application = (last: string, roles: readonly string[]): SandboxApplication => ({
  clientId: `00000000-0000-4000-8000-0000000000${last}`,
  objectId: `00000000-0000-4000-8000-0000000001${last}`,
  roles,
});

const demoApplications: readonly SandboxApplication[] = [
  application('f1', ['Findings.Read']),
  application('f2', ['Findings.Manage']),
  application('f3', ['Audit.Run']),
  application('f4', []),
];
