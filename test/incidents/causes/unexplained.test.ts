import { attached, estate, host, userAssigned } from '../../build/estate.ts';
import { appSaid, blobRefused, signInRefused } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const world = estate({ identities: [app], hosts: [host('web')] });

causeTable('unexplained', {
  fires: [
    { name: 'a message that says nothing', estate: world, denials: [appSaid(host('web').id, 'Error: 403')], confidence: 'possible' },
    {
      name: 'what could not be seen',
      estate: world,
      denials: [appSaid(host('web').id, 'Error: 403')],
      input: { unseen: ['roleAssignments in /: throttled'] },
      confidence: 'possible',
      why: /Not seen: roleAssignments/,
    },
    {
      name: 'a disabled application',
      estate: world,
      denials: [signInRefused(app, 'AADSTS7000112', 'Application is disabled.')],
      confidence: 'possible',
    },
  ],
  neighbours: [
    { name: 'a missing role', estate: world, denials: [blobRefused(app)], instead: 'missing-role' },
    {
      name: 'a time-out of the identity endpoint',
      estate: estate({ identities: [app], hosts: [attached(host('web'), app)] }),
      denials: [appSaid(host('web').id, 'connect ETIMEDOUT 169.254.169.254:80')],
      instead: 'endpoint-unreachable',
    },
  ],
});
