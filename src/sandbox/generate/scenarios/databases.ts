import { cosmosRow, sqlLoginRow } from '../log-rows/data-services.ts';
import { exceptionRow } from '../log-rows/consoles.ts';
import { printsInContainerApp, printsInAppService } from '../log-rows/calls.ts';
import { usual } from '../log-rows/recorder.ts';
import { workload, type Place } from './place.ts';
import type { Placed } from '../tenant-options.ts';
import type { Scenario } from './scenario.ts';

const cosmos = ({ t, home }: Place): Placed =>
  t.resource(home, 'Microsoft.DocumentDB/databaseAccounts', 'cosmos-orders-prod', {
    kind: 'GlobalDocumentDB',
    properties: { disableLocalAuth: true },
  });
const server = ({ t, home }: Place): Placed =>
  t.resource(home, 'Microsoft.Sql/servers', 'sql-orders-prod', { properties: { administrators: { azureADOnlyAuthentication: true } } });

/** Databases with roles of their own, which Azure's role assignments do not reach. */
export const nativeRoleMissing: readonly Scenario[] = [
  {
    id: 'native-role-missing/cosmos-log',
    cause: 'native-role-missing',
    story: 'DocumentDB Account Contributor at the account; queries are refused.',
    build(here) {
      const { identity } = workload(here);
      const account = cosmos(here);
      here.t.assign(identity, 'DocumentDB Account Contributor', account);
      for (const at of here.instants(usual)) here.log(cosmosRow({ account, at, caller: identity, operation: 'Query', status: 403 }));
    },
  },
  {
    id: 'native-role-missing/app-prints-5301',
    cause: 'native-role-missing',
    story: 'No data plane log; the app prints the sub-status and the principal.',
    build(here) {
      const { identity, host } = workload(here, { host: 'containerApp' });
      cosmos(here);
      printsInContainerApp(here, {
        host,
        text: `Microsoft.Azure.Cosmos.CosmosException : Response status code does not indicate success: Forbidden (403); Substatus: 5301; Reason: (Request blocked by Auth cosmos-orders-prod : Request is blocked because principal [${identity.principalId}] does not have required RBAC permissions to perform action [Microsoft.DocumentDB/databaseAccounts/readMetadata] on resource [/]. Learn more: https://aka.ms/cosmos-native-rbac.)`,
      });
    },
  },
  {
    id: 'native-role-missing/nothing-granted-at-all',
    cause: 'native-role-missing',
    story: 'No role of either kind: what it needs is the native one.',
    build(here) {
      const { identity } = workload(here, { host: 'functionApp' });
      const account = cosmos(here);
      for (const at of here.instants(usual)) here.log(cosmosRow({ account, at, caller: identity, operation: 'Upsert', status: 403 }));
    },
  },
  {
    id: 'native-role-missing/neighbour-management-call',
    cause: 'none',
    story: 'The native role is there and the calls succeed.',
    build(here) {
      const { identity } = workload(here);
      const account = cosmos(here);
      const name = here.t.seeded.guid('sql role assignment');
      here.t.arm({
        id: `${account.id}/sqlRoleAssignments/${name}`,
        name,
        type: 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments',
        properties: {
          roleDefinitionId: `${account.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002`,
          principalId: identity.principalId,
          scope: account.id,
        },
      });
      for (const at of here.instants(usual)) here.log(cosmosRow({ account, at, caller: identity, operation: 'Query', status: 200 }));
    },
  },
  {
    id: 'native-role-missing/neighbour-throttled',
    cause: 'none',
    story: '429 from Cosmos DB is no refusal.',
    build(here) {
      const { identity } = workload(here);
      const account = cosmos(here);
      for (const at of here.instants(usual)) here.log(cosmosRow({ account, at, caller: identity, operation: 'Query', status: 429 }));
    },
  },
];

export const databaseUserMissing: readonly Scenario[] = [
  {
    id: 'database-user-missing/audit',
    cause: 'database-user-missing',
    story: "The server's audit has failed logins of a token principal; the database has no user for it.",
    build(here) {
      const { identity } = workload(here);
      const sql = server(here);
      for (const at of here.instants(usual))
        here.log(
          sqlLoginRow({
            server: sql,
            database: 'orders',
            tenantId: here.t.tenantId,
            at,
            caller: identity,
            error: { code: 18456, state: 1, text: "Login failed for user '&lt;token-identified principal&gt;'." },
          }),
        );
    },
  },
  {
    id: 'database-user-missing/app-prints-it',
    cause: 'database-user-missing',
    story: 'Application Insights has the exception of the client.',
    build(here) {
      workload(here);
      server(here);
      const component = here.t.resource(here.home, 'Microsoft.Insights/components', 'appi-orders-prod');
      for (const at of here.instants(usual))
        here.log(
          exceptionRow({
            component,
            role: 'app-orders-prod',
            at,
            type: 'Microsoft.Data.SqlClient.SqlException',
            text: "Login failed for user '<token-identified principal>'. Error Number:18456,State:1,Class:14 Server: sql-orders-prod.database.windows.net",
          }),
        );
    },
  },
  {
    id: 'database-user-missing/neighbour-password-login',
    cause: 'none',
    story: 'Failed logins of a SQL user with a password: no identity is involved.',
    build(here) {
      const { host } = workload(here);
      server(here);
      printsInAppService(here, {
        host,
        text: "System.Data.SqlClient.SqlException: Login failed for user 'reporting'. Error Number:18456,State:8,Class:14",
      });
    },
  },
  {
    id: 'database-user-missing/neighbour-firewall',
    cause: 'network-rule',
    story: 'The audit has the login with error 40615: the address is not allowed.',
    build(here) {
      const { identity } = workload(here);
      const sql = server(here);
      for (const at of here.instants(usual))
        here.log(
          sqlLoginRow({
            server: sql,
            database: 'orders',
            tenantId: here.t.tenantId,
            at,
            caller: identity,
            error: {
              code: 40615,
              state: 1,
              text: "Cannot open server 'sql-orders-prod' requested by the login. Client with IP address '20.50.2.14' is not allowed to access the server.",
            },
          }),
        );
    },
  },
];
