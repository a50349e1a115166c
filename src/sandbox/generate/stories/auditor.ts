import { owned, type Story } from '../landscape.ts';
import { finding, silent } from '../planted.ts';

/** The auditor itself, with its documented least privilege and one role too many. */
export const auditor: Story = {
  name: 'auditor',
  plant({ t, group }) {
    const home = group('mi-audit', 'platform');
    const identity = t.userAssignedIdentity(home, 'id-mi-audit', { tags: owned });
    t.host('functionApp', home, 'func-mi-audit', { userAssigned: [identity], tags: owned });
    const reader = t.assign(identity, 'Reader', t.root, { description: 'mi-audit reads the whole tenant' });
    const graph = t.directory.microsoftGraph();
    for (const appRoleId of readPermissions) t.directory.appRole(identity, appRoleId, graph);
    t.configure({ auditor: { principalId: identity.principalId, clientId: identity.clientId, resourceId: identity.id } });
    const store = t.storageAccount(home, 'stmiaudit');
    const tables = t.assign(identity, 'Storage Table Data Contributor', store);
    const manages = t.assign(identity, 'Storage Account Contributor', store, { description: 'for the blob trigger' });
    return [
      silent('privileged-role-at-broad-scope', reader, 'Reader at the tenant root group: broad, and reads only'),
      silent('auditor-overreach', reader, 'reading the whole tenant is what it is for'),
      silent('auditor-overreach', tables, 'a data role on its own storage account'),
      finding(
        'auditor-overreach',
        manages,
        'manages its own storage account and may list its keys, for a blob trigger that it does not have',
      ),
    ];
  },
};

/** Application.Read.All, User.ReadBasic.All, GroupMember.Read.All, RoleManagement.Read.Directory. */
const readPermissions = [
  '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
  '97235f07-e226-4f63-ace3-39588e11d3a1',
  '98830695-27a2-44f7-8c18-0c3ebc9698f6',
  '483bed4a-2ad3-4361-a73b-c83ccdbdc53c',
];
