import {
  assign,
  attached,
  blobDataReader,
  contributor,
  directory,
  estate,
  host,
  keyVaultSecretsUser,
  pid,
  reader,
  sub,
  userAssigned,
  vault,
} from '../../build/estate.ts';
import {
  appSaid,
  armRefused,
  blobRefused,
  by,
  denial,
  namespaceId,
  registryId,
  secretRefused,
  storageId,
  vaultId,
  removal,
  minutes,
} from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const bare = estate({ identities: [app], vaults: [vault('kv-pay')] });
const web = attached(host('web'), app);
const attachedTo = (kv: ReturnType<typeof vault>) => estate({ identities: [app], hosts: [web], vaults: [kv] });
const hsm = `${sub('prod')}/resourceGroups/rg-app/providers/Microsoft.KeyVault/managedHSMs/hsm`;
const blind = { slice: 'roleAssignments', scope: '/', state: 'partial', why: 'throttled' } as const;

causeTable('missing-role', {
  fires: [
    {
      name: 'a blob reader without any grant',
      estate: bare,
      denials: [blobRefused(app)],
      confidence: 'certain',
      cli: [
        `az role assignment create --assignee-object-id ${app.principalId} --assignee-principal-type ServicePrincipal --role ${blobDataReader} --scope '${storageId('stpay')}'`,
      ],
    },
    {
      name: 'a secret read without any grant',
      estate: bare,
      denials: [secretRefused(app)],
      confidence: 'certain',
      cli: [new RegExp(`--role ${keyVaultSecretsUser} --scope '${vaultId('kv-pay')}'$`)],
    },
    {
      name: 'a reader that writes',
      estate: estate({ identities: [app], assignments: [assign(app.principalId, blobDataReader, storageId('stpay'))] }),
      denials: [blobRefused(app, { operation: 'PutBlob' })],
      confidence: 'certain',
      why: /Storage Blob Data Reader, which it holds .* does not include/,
      cli: [/--role ba92f5b4-2d11-453d-a403-e96b0029c9fe /],
    },
    {
      name: 'a reader that writes and manages the account too',
      estate: estate({
        identities: [app],
        assignments: [assign(app.principalId, blobDataReader, storageId('stpay')), assign(app.principalId, contributor, sub('prod'))],
      }),
      denials: [blobRefused(app, { operation: 'PutBlob' })],
      confidence: 'certain',
    },
    {
      name: 'a reader of the whole subscription',
      estate: estate({ identities: [app], assignments: [assign(app.principalId, reader, sub('prod'))] }),
      denials: [blobRefused(app)],
      confidence: 'certain',
    },
    {
      name: 'an ARM call whose exact scope stands in the text',
      estate: bare,
      denials: [
        armRefused(
          app,
          'Microsoft.Network/virtualNetworks/read',
          `${sub('prod')}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/firewall`,
          { target: `${sub('prod')}/resourceGroups/rg-net` },
        ),
      ],
      confidence: 'certain',
      cli: [/--role acdd72a7-3385-48ef-bd42-f606fba81ae7 --scope '.*\/virtualNetworks\/firewall'$/],
    },
    {
      name: 'a registry pull',
      estate: bare,
      denials: [
        denial({
          service: 'container-registry',
          table: 'ContainerRegistryRepositoryEvents',
          caller: by(app),
          target: registryId('acrpay'),
          operation: 'Pull',
          reason: 'denied',
        }),
      ],
      confidence: 'certain',
      cli: [/--role 7f951dda-4ed3-4680-a7ca-43fe172d538d /],
    },
    {
      name: 'two targets, each with its own role',
      estate: bare,
      denials: [blobRefused(app), blobRefused(app, { target: storageId('stlogs'), operation: 'PutBlob' })],
      confidence: 'certain',
      cli: [/--role 2a2b9908-.* --scope '.*\/stpay'$/, /--role ba92f5b4-.* --scope '.*\/stlogs'$/],
    },
    {
      name: 'assignments that could not all be read',
      estate: { ...bare, gaps: [blind] },
      denials: [blobRefused(app)],
      confidence: 'likely',
    },
    {
      name: 'an Activity Log that could not be read',
      estate: bare,
      denials: [blobRefused(app)],
      input: { changes: undefined },
      confidence: 'likely',
    },
    {
      name: 'a directory that could not be read',
      estate: estate({ identities: [app], directory: directory({ canary: 'invisible' }) }),
      denials: [blobRefused(app)],
      confidence: 'likely',
    },
    {
      name: 'a queue that names nobody, with two identities near',
      estate: estate({ identities: [app, userAssigned('api')] }),
      denials: [
        denial({
          service: 'service-bus',
          table: 'AZMSDiagnosticErrorLogs',
          target: namespaceId('sb-pay'),
          operation: 'ConnectionOpen',
          statusCode: 401,
          reason: 'Unauthorized',
          sample: "Unauthorized access. 'Listen' claim(s) are required to perform this operation.",
        }),
      ],
      confidence: 'possible',
    },
    {
      name: 'a directory call',
      estate: {
        ...bare,
        appRoleGrants: [{ principalId: pid('other'), resourceId: pid('graph'), resourceName: 'Microsoft Graph', appRoleId: pid('r') }],
      },
      denials: [
        denial({
          service: 'graph',
          table: 'MicrosoftGraphActivityLogs',
          caller: by(app),
          target: 'https://graph.microsoft.com/v1.0/users',
          operation: 'GET',
          reason: 'Authorization_RequestDenied',
          sample: 'Insufficient privileges to complete the operation.',
        }),
      ],
      confidence: 'likely',
      why: /application permission/,
      cli: [/^az rest --method post --url '.*\/appRoleAssignments' --body '.*df021288-bdef-4463-88db-98f22de89214/],
    },
    {
      name: 'a managed HSM, whose roles are its own',
      estate: bare,
      denials: [secretRefused(app, { target: hsm, operation: 'KeySign', reason: 'Forbidden', sample: 'Caller is not authorized' })],
      confidence: 'likely',
      cli: [
        `az keyvault role assignment create --hsm-name hsm --role 'Managed HSM Crypto User' --assignee-object-id ${app.principalId} --assignee-principal-type ServicePrincipal --scope '/'`,
      ],
    },
    {
      name: 'a line of an application about a vault: the vault is the target',
      estate: attachedTo(vault('kv-pay')),
      denials: [
        appSaid(
          web.id,
          `Caller is not authorized to perform action on resource. Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action' Resource: '${vaultId('kv-pay')}/secrets/x' Assignment: (not found)`,
          {
            target: `${vaultId('kv-pay')}/secrets/x`,
            operation: 'vault-rbac',
            action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action',
          },
        ),
      ],
      confidence: 'likely',
      cli: [new RegExp(`--role ${keyVaultSecretsUser} --scope '${vaultId('kv-pay')}'$`)],
    },
    {
      name: 'a line of an application about ARM',
      estate: attachedTo(vault('kv-pay')),
      denials: [
        appSaid(
          web.id,
          `The client 'x' with object id 'x' does not have authorization to perform action 'Microsoft.Compute/virtualMachines/read' over scope '${sub('prod')}/resourceGroups/rg-app'`,
          { operation: 'arm-authorization', action: 'Microsoft.Compute/virtualMachines/read' },
        ),
      ],
      confidence: 'likely',
      cli: [new RegExp(`--role ${reader} --scope '${sub('prod')}/resourceGroups/rg-app'$`)],
    },
    {
      name: 'a line of an application about Microsoft Graph',
      estate: attachedTo(vault('kv-pay')),
      denials: [appSaid(web.id, 'Authorization_RequestDenied: Insufficient privileges', { operation: 'graph-permission', target: '' })],
      confidence: 'likely',
      why: /holds no application permission/,
      cli: [],
    },
  ],
  neighbours: [
    {
      name: 'the same with a role at a sibling',
      estate: estate({ identities: [app], assignments: [assign(app.principalId, blobDataReader, storageId('stother'))] }),
      denials: [blobRefused(app)],
      instead: 'role-at-wrong-scope',
    },
    {
      name: 'the same with the role removed before',
      estate: bare,
      denials: [blobRefused(app)],
      input: { changes: [removal(storageId('stpay'), { principalId: app.principalId, roleDefinitionId: blobDataReader })] },
      instead: 'role-removed',
    },
    {
      name: 'a 403 by address',
      estate: bare,
      denials: [
        secretRefused(app, {
          reason: 'ForbiddenByFirewall',
          sample: 'Client address is not authorized and caller is not a trusted service.',
        }),
      ],
      instead: 'network-rule',
    },
    {
      name: 'a grant that is there',
      estate: estate({
        identities: [app],
        assignments: [assign(app.principalId, blobDataReader, storageId('stpay'), { createdAt: minutes(20) })],
      }),
      denials: [blobRefused(app)],
      instead: 'still-propagating',
    },
  ],
});
