import { assign, attached, blobDataReader, estate, host, sub, systemAssignedOf, userAssigned } from '../../build/estate.ts';
import { appSaid, blobRefused, denial, minutes, storageId } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const api = userAssigned('api');
const web = attached(host('web', undefined, { systemAssigned: undefined }), app, api);
const job = attached(host('job', undefined, { systemAssigned: undefined }), app);
const granted = assign(api.principalId, blobDataReader, storageId('stpay'));
const world = estate({ identities: [app, api], hosts: [web], assignments: [granted] });
const own = host('vm');
const system = systemAssignedOf(own);
const mixed = attached(own, app);

causeTable('wrong-identity', {
  fires: [
    {
      name: 'the other identity of the host holds the role',
      estate: world,
      denials: [blobRefused(app)],
      confidence: 'certain',
      why: /app .* was used, and api/,
      cli: [
        `az webapp config appsettings set --name web --resource-group rg-app --subscription ${sub('prod').slice(15)} --settings 'AZURE_CLIENT_ID=${api.clientId}'`,
      ],
    },
    {
      name: 'the system-assigned one holds it',
      estate: estate({
        identities: [app, system],
        hosts: [mixed],
        assignments: [assign(system.principalId, blobDataReader, storageId('stpay'))],
      }),
      denials: [blobRefused(app)],
      confidence: 'certain',
      cli: [],
    },
    {
      name: 'a log that names only the host',
      estate: world,
      denials: [denial({ service: 'storage', hosts: [{ id: web.id, name: 'web' }] })],
      confidence: 'likely',
    },
    {
      name: 'an identity that is on two hosts, and the other on one of them',
      estate: estate({ identities: [app, api], hosts: [web, job], assignments: [granted] }),
      denials: [blobRefused(app)],
      confidence: 'likely',
    },
    {
      name: 'an endpoint that asks which',
      estate: world,
      denials: [
        appSaid(
          web.id,
          'ManagedIdentityCredential: Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request',
        ),
      ],
      confidence: 'certain',
      why: /names none of them/,
    },
  ],
  neighbours: [
    {
      name: 'neither holds the role',
      estate: estate({ identities: [app, api], hosts: [web] }),
      denials: [blobRefused(app)],
      instead: 'missing-role',
    },
    {
      name: 'the other is on another host',
      estate: estate({
        identities: [app, api],
        hosts: [attached(host('web'), app), attached(host('api-host'), api)],
        assignments: [granted],
      }),
      denials: [blobRefused(app)],
      instead: 'missing-role',
    },
    {
      name: 'the other one holds a role at a sibling only',
      estate: estate({
        identities: [app, api],
        hosts: [web],
        assignments: [assign(api.principalId, blobDataReader, storageId('stother'))],
      }),
      denials: [blobRefused(app)],
      instead: 'missing-role',
    },
    {
      name: 'both hold it, the failing one since minutes',
      estate: estate({
        identities: [app, api],
        hosts: [web],
        assignments: [granted, assign(app.principalId, blobDataReader, storageId('stpay'), { createdAt: minutes(20) })],
      }),
      denials: [blobRefused(app)],
      instead: 'still-propagating',
    },
  ],
});
