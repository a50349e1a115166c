import { clientId } from '../../../src/estate/index.ts';
import { attached, directory, estate, guid, host, principal, userAssigned } from '../../build/estate.ts';
import { appSaid, blobRefused, minutes, signInRefused } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const gone = clientId(guid('gone client'));
const web = attached(host('web', undefined, { systemAssigned: undefined }), app);
const refused = (directoryName: string) =>
  signInRefused(undefined, 'AADSTS700016', `Application with identifier '${gone}' was not found in the directory '${directoryName}'.`, {
    caller: { kind: 'workload', clientId: gone },
  });
const dead = userAssigned('dead');

causeTable('deleted-identity', {
  fires: [
    {
      name: 'a client id that nobody has',
      estate: estate({ identities: [app] }),
      denials: [refused('Contoso')],
      confidence: 'certain',
      why: new RegExp(gone),
      cli: [],
    },
    {
      name: 'a principal that the directory does not know any more',
      estate: estate({ identities: [app], directory: directory({ found: [principal(app)], absent: [dead.principalId] }) }),
      denials: [blobRefused(dead)],
      confidence: 'certain',
      why: /any more/,
    },
    {
      name: 'the host that names it in its own log',
      estate: estate({ identities: [app], hosts: [web] }),
      denials: [appSaid(web.id, `AADSTS700016: Application with identifier '${gone}' was not found in the directory 'Contoso'.`)],
      confidence: 'certain',
    },
    {
      name: 'hosts that could not be read',
      estate: { ...estate({ identities: [app] }), gaps: [{ slice: 'identities', scope: '/', state: 'partial', why: 'throttled' }] },
      denials: [refused('Contoso')],
      confidence: 'likely',
    },
    {
      name: 'an identity endpoint that does not know a client id of the recycle bin',
      estate: estate({
        identities: [app],
        hosts: [web],
        directory: directory({
          found: [principal(app)],
          deleted: [{ id: dead.principalId, deletedAt: minutes(-90), clientId: gone }],
        }),
      }),
      denials: [appSaid(web.id, `ManagedIdentityCredential: Identity not found for client id ${gone}`)],
      confidence: 'certain',
    },
  ],
  neighbours: [
    {
      name: 'a directory of another tenant',
      estate: estate({ identities: [app] }),
      denials: [refused(guid('fabrikam'))],
      instead: 'foreign-tenant',
    },
    {
      name: 'an identity that was made again under the same name',
      estate: estate({
        identities: [app],
        hosts: [
          host('web', undefined, { userAssigned: [{ key: app.key, resourceId: app.resourceId, clientId: gone, place: 'identity' }] }),
        ],
      }),
      denials: [refused('Contoso')],
      instead: 'recreated-identity',
    },
    {
      name: 'a principal whose look-up failed',
      estate: estate({ identities: [app], directory: directory({ found: [principal(app)], unresolved: [dead.principalId] }) }),
      denials: [blobRefused(dead)],
      instead: 'missing-role',
    },
    {
      name: 'a client id that lives elsewhere',
      estate: estate({ identities: [app], hosts: [host('web', undefined, { systemAssigned: undefined })] }),
      denials: [appSaid(host('web').id, `ManagedIdentityCredential: Identity not found for client id ${app.clientId}`)],
      instead: 'identity-not-assigned',
    },
  ],
});
