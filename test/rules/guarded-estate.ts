import type { Access } from '../../src/access/index.ts';
import type { Estate, Slice } from '../../src/estate/index.ts';
import type { Rule } from '../../src/rules/index.ts';

/** Which slice each field of the estate comes from. */
const sliceOf: Readonly<Partial<Record<keyof Estate, Slice>>> = {
  containers: 'containers',
  hosts: 'hosts',
  identities: 'identities',
  assignments: 'roleAssignments',
  roles: 'roleDefinitions',
  confirmations: 'assignmentConfirmations',
  denyAssignments: 'denyAssignments',
  federatedCredentials: 'federatedCredentials',
  federatedCredentialsReadAt: 'federatedCredentials',
  policyAssignments: 'policyAssignments',
  vaults: 'vaults',
  clusters: 'clusters',
  workspaces: 'workspaces',
  memberships: 'groupMembers',
  appRoleGrants: 'appRoleGrants',
  directoryRoles: 'directoryRoles',
};

const directorySliceOf: Readonly<Record<keyof Estate['directory'], Slice>> = {
  asked: 'principals',
  found: 'principals',
  unresolved: 'principals',
  canary: 'principals',
  deleted: 'deletedPrincipals',
};

const accessSlicesOf: Readonly<Partial<Record<keyof Access, readonly Slice[]>>> = {
  may: ['roleAssignments', 'roleDefinitions', 'groupMembers'],
  grantsOf: ['roleAssignments', 'roleDefinitions', 'groupMembers'],
  assignments: ['roleAssignments'],
  roleOf: ['roleDefinitions'],
  powerOf: ['roleDefinitions'],
  covers: ['roleDefinitions'],
  effectOn: ['roleDefinitions'],
};

/** The estate as a rule may see it: reading a slice that it does not name in `needs` throws. Naming a principal is a `hint` too. */
export function guardedEstate(estate: Estate, rule: Rule): Estate {
  const check = (slice: Slice | undefined, field: string): void => {
    if (slice !== undefined && rule.needs[slice] === undefined)
      throw new Error(`${rule.id} reads ${field} but does not name ${slice} in its needs`);
  };
  const directory = new Proxy(estate.directory, {
    get: (target, field, receiver) => {
      if (isKey(directorySliceOf, field)) check(directorySliceOf[field], `directory.${field}`);
      return Reflect.get(target, field, receiver);
    },
  });
  return new Proxy(estate, {
    get: (target, field, receiver) => {
      if (field === 'directory') return directory;
      if (isKey(sliceOf, field)) check(sliceOf[field], field);
      return Reflect.get(target, field, receiver);
    },
  });
}

/** The evaluator over the whole estate; what it reads for a rule, the rule must name. */
export function guardedAccess(access: Access, rule: Rule): Access {
  return new Proxy(access, {
    get: (target, field, receiver) => {
      const slices = isKey(accessSlicesOf, field) ? accessSlicesOf[field] : undefined;
      for (const slice of slices ?? []) {
        if (rule.needs[slice] === undefined)
          throw new Error(`${rule.id} asks access.${String(field)} but does not name ${slice} in its needs`);
      }
      return Reflect.get(target, field, receiver);
    },
  });
}

const isKey = <Key extends string>(table: Readonly<Partial<Record<Key, unknown>>>, field: string | symbol): field is Key =>
  typeof field === 'string' && field in table;
