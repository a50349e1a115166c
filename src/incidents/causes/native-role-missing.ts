import * as az from '../../remedy/az.ts';
import { ruledOut, silent, type Cause } from '../cause.ts';
import { refusal } from './steps.ts';

const signs =
  /\b530[0-3]\b|readmetadata|required rbac permissions|does not have required rbac|cannot be authorized by aad token|request blocked by auth/;
const writes = /items\/(?:create|upsert|replace|delete)|executestoredprocedure|create|upsert|replace|delete|write/i;

/** Built-in native roles of every Cosmos DB account: https://learn.microsoft.com/azure/cosmos-db/how-to-setup-rbac */
const reader = { id: '00000000-0000-0000-0000-000000000001', name: 'Cosmos DB Built-in Data Reader' };
const contributor = { id: '00000000-0000-0000-0000-000000000002', name: 'Cosmos DB Built-in Data Contributor' };

export const nativeRoleMissing: Cause = {
  id: 'native-role-missing',
  title: "The role is missing in Cosmos DB's own role system",
  explain: `Cosmos DB for NoSQL decides about data with role definitions and assignments of its own, inside the account. Azure roles such as Contributor or DocumentDB Account Contributor do not open data, and the native
ones do not show up under "Access control (IAM)".

**Recognise it** by 403 with substatus 5301 to 5303, or "does not have required RBAC permissions to perform action [Microsoft.DocumentDB/databaseAccounts/readMetadata]".

**Fix it** with \`az cosmosdb sql role assignment create\`, on the account, database or container, with the built-in reader where reading is enough.`,
  references: [
    'https://learn.microsoft.com/azure/cosmos-db/how-to-setup-rbac',
    'https://github.com/Azure/azure-cosmos-dotnet-v3/issues/2891',
  ],
  needs: ['logs', 'estate'],
  judge: (scene) => {
    const { burst, failing, targetId } = scene;
    if (burst.service !== 'cosmos-db' && !/microsoft\.documentdb\/databaseaccounts\/(?:readmetadata|sqldatabases)/.test(scene.text))
      return silent;
    if (scene.allowed) return ruledOut(`${failing.label} holds a native role that allows the calls`);
    if (/firewall|ip address|public internet|virtual network/.test(scene.words)) return silent;
    const role = burst.denials.some(
      (denial) => writes.test(`${denial.operation} ${denial.action ?? ''}`) && !/readmetadata|readfeed/i.test(denial.operation),
    )
      ? contributor
      : reader;
    const control =
      failing.principalId === undefined
        ? []
        : scene.access
            .grantsOf(failing.principalId)
            .filter((grant) => scene.targetKey !== undefined && scene.access.within(scene.targetKey, grant.assignment.scope));
    const read = scene.estate.nativeRoleAssignments !== undefined;
    const lesser = scene.estate.nativeRoleAssignments?.find(
      (one) => one.principalId === failing.principalId && one.account === scene.targetKey,
    );
    const [, subscription = '', group = '', account = ''] =
      /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.DocumentDB\/databaseAccounts\/([^/]+)/i.exec(
        targetId ?? '',
      ) ?? [];
    return {
      kind: 'fits',
      // Its words, or its own list of roles; an Azure role beside the refusal proves nothing.
      confidence: (signs.test(scene.text) || (read && scene.refused)) && failing.attribution === 'named' ? 'certain' : 'likely',
      weight: 86,
      why: `${failing.label} holds ${lesser ? `${lesser.roleName} on ${account}, which does not include the call` : `no native Cosmos DB role on ${account || 'the account'} that allows the call`}${control[0] ? `; ${control[0].role?.name ?? 'its Azure role'} there manages the account and opens none of its data` : ''}.`,
      evidence: [
        refusal(scene),
        ...control.slice(0, 3).map((grant) => ({
          label: 'Azure role',
          value: `${grant.role?.name ?? grant.assignment.roleId} on ${grant.assignment.scopeId}`,
          source: 'resource-graph' as const,
        })),
      ],
      fix: [
        account === '' || failing.principalId === undefined
          ? { text: `Assign ${role.name} inside the Cosmos DB account.` }
          : az.step(
              `Assign ${role.name} inside the account; a narrower --scope names a database or container.`,
              az.command('cosmosdb sql role assignment create', {
                'account-name': account,
                'resource-group': group,
                subscription,
                'role-definition-id': role.id,
                'principal-id': failing.principalId,
                scope: '/',
              }),
            ),
      ],
      check: [
        account === ''
          ? undefined
          : az.command('cosmosdb sql role assignment list', { 'account-name': account, 'resource-group': group, subscription }),
      ],
    };
  },
};
