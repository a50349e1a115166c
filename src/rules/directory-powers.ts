import type { Severity } from './violation.ts';

/** What an application permission or a directory role lets its holder do to the directory itself. */
export interface DirectoryPower {
  readonly name: string;
  readonly severity: Extract<Severity, 'critical' | 'high' | 'medium'>;
  readonly can: string;
}

const makesAdministrators = 'can make itself or anybody else a global administrator';
const takesApplications = 'can add credentials to applications and act as them, whatever they may do';
const takesGroups = 'can join groups, and with them every role that Azure grants to those groups';

/** Application permissions of Microsoft Graph by app role id (learn.microsoft.com/graph/permissions-reference). */
export const graphPermissions: ReadonlyMap<string, DirectoryPower> = new Map([
  ['9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8', { name: 'RoleManagement.ReadWrite.Directory', severity: 'critical', can: makesAdministrators }],
  [
    'dd199f4a-f148-40a4-a2ec-f0069cc799ec',
    { name: 'RoleAssignmentSchedule.ReadWrite.Directory', severity: 'critical', can: makesAdministrators },
  ],
  [
    'fee28b28-e1f3-4841-818e-2704dc62245f',
    { name: 'RoleEligibilitySchedule.ReadWrite.Directory', severity: 'critical', can: makesAdministrators },
  ],
  [
    '06b708a9-e830-4db3-a914-8e69da51d44f',
    { name: 'AppRoleAssignment.ReadWrite.All', severity: 'critical', can: 'can grant itself every other application permission' },
  ],
  ['1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9', { name: 'Application.ReadWrite.All', severity: 'critical', can: takesApplications }],
  [
    '50483e42-d915-4231-9639-7fdb7fd190e5',
    {
      name: 'UserAuthenticationMethod.ReadWrite.All',
      severity: 'critical',
      can: 'can add a way to sign in to any account, administrators included',
    },
  ],
  ['19dbc75e-c2e2-444c-a770-ec69d8559fc7', { name: 'Directory.ReadWrite.All', severity: 'high', can: takesGroups }],
  ['62a82d76-70ea-41e2-9197-370581804d09', { name: 'Group.ReadWrite.All', severity: 'high', can: takesGroups }],
  ['dbaae8cf-10b5-4b86-a4a1-f871c94c6695', { name: 'GroupMember.ReadWrite.All', severity: 'high', can: takesGroups }],
  [
    '741f803b-c850-494e-b5df-cde7c675a1ca',
    { name: 'User.ReadWrite.All', severity: 'high', can: 'can change and delete the accounts of people' },
  ],
  [
    '01c0a623-fc9b-48e9-b794-0756f8e8f067',
    { name: 'Policy.ReadWrite.ConditionalAccess', severity: 'high', can: 'can turn off conditional access' },
  ],
  [
    'a82116e5-55eb-4c41-a434-62fe8a61c773',
    { name: 'Sites.FullControl.All', severity: 'high', can: 'can read and change every SharePoint site' },
  ],
  [
    '75359482-378d-4052-8f01-80520e7db3cd',
    { name: 'Files.ReadWrite.All', severity: 'high', can: 'can read and change every file in SharePoint and OneDrive' },
  ],
  ['e2a3a72e-5f79-4c64-b1b1-878b674786c9', { name: 'Mail.ReadWrite', severity: 'high', can: 'can read and change the mail of everybody' }],
  [
    'b633e1c5-b582-4048-a93e-9f11b44c7e96',
    { name: 'Mail.Send', severity: 'medium', can: 'can send mail as anybody, unless an application access policy narrows it' },
  ],
]);

/** Microsoft Entra roles by template id (learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference, "privileged"). */
export const directoryRoles: ReadonlyMap<string, DirectoryPower> = new Map([
  [
    '62e90394-69f5-4237-9190-012177145e10',
    { name: 'Global Administrator', severity: 'critical', can: 'can do everything in the directory, and give itself everything in Azure' },
  ],
  ['e8611ab8-c189-46e8-94e1-60213ab1f814', { name: 'Privileged Role Administrator', severity: 'critical', can: makesAdministrators }],
  [
    '7be44c8a-adaf-4e2a-84d6-ab2649e08a13',
    {
      name: 'Privileged Authentication Administrator',
      severity: 'critical',
      can: 'can reset the sign-in of any account, administrators included',
    },
  ],
  ['9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3', { name: 'Application Administrator', severity: 'critical', can: takesApplications }],
  ['158c047a-c907-4556-b7ef-446551a6b5f7', { name: 'Cloud Application Administrator', severity: 'critical', can: takesApplications }],
  [
    '8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2',
    { name: 'Hybrid Identity Administrator', severity: 'critical', can: 'can change how the directory trusts sign-ins from elsewhere' },
  ],
  [
    '194ae4cb-b126-40b2-bd5b-6091b380977d',
    { name: 'Security Administrator', severity: 'high', can: 'can change security settings and policies' },
  ],
  [
    'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9',
    { name: 'Conditional Access Administrator', severity: 'high', can: 'can turn off conditional access' },
  ],
  [
    'c4e39bd9-1100-46d3-8c65-fb160da0071f',
    { name: 'Authentication Administrator', severity: 'high', can: 'can reset the sign-in of people who are no administrators' },
  ],
  [
    'fe930be7-5e62-47db-91af-98c3a49a38b1',
    {
      name: 'User Administrator',
      severity: 'high',
      can: 'can manage people and groups, and with groups the roles that Azure grants to them',
    },
  ],
  ['fdd7a751-b60b-444a-984c-02652fe8fa1c', { name: 'Groups Administrator', severity: 'high', can: takesGroups }],
  ['3a2c62db-5318-420d-8d74-23affee5d9d5', { name: 'Intune Administrator', severity: 'high', can: 'can run code on managed devices' }],
  [
    '29232cdf-9323-42fd-ade2-1d097af3e4de',
    { name: 'Exchange Administrator', severity: 'high', can: 'can read and change the mail of everybody' },
  ],
  [
    '729827e3-9c14-49f7-bb1b-9608f156bbb8',
    { name: 'Helpdesk Administrator', severity: 'high', can: 'can reset passwords of people who are no administrators' },
  ],
]);
