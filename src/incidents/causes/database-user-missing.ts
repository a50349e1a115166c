import { silent, type Cause } from '../cause.ts';
import * as az from '../../remedy/az.ts';
import { refusal } from './steps.ts';

export const databaseUserMissing: Cause = {
  id: 'database-user-missing',
  title: 'The database has no user for the identity',
  explain: `Azure SQL takes the token and then looks for a database user of that name. Without one the login fails with 18456, "Login failed for user '<token-identified principal>'"; Azure roles on the server do not help,
they only manage it.

**Recognise it** by a failed login of a token principal. A database that was restored, copied or recreated loses the user, and an identity that was re-created needs the user dropped and created again, since it is bound to the
old client id.

**Fix it** as an Entra administrator of the server, inside the database: \`CREATE USER … FROM EXTERNAL PROVIDER\`, then the smallest database role.`,
  references: [
    'https://learn.microsoft.com/azure/azure-sql/database/authentication-aad-configure',
    'https://learn.microsoft.com/azure/app-service/tutorial-connect-msi-sql-database',
  ],
  needs: ['logs'],
  judge: (scene) => {
    if (scene.burst.service !== 'sql' && !/login failed for user '<token-identified principal>'|\b18456\b/.test(scene.text)) return silent;
    if (/40615|firewall|not allowed to access the server|40914|47073|deny public network/.test(scene.words)) return silent;
    const name = scene.failing.identity?.name ?? 'name of the identity';
    const bracketed = `[${name.replaceAll(']', ']]')}]`;
    const [, subscription = '', group = '', server = ''] =
      /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Sql\/servers\/([^/]+)/i.exec(scene.targetId ?? '') ?? [];
    return {
      kind: 'fits',
      confidence: /token-identified|18456|login failed/.test(scene.text) ? 'certain' : 'likely',
      weight: 85,
      why: `The database accepted the token of ${scene.failing.label} and has no user for it.`,
      evidence: [refusal(scene)],
      fix: [
        {
          text: `As an Entra administrator, in the database: CREATE USER ${bracketed} FROM EXTERNAL PROVIDER; ALTER ROLE db_datareader ADD MEMBER ${bracketed}; (db_datawriter too, where it writes).`,
        },
      ],
      check: [server === '' ? undefined : az.command('sql server ad-admin list', { server, 'resource-group': group, subscription })],
    };
  },
};
