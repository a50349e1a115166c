import { dormantDoor } from '../../src/rules/dormant-door.ts';
import {
  assign,
  attached,
  contributor,
  estate,
  federatedCredential,
  host,
  mg,
  owner,
  pid,
  reader,
  sub,
  userAssigned,
} from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const door = federatedCredential(app, 'github-app');

ruleTable(dormantDoor, {
  fires: [
    {
      name: 'never certain where hosts of some kinds are not shown',
      estate: {
        ...estate({ identities: [app], federatedCredentials: [door], assignments: [assign(app.principalId, contributor, sub('prod'))] }),
        gaps: [{ slice: 'hosts', scope: '/', state: 'partial', why: 'other kinds are not shown', permission: '*/read', harmless: true }],
      },
      violations: [{ confidence: 'likely' }],
    },
    {
      name: 'unattached, broad grant, live credential',
      estate: estate({ identities: [app], federatedCredentials: [door], assignments: [assign(app.principalId, contributor, sub('prod'))] }),
      violations: [{ subject: app.resourceId, severity: 'high', confidence: 'certain' }],
      says: [
        'az identity federated-credential delete --name github-app --identity-name app-id',
        'token.actions.githubusercontent.com',
        'az role assignment delete',
      ],
    },
    {
      name: 'critical above subscriptions',
      estate: estate({ identities: [app], federatedCredentials: [door], assignments: [assign(app.principalId, owner, mg('corp'))] }),
      violations: [{ severity: 'critical' }],
    },
    {
      name: 'through a group there is no assignment of its own to delete',
      estate: estate({
        identities: [app],
        federatedCredentials: [door],
        assignments: [assign(pid('deployers'), contributor, sub('prod'))],
        memberships: new Map([[app.principalId, [pid('deployers')]]]),
      }),
      violations: [{ severity: 'high' }],
      says: [/^(?![\s\S]*role assignment delete)/],
    },
  ],
  silent: [
    {
      name: 'attached to a host',
      estate: estate({
        identities: [app],
        hosts: [attached(host('web'), app)],
        federatedCredentials: [door],
        assignments: [assign(app.principalId, contributor, sub('prod'))],
      }),
    },
    {
      name: 'narrow grants only',
      estate: estate({
        identities: [app],
        federatedCredentials: [door],
        assignments: [assign(app.principalId, contributor, `${sub('prod')}/resourceGroups/rg-app`)],
      }),
    },
    {
      name: 'a broad grant that only reads',
      estate: estate({ identities: [app], federatedCredentials: [door], assignments: [assign(app.principalId, reader, mg('corp'))] }),
    },
    { name: 'no credential', estate: estate({ identities: [app], assignments: [assign(app.principalId, contributor, sub('prod'))] }) },
  ],
  inconclusive: [
    {
      name: 'the hosts of one subscription could not be read',
      estate: estate({ identities: [app], gaps: [{ slice: 'hosts', scope: sub('test'), state: 'missing', why: 'no access' }] }),
      because: /hosts/,
    },
  ],
});
