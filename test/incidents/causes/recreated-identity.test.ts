import { clientId } from '../../../src/estate/index.ts';
import { assign, blobDataReader, directory, estate, guid, host, pid, principal, userAssigned } from '../../build/estate.ts';
import { blobRefused, change, minutes, signInRefused, storageId } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const formerly = pid('app of last year');
const orphan = assign(formerly, blobDataReader, storageId('stpay'));
const stale = host('web', undefined, {
  systemAssigned: undefined,
  userAssigned: [
    { key: app.key, resourceId: app.resourceId, principalId: formerly, clientId: clientId(guid('old client')), place: 'identity' },
  ],
});
const absent = directory({ found: [principal(app)], absent: [formerly] });
const binned = directory({ found: [principal(app)], deleted: [{ id: formerly, deletedAt: minutes(-600), resourceId: app.resourceId }] });
const world = { identities: [app], assignments: [orphan] };
const regranted = [
  new RegExp(
    `^az role assignment create --assignee-object-id ${app.principalId} .*--role ${blobDataReader} --scope '${storageId('stpay')}'$`,
  ),
  /^az role assignment delete --ids /,
];

causeTable('recreated-identity', {
  fires: [
    {
      name: 'a recycle bin that knows the resource',
      estate: estate({ ...world, directory: binned }),
      denials: [blobRefused(app)],
      confidence: 'certain',
      cli: regranted,
    },
    {
      name: 'a host that still lists the old principal',
      estate: estate({ ...world, hosts: [stale], directory: absent }),
      denials: [blobRefused(app)],
      confidence: 'certain',
      cli: regranted,
    },
    {
      name: 'an earlier audit that saw it',
      estate: estate({ ...world, directory: absent }),
      denials: [blobRefused(app)],
      input: { remembered: new Map([[formerly, { resourceId: app.resourceId, lastSeenAt: minutes(-5000) }]]) },
      confidence: 'certain',
    },
    {
      name: 'a removal in the Activity Log',
      estate: estate({ ...world, directory: absent }),
      denials: [blobRefused(app)],
      input: { changes: [change('identity-removed', app.resourceId)] },
      confidence: 'certain',
    },
    {
      name: 'a redeployed host',
      estate: estate({ ...world, directory: absent }),
      denials: [blobRefused(app)],
      input: { changes: [change('identity-written', app.resourceId)] },
      confidence: 'likely',
    },
    {
      name: 'a token request for the former client id',
      estate: estate({ ...world, hosts: [stale], directory: absent }),
      denials: [
        signInRefused(
          undefined,
          'AADSTS700016',
          `Application with identifier '${guid('old client')}' was not found in the directory 'Contoso'.`,
          { caller: { kind: 'workload', clientId: clientId(guid('old client')) } },
        ),
      ],
      confidence: 'certain',
      cli: [],
    },
  ],
  neighbours: [
    {
      name: 'an orphan that has nothing to do with the call',
      estate: estate({ identities: [app], assignments: [assign(formerly, blobDataReader, storageId('stother'))], directory: binned }),
      denials: [blobRefused(app)],
      instead: 'missing-role',
    },
    {
      name: 'an orphan of somebody, with nothing that joins the two',
      estate: estate({ ...world, directory: absent }),
      denials: [blobRefused(app)],
      instead: 'missing-role',
    },
    {
      name: 'a directory that cannot be trusted',
      estate: estate({ ...world, directory: directory({ found: [principal(app)], absent: [formerly], canary: 'invisible' }) }),
      denials: [blobRefused(app)],
      instead: 'missing-role',
    },
    {
      name: 'an orphan granted after the identity of today was made',
      estate: estate({
        ...world,
        directory: directory({
          found: [principal(app, { createdAt: '2025-01-01T00:00:00Z' })],
          deleted: [{ id: formerly, deletedAt: minutes(-600), resourceId: app.resourceId }],
        }),
      }),
      denials: [blobRefused(app)],
      instead: 'missing-role',
    },
    {
      name: 'a new principal that has its grant again',
      estate: estate({
        identities: [app],
        assignments: [orphan, assign(app.principalId, blobDataReader, storageId('stpay'), { createdAt: minutes(20) })],
        directory: binned,
      }),
      denials: [blobRefused(app)],
      instead: 'still-propagating',
    },
  ],
});
