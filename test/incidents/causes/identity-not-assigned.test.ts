import { attached, estate, host, sub, userAssigned } from '../../build/estate.ts';
import { appSaid, change } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const api = userAssigned('api');
const web = host('web', undefined, { systemAssigned: undefined });
const withApi = attached(web, api);
const notFound = (id: string) => appSaid(web.id, `ManagedIdentityCredential authentication failed: Identity not found, client id ${id}`);

causeTable('identity-not-assigned', {
  fires: [
    {
      name: 'a host that the estate does not list among hosts',
      estate: estate({ identities: [app] }),
      denials: [
        appSaid(
          web.id,
          'CredentialUnavailableError: ManagedIdentityCredential authentication unavailable. No managed identity endpoint found.',
        ),
      ],
      confidence: 'certain',
      cli: [/^az webapp identity assign --name web /],
    },
    {
      name: 'a client id that is not attached',
      estate: estate({ identities: [app, api], hosts: [withApi] }),
      denials: [notFound(app.clientId ?? '')],
      confidence: 'certain',
      cli: [new RegExp(`--identities '${app.resourceId}'$`)],
    },
    {
      name: 'App Service without an endpoint',
      estate: estate({ identities: [app] }),
      denials: [appSaid(web.id, 'ManagedIdentityCredential: connection refused 169.254.169.254:80')],
      confidence: 'certain',
    },
    {
      name: 'a host in a place that could not be read',
      estate: { ...estate({ identities: [app] }), gaps: [{ slice: 'hosts', scope: '/', state: 'partial', why: 'throttled' }] },
      denials: [appSaid(web.id, 'ManagedIdentityCredential authentication unavailable. No managed identity endpoint found.')],
      confidence: 'likely',
    },
    {
      name: 'a container app that the log knows by its name only',
      estate: estate({ identities: [app] }),
      denials: [
        appSaid('', 'ManagedIdentityCredential: managed identity timed out', {
          table: 'ContainerAppConsoleLogs_CL',
          hosts: [{ name: 'ca-orders' }],
        }),
      ],
      confidence: 'likely',
      cli: [],
    },
    {
      name: 'a host that nobody found',
      estate: estate({ identities: [app] }),
      denials: [
        appSaid('', 'CredentialUnavailableError: authentication unavailable.', { table: 'AppTraces', hosts: [{ name: 'orders' }] }),
      ],
      confidence: 'possible',
    },
    {
      name: 'a slot',
      estate: estate({ identities: [app] }),
      denials: [
        appSaid(`${web.id}/slots/staging`, 'ManagedIdentityCredential authentication unavailable. No managed identity endpoint found.'),
      ],
      confidence: 'certain',
      cli: [/^az webapp identity assign --name \S+ --resource-group \S+ --subscription \S+ --slot staging$/],
    },
    {
      name: 'a container app whose template, an hour ago, left the identity out',
      estate: estate({ identities: [app] }),
      denials: [
        appSaid('', `Unable to load the proper Managed Identity. client_id=${app.clientId}`, {
          table: 'ContainerAppConsoleLogs_CL',
          hosts: [{ name: 'ca-orders' }],
        }),
      ],
      input: {
        changes: [change('host-written', `${sub('prod')}/resourceGroups/rg-app/providers/Microsoft.App/containerApps/ca-orders`)],
      },
      confidence: 'likely',
      cli: [/^az containerapp identity assign --name ca-orders .* --user-assigned /],
    },
    {
      name: 'a process that started before the identity was there',
      estate: estate({ identities: [api], hosts: [withApi] }),
      denials: [appSaid(web.id, 'ManagedIdentityCredential authentication unavailable. No managed identity endpoint found.')],
      confidence: 'possible',
      why: /started before the identity was enabled/,
      cli: [],
    },
  ],
  neighbours: [
    {
      name: 'a host that has the identity and gets no answer',
      estate: estate({ identities: [api], hosts: [withApi] }),
      denials: [appSaid(web.id, 'ManagedIdentityCredential: connect ETIMEDOUT 169.254.169.254:80')],
      instead: 'endpoint-unreachable',
    },
    {
      name: 'several identities and none named',
      estate: estate({ identities: [app, api], hosts: [attached(web, app, api)] }),
      denials: [appSaid(web.id, 'ManagedIdentityCredential: Multiple user assigned identities exist, please specify the clientId')],
      instead: 'wrong-identity',
    },
    {
      name: 'a proxy',
      estate: estate({ identities: [app] }),
      denials: [
        appSaid(
          web.id,
          'ManagedIdentityCredential: request to http://169.254.169.254/metadata/identity failed: proxy answered 502 Bad Gateway',
        ),
      ],
      instead: 'endpoint-unreachable',
    },
  ],
});
