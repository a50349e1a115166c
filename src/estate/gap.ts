/**
 * What we could not see. A gap is data: rules read it, findings survive it, every surface shows it.
 */
export const slices = [
  'containers',
  'hosts',
  'identities',
  'roleAssignments',
  'roleDefinitions',
  'assignmentConfirmations',
  'denyAssignments',
  'federatedCredentials',
  'policyAssignments',
  'vaults',
  'clusters',
  'workspaces',
  'principals',
  'deletedPrincipals',
  'groupMembers',
  'appRoleGrants',
  'directoryRoles',
] as const;

/** One kind of thing the auditor reads. */
export type Slice = (typeof slices)[number];

export interface Gap {
  readonly slice: Slice;
  /** Where we are blind: `/` is the whole tenant, otherwise the ARM id of the area as Azure gives it. */
  readonly scope: string;
  /** `missing`: nothing was read there. `partial`: something was read, we know that it is not all. */
  readonly state: 'partial' | 'missing';
  /** One sentence for a tired admin. */
  readonly why: string;
  /** The permission that would close the gap, where that is the reason: `Microsoft.Authorization/roleAssignments/read`, `Application.Read.All`, … */
  readonly permission?: string;
  /** True: nothing a rule infers depends on it (deny assignments in an audit can only narrow; an old but sound reading). Said, but closes no verdict. */
  readonly harmless?: boolean;
}

export interface Coverage {
  readonly slice: Slice;
  readonly scope: string;
  readonly state: 'whole' | 'partial' | 'missing';
  readonly why: string;
  readonly permission: string;
  /** True: no verdict had to wait for it; a finding that depends on it says so itself. */
  readonly harmless?: boolean;
}
