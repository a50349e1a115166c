import { estate, userAssigned } from '../../build/estate.ts';
import { by, denial, serverId } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const weird = userAssigned('a]b');
const login = (sample: string, caller = by(app)) =>
  denial({
    service: 'sql',
    table: 'SQLSecurityAuditEvents',
    caller,
    target: serverId('sql-pay'),
    operation: 'DATABASE AUTHENTICATION FAILED',
    statusCode: 0,
    reason: '18456',
    sample,
  });

causeTable('database-user-missing', {
  fires: [
    {
      name: 'a token that the server takes and the database does not know',
      estate: estate({ identities: [app] }),
      denials: [login("Login failed for user '<token-identified principal>'.")],
      confidence: 'certain',
    },
    {
      name: 'a name with a bracket',
      estate: estate({ identities: [weird] }),
      denials: [login("Login failed for user '<token-identified principal>'.", by(weird))],
      confidence: 'certain',
      why: /a\]b/,
    },
  ],
  neighbours: [
    {
      name: 'a firewall',
      estate: estate({ identities: [app] }),
      denials: [login("Client with IP address '20.1.2.3' is not allowed to access the server.")],
      instead: 'network-rule',
    },
    {
      name: 'a token of another tenant',
      estate: estate({ identities: [app] }),
      denials: [login('AADSTS50020: not in this tenant')],
      instead: 'foreign-tenant',
    },
  ],
});
