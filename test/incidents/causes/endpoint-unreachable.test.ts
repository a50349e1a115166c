import { attached, estate, host, sub, userAssigned } from '../../build/estate.ts';
import { appSaid } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const vm = attached(
  host('vm', undefined, {
    id: `${sub('prod')}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/vm`,
    type: 'microsoft.compute/virtualmachines',
    systemAssigned: undefined,
  }),
  app,
);
const world = estate({ identities: [app], hosts: [vm] });

causeTable('endpoint-unreachable', {
  fires: [
    {
      name: 'a time-out',
      estate: world,
      denials: [appSaid(vm.id, 'ManagedIdentityCredential: connect ETIMEDOUT 169.254.169.254:80')],
      confidence: 'certain',
      why: /vm gets no answer/,
      cli: [],
    },
    {
      name: 'a refused connection',
      estate: world,
      denials: [appSaid(vm.id, 'ImdsCredential: connect ECONNREFUSED 169.254.169.254:80')],
      confidence: 'certain',
    },
    {
      name: 'a proxy in front of it',
      estate: world,
      denials: [
        appSaid(vm.id, 'request to http://169.254.169.254/metadata/identity/oauth2/token failed: tunneling through proxy returned 502'),
      ],
      confidence: 'certain',
      why: /proxy/,
    },
    {
      name: 'an unreachable network',
      estate: world,
      denials: [
        appSaid(vm.id, 'ManagedIdentityCredential: The managed identity endpoint is not currently available. Network unreachable.'),
      ],
      confidence: 'certain',
    },
    {
      name: 'a host that nobody found: whether it has an identity is not known',
      estate: world,
      denials: [appSaid('', 'connect ETIMEDOUT 169.254.169.254:80', { table: 'AppTraces', hosts: [{ name: 'orders' }] })],
      confidence: 'likely',
    },
    {
      name: 'an endpoint on the loopback',
      estate: world,
      denials: [appSaid(vm.id, 'connect ECONNREFUSED 127.0.0.1:42356 while requesting http://127.0.0.1:42356/msi/token?resource=x')],
      confidence: 'certain',
    },
  ],
  neighbours: [
    {
      name: 'a time-out of something else',
      estate: world,
      denials: [
        appSaid(vm.id, 'ManagedIdentityCredential: 169.254.169.254 answered 400: Identity not found'),
        appSaid(vm.id, 'connect ETIMEDOUT 10.0.0.4:5432'),
      ],
      instead: 'identity-not-assigned',
    },
    {
      name: 'a host without an identity',
      estate: estate({ identities: [app] }),
      denials: [appSaid(host('web').id, 'ManagedIdentityCredential: connect ETIMEDOUT 169.254.169.254:80')],
      instead: 'identity-not-assigned',
    },
    {
      name: 'a time-out of a database',
      estate: world,
      denials: [appSaid(vm.id, 'connect ETIMEDOUT 10.0.0.4:5432')],
      instead: 'unexplained',
    },
    {
      name: 'a setting that somebody printed',
      estate: world,
      denials: [appSaid(vm.id, 'IMDS: timeout 3000 ms; NO_PROXY=169.254.169.254')],
      instead: 'unexplained',
    },
  ],
});
