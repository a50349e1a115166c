import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPipelineRequest } from '@azure/core-rest-pipeline';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { guard, RefusedCall } from '../../src/azure/guard.ts';
import {
  auditorReads,
  azureActivityLog,
  azureDenialLog,
  azureEstateSource,
  azureShardedSource,
  azureWorkspaceList,
  cloud,
} from '../../src/azure/index.ts';
import { eventOfApi, eventOfTable } from '../../src/azure/logs/activity-event.ts';
import { armDenials } from '../../src/azure/logs/arm-denials.ts';
import { changesOf } from '../../src/azure/logs/changes.ts';
import { denialOf } from '../../src/azure/logs/denial-row.ts';
import { signInSeries } from '../../src/azure/logs/sign-ins.ts';
import { isFromProxy, tokenIn, wordsOf } from '../../src/jobs/doctor/identity-answer.ts';
import { estateLines, readEstate } from '../../src/jobs/estate-file.ts';
import { judgeToken, readToken } from '../../src/jobs/judge-token.ts';
import { redactedLines } from '../../src/jobs/redact-estate.ts';
import { performPiece } from '../../src/jobs/sharded/perform-piece.ts';
import type { ShardedRequest } from '../../src/jobs/sharded/sharded-request.ts';
import { KqlError, runKql } from '../../src/sandbox/kql/index.ts';
import { NotAWorld } from '../../src/sandbox/world-settings.ts';
import { openWorld } from '../../src/sandbox/world.ts';
import { cursorAfter, readCursor, UnknownCursorError } from '../../src/store/cursor.ts';
import { NewerStoreError, openStore, openSqliteTable } from '../../src/store/index.ts';
import { itemsOfPage, pageMaker } from '../../src/store/page-text.ts';
import { readable } from '../../src/tab/api/readable.ts';
import { clientsOver, tokenOf, wire, type Reply } from '../azure/wire.ts';
import { estate, userAssigned } from '../build/estate.ts';
import { memoryTable } from '../fakes/record-table.ts';
import { day, violation } from '../findings/world.ts';
import { serve } from '../sandbox/small-world.ts';
import { all, audit, clock } from '../store/audit.ts';
import { answersOrRefuses, anything, damaged, damagedText, parameters } from './foreign.ts';

/** One kind of input that others write, the files of src/ that parse it, and what throws foreign text at them. */
export interface Fuzzed {
  readonly input: string;
  readonly files: readonly string[];
  readonly fuzz: () => Promise<void>;
}

async function always<Given>(given: fc.Arbitrary<Given>, holds: (given: Given) => unknown, runs = parameters.numRuns): Promise<void> {
  await fc.assert(
    fc.asyncProperty(given, async (one) => {
      await answersOrRefuses(() => holds(one));
    }),
    { ...parameters, numRuns: runs },
  );
}
/** Each run of these asks a hundred things. */
const few = Math.ceil(parameters.numRuns / 3);

const queries = join(import.meta.dirname, '../../src/azure/queries');
const queryTexts = readdirSync(queries)
  .filter((name) => name.endsWith('.kql'))
  .map((name) => readFileSync(join(queries, name), 'utf8'));
const now = '2026-11-20T08:00:00Z';
const guid = '22222222-2222-4222-8222-222222222222';
const identity = `/subscriptions/${guid}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`;

/** Rows in the shapes of Azure, to be damaged: one of each kind answers each question, whatever it was. */
const answerOfAzure = {
  value: [
    {
      id: identity,
      name: 'id',
      '@odata.type': '#microsoft.graph.servicePrincipal',
      displayName: 'x',
      servicePrincipalType: 'ManagedIdentity',
    },
    {
      id: guid,
      subscriptionId: guid,
      principalId: guid,
      appRoleId: guid,
      resourceId: guid,
      roleDefinitionId: guid,
      roleDefinition: { displayName: 'r', templateId: guid },
    },
    {
      name: 'fic',
      properties: { issuer: 'https://i.example', subject: 's', audiences: ['a'], roleName: 'R', permissions: [{ actions: ['*'] }] },
    },
  ],
  responses: [{ id: '0', status: 200, headers: {}, body: { value: [{ id: guid }] } }],
  totalRecords: 1,
  count: 1,
  resultTruncated: 'false',
  data: [
    {
      id: identity,
      name: 'id',
      type: 'microsoft.managedidentity/userassignedidentities',
      tenantId: guid,
      subscriptionId: guid,
      resourceGroup: 'rg',
      identity: { type: 'UserAssigned', userAssignedIdentities: { [identity]: { principalId: guid, clientId: guid } } },
      properties: {
        principalId: guid,
        principalType: 'ServicePrincipal',
        roleDefinitionId: guid,
        scope: `/subscriptions/${guid}`,
        createdOn: now,
        accessPolicies: [{ tenantId: guid, objectId: guid, permissions: { secrets: ['get'] } }],
        managementGroupAncestorsChain: [{ name: 'root' }],
        permissions: [{ actions: ['*/read'] }],
        customerId: guid,
      },
      managementGroups: [{ name: 'root' }],
      rows: 3,
    },
  ],
  tables: [{ name: 'PrimaryResult', columns: [{ name: 'source', type: 'string' }], rows: [['AZKVAuditLogs']] }],
  permissions: [],
};
const reply: fc.Arbitrary<Reply> = fc.record({
  status: fc.oneof({ weight: 6, arbitrary: fc.constant(200) }, fc.constantFrom(204, 206, 301, 400, 401, 403, 404, 409, 410, 418)),
  body: fc.oneof(
    { weight: 4, arbitrary: damaged(answerOfAzure) },
    { weight: 2, arbitrary: anything.map((any) => ({ value: [any], data: [any], responses: [any] })) },
    anything,
    fc.constantFrom('', 'not json', '<html>', '[', '{"value":'),
  ),
});
/** What Azure says in turn, for as long as it is asked. */
const conversation = fc.array(reply, { minLength: 1, maxLength: 12 });
const over = (replies: readonly Reply[]) => {
  let asked = 0;
  // Endless pages are a limit's business (test/azure/clients.test.ts); here a conversation comes to its end.
  return clientsOver(wire(() => (asked++ < 400 ? replies[asked % replies.length]! : { status: 400 })).httpClient);
};

const activityEvent = {
  eventDataId: 'e',
  eventTimestamp: now,
  submissionTimestamp: now,
  operationName: { value: 'Microsoft.Authorization/roleAssignments/write' },
  status: { value: 'Succeeded' },
  correlationId: guid,
  resourceId: `${identity}/providers/Microsoft.Authorization/roleAssignments/${guid}`,
  caller: guid,
  httpRequest: { clientIpAddress: '10.0.0.1' },
  claims: { 'http://schemas.microsoft.com/identity/claims/objectidentifier': guid },
  authorization: { action: 'Microsoft.Authorization/roleAssignments/write', scope: identity },
  properties: {
    requestbody: `{"properties":{"principalId":"${guid}","roleDefinitionId":"${guid}"}}`,
    statusMessage: '{"error":{"code":"AuthorizationFailed","message":"The client \'x\' does not have authorization"}}',
  },
};
const tableRow = {
  EventDataId: 'e',
  TimeGenerated: now,
  OperationNameValue: 'MICROSOFT.KEYVAULT/VAULTS/WRITE',
  ActivityStatusValue: 'Failure',
  CorrelationId: guid,
  ResourceId: identity,
  Caller: guid,
  CallerIpAddress: '10.0.0.1',
  Claims: '{"appid":"x"}',
  Authorization: '{"action":"a","scope":"/"}',
  Properties: '{"statusMessage":"{}"}',
};
const denialRow = {
  service: 'key-vault',
  source: 'AZKVAuditLogs',
  objectId: guid,
  clientId: guid,
  resourceId: identity,
  tokenId: '',
  callerName: 'app',
  callerKind: 'managed-identity',
  tenantId: guid,
  target: '/subscriptions/x/vaults/kv',
  object: '',
  operation: 'SecretGet',
  statusCode: 403,
  reason: 'ForbiddenByRbac',
  example: 'x',
  action: '',
  assignmentId: '',
  denyAssignmentId: '',
  addresses: ['10.0.0.1'],
  hosts: [],
  bins: [{ start: now, count: 1 }],
  firstAt: now,
  lastAt: now,
  rows: 1,
};
const lines = [...estateLines(estate({ identities: [userAssigned('a')] }))];

async function* asAsync(list: readonly string[]): AsyncIterable<string> {
  yield* list;
}

export const parsers: readonly Fuzzed[] = [
  {
    input: 'world folders of the sandbox',
    files: ['sandbox/world-settings.ts', 'sandbox/json-lines.ts'],
    async fuzz() {
      const settings = {
        format: 1,
        now,
        tenantId: guid,
        auditor: { principalId: guid },
        denied: ['graph'],
        quota: { teams: { posts: 1, windowSeconds: 1 } },
        faults: [{ match: 'GET /', status: 500 }],
      };
      const dir = mkdtempSync(join(tmpdir(), 'mi-audit-fuzz-'));
      mkdirSync(join(dir, 'arg'));
      try {
        await always(
          fc.tuple(
            fc.oneof(
              damaged(settings).map((value) => JSON.stringify(value)),
              damagedText(JSON.stringify(settings)),
            ),
            fc.oneof(
              anything.map((value) => JSON.stringify(value)),
              fc.string(),
            ),
          ),
          ([world, line]) => {
            writeFileSync(join(dir, 'world.json'), world);
            writeFileSync(join(dir, 'arg/resources.jsonl'), `${line}\n`);
            try {
              expect(openWorld(dir).now).toMatch(/^.?\d{4,6}-/);
            } catch (error) {
              expect(error).toBeInstanceOf(NotAWorld);
            }
          },
        );
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    },
  },
  {
    input: 'answers of Resource Graph, Resource Manager and Microsoft Graph',
    files: [
      'azure/rest.ts',
      'azure/read-rows.ts',
      'azure/read-memberships.ts',
      'azure/directory-object.ts',
      'azure/identity-bag.ts',
      'azure/read-directory-power.ts',
      'azure/graph-pages.ts',
      'azure/complete-roles.ts',
      'azure/look-up.ts',
      'azure/subscription-list.ts',
      'azure/vault-policies.ts',
      'azure/read-federated-credentials.ts',
      'azure/trouble.ts',
    ],
    fuzz: () =>
      always(
        conversation,
        async (replies) => {
          const source = azureEstateSource(over(replies), { builtInRole: () => undefined });
          const memory = { federatedCredentials: new Map(), subscriptions: new Set<string>(), missing: new Set<never>() };
          const { estate: read } = await source.collect({
            now,
            scope: { managementGroups: [], subscriptions: [] },
            memory,
            progress: () => {},
          });
          // Nothing that was asked for and not understood goes without a word.
          expect(read.gaps.filter(({ harmless }) => harmless !== true)).not.toEqual([]);
        },
        few,
      ),
  },
  {
    input: 'answers to the pieces of a sharded audit and to doctor --auditor',
    files: ['azure/sharded-estate.ts', 'azure/auditor-reads.ts'],
    fuzz: () =>
      always(
        conversation,
        async (replies) => {
          const source = azureShardedSource(over(replies), { builtInRole: () => undefined });
          await source.count({ managementGroups: [], subscriptions: [] });
          await source.collectIn([guid], () => {});
          const tried = await auditorReads(over(replies)).tryAll();
          expect(tried.every(({ text }) => text.length > 5 && text.length < 600)).toBe(true);
        },
        few,
      ),
  },
  {
    input: 'answers of Log Analytics and the Activity Log',
    files: ['azure/logs/activity-log.ts', 'azure/logs/read-changes.ts', 'azure/logs/workspace-list.ts'],
    fuzz: () =>
      always(
        conversation,
        async (replies) => {
          const clients = over(replies);
          const workspace = {
            id: `/subscriptions/${guid}/w`,
            key: `/subscriptions/${guid}/w`,
            name: 'w',
            customerId: guid,
            location: '',
          } as never;
          const window = { from: '2026-11-20T07:00:00Z', until: now };
          await azureDenialLog(clients).read(window, [workspace], []);
          await azureDenialLog(clients).changes(window, [workspace]);
          await azureActivityLog(clients).read({ scopes: [guid, '/'], ...window });
          await azureWorkspaceList(clients).list({ managementGroups: [], subscriptions: [] });
        },
        few,
      ),
  },
  {
    input: 'events of the Activity Log',
    files: ['azure/logs/activity-event.ts', 'azure/logs/arm-denials.ts', 'azure/logs/changes.ts'],
    fuzz: () =>
      always(fc.oneof(damaged(activityEvent), damaged(tableRow), anything), (given) => {
        for (const event of [eventOfApi(given), eventOfTable(given)]) {
          if (event === undefined) continue;
          expect(event.operation).toBe(event.operation.toLowerCase());
          changesOf([event]);
          armDenials([event], 'w');
        }
      }),
  },
  {
    input: 'rows of refused calls and of sign-ins',
    files: ['azure/logs/denial-row.ts', 'azure/logs/sign-ins.ts'],
    fuzz: () =>
      always(fc.oneof(damaged(denialRow), damaged({ ...denialRow, service: 'app', operation: 'dotnet' }), anything), (given) => {
        const read = denialOf(given, 'w');
        if (read !== undefined) expect(JSON.stringify(read).length).toBeLessThan(200_000);
        const { series, odd } = signInSeries([given]);
        expect(series.length + odd).toBe(1);
      }),
  },
  {
    input: 'access tokens, as an identity endpoint gives them',
    files: ['azure/caller.ts', 'jobs/judge-token.ts'],
    async fuzz() {
      const claims = {
        aud: 'https://vault.azure.net',
        iss: 'https://sts.windows.net/x',
        tid: guid,
        oid: guid,
        appid: guid,
        exp: 4_000_000_000,
      };
      const token = fc.oneof(
        damaged(claims).map((given) => tokenOf(given as Record<string, unknown>)),
        damagedText(tokenOf(claims)),
        anything.map((given) => JSON.stringify({ access_token: given, accessToken: given })),
        fc.string(),
      );
      await always(token, (given) => {
        const read = readToken(given);
        if (read !== undefined) judgeToken(read, { now, resource: claims.aud, principal: guid, tenant: guid });
      });
      await always(token, async (given) => {
        const credential = { getToken: async () => ({ token: given, expiresOnTimestamp: 4_000_000_000_000 }) };
        await clientsOver(wire(() => ({})).httpClient, { credential }).caller();
      });
    },
  },
  {
    input: 'answers of the identity endpoint',
    files: ['jobs/doctor/identity-answer.ts'],
    fuzz: () =>
      always(
        fc.tuple(
          fc.nat({ max: 599 }),
          fc.oneof(
            anything.map((given) => JSON.stringify(given)),
            damaged({ error: { code: 'x', message: 'y' } }).map((given) => JSON.stringify(given)),
            damagedText('<?xml version="1.0"?><Error><Code>x</Code></Error>'),
            fc.string(),
          ),
        ),
        ([status, body]) => {
          const answer = { status, body, headers: {} } as Parameters<typeof wordsOf>[0];
          expect(typeof wordsOf(answer)).toBe('string');
          expect(typeof (tokenIn(answer) ?? '')).toBe('string');
          expect(typeof isFromProxy(answer)).toBe('boolean');
        },
      ),
  },
  {
    input: 'estate files',
    files: ['jobs/estate-file.ts', 'jobs/redact-estate.ts'],
    fuzz: () =>
      always(
        fc.array(
          fc.tuple(
            fc.nat({ max: lines.length - 1 }),
            fc.oneof(...lines.map((line) => damaged(JSON.parse(line)).map((given) => JSON.stringify(given))), damagedText(lines[0]!)),
          ),
          { minLength: 1, maxLength: 3 },
        ),
        async (changes) => {
          const given = [...lines];
          for (const [at, line] of changes) given[at] = line;
          try {
            await readEstate(asAsync(given));
            for (const line of redactedLines(given, 'salt')) JSON.parse(line);
          } catch (error) {
            expect(String(error)).toMatch(/^Error: (Line \d+|The file )/);
          }
        },
      ),
  },
  {
    input: 'rows of the store, older, newer or mangled',
    files: ['store/row-kind.ts', 'store/sqlite-table.ts'],
    fuzz: () =>
      always(
        fc.array(
          fc.tuple(
            fc.nat(),
            fc.oneof(
              anything.map((given) => ({ v: 1, body: JSON.stringify(given) })),
              fc.record({ v: fc.constantFrom(-1, 0, 0.5, 1, 2, 99), body: fc.json() }),
              anything,
            ),
          ),
          { minLength: 1, maxLength: 4 },
        ),
        async (changes) => {
          const table = memoryTable();
          const world = { now: day(1), estate: estate(), violations: [violation('/a'), violation('/b')] };
          await audit(openStore(table, clock), world);
          const rows = table.dump();
          await table.write(
            [...new Map(changes.map(([at, values]) => [at % rows.length, values]))].map(([at, values]) => ({
              kind: 'put',
              row: {
                ...rows[at]!,
                values: (typeof values === 'object' && values !== null && !Array.isArray(values) ? values : { v: 1, body: '{' }) as never,
              },
            })),
          );
          try {
            const store = openStore(table, clock);
            await all(store.findings({}));
            await store.runs(5);
            await audit(store, { ...world, now: day(2) });
          } catch (error) {
            if (!(error instanceof NewerStoreError)) throw error;
          }
        },
        few,
      ).then(() => sqliteOf()),
  },
  {
    input: 'checkpoints of a sharded audit',
    files: ['store/page-text.ts', 'jobs/sharded/checkpoint-estate.ts'],
    fuzz: async () => {
      const maker = pageMaker();
      maker.add(['identities', { name: 'x' }]);
      const [page = ''] = maker.rest();
      await always(fc.oneof(damagedText(page), fc.string()), (given) => {
        // A checkpoint that cannot be read ends its piece with an error; the piece is begun again, and given up aloud.
        try {
          expect(Array.from(itemsOfPage(given)).length).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect((error as Error).name).not.toMatch(/TypeError|AssertionError/);
        }
      });
    },
  },
  {
    input: 'cursors of lists',
    files: ['store/cursor.ts'],
    fuzz: async () => {
      const question = { severity: ['high'] };
      const good = cursorAfter(question, 'a.b');
      expect(readCursor(question, good)).toBe('a.b');
      await always(
        fc.oneof(
          damagedText(good),
          fc.string(),
          anything.map((given) => Buffer.from(JSON.stringify(given)).toString('base64url')),
        ),
        (given) => {
          try {
            expect(readCursor(question, given)).toMatch(/^[\w.~-]+$/);
          } catch (error) {
            expect(error).toBeInstanceOf(UnknownCursorError);
          }
        },
      );
    },
  },
  {
    input: 'messages of the queues',
    files: ['jobs/sharded/perform-piece.ts'],
    fuzz: () =>
      always(fc.oneof(anything, damaged({ planId: 'p', piece: 'collect.0' })), async (given) => {
        const store = { shardPlan: async () => undefined };
        const { said } = await performPiece({ store } as unknown as ShardedRequest, given);
        expect(said).toMatch(/names no piece|belongs to an audit that is over/);
        expect(said.length).toBeLessThan(400);
      }),
  },
  {
    input: 'KQL that the sandbox is asked',
    files: ['sandbox/kql/dynamic.ts'],
    fuzz: () =>
      always(
        fc.oneof(
          fc.constantFrom(...queryTexts).chain(damagedText),
          fc.string(),
          fc.constantFrom('print parse_json("{\\"__proto__\\":{\\"polluted\\":1}}").polluted', 'T | where a matches regex "("'),
        ),
        (query) => {
          try {
            runKql(query, {
              tables: [{ name: 'T', columns: [{ name: 'a', type: 'string' }], rows: () => [{ a: '{"__proto__":1}' }] }],
              now: new Date(now),
              rowsMax: 10_000,
            });
          } catch (error) {
            if (!(error instanceof KqlError)) throw error;
          }
        },
        few,
      ),
  },
  {
    input: 'requests to the sandbox',
    files: ['sandbox/http.ts', 'sandbox/logs.ts', 'sandbox/resource-graph.ts'],
    async fuzz() {
      await using s = await serve({});
      const paths = ['/directoryObjects/getByIds', '/$batch', `/servicePrincipals/${guid}/appRoleAssignments`];
      await always(
        fc.tuple(
          fc.nat({ max: 5 }),
          fc.oneof(
            anything,
            damaged({
              ids: [guid],
              types: ['user'],
              requests: [{ id: '1', method: 'GET', url: '/users' }],
              query: 'resources',
              options: { $skipToken: 'x', $top: 1 },
            }),
            fc.string(),
          ),
        ),
        async ([at, body]) => {
          const { status } =
            at < 3
              ? await s.graph('POST', paths[at]!, body ?? null)
              : at === 3
                ? await s.logs(`/v1/workspaces/${guid}/query`, body ?? null)
                : await s.arm('POST', '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01', body ?? null);
          expect([status, status !== 0 && status !== 500]).toEqual([status, true]);
        },
        few,
      );
    },
  },
  {
    input: 'requests that leave through the guard',
    files: ['azure/guard.ts'],
    fuzz: () =>
      always(
        fc.tuple(
          fc.oneof(damaged({ requests: [{ id: '0', method: 'GET', url: '/groups/x' }] }), anything),
          fc.constantFrom('/v1.0/$batch', '/v1.0/directoryObjects/getByIds', '/v1.0/users'),
        ),
        async ([body, path]) => {
          const text = JSON.stringify(body);
          let sent = false;
          const request = createPipelineRequest({ url: `https://graph.microsoft.com${path}`, method: 'POST', body: text });
          const next = async () => {
            sent = true;
            return { request, status: 200, headers: request.headers };
          };
          try {
            await guard(cloud({ name: 'AzureCloud' })).sendRequest(request, next);
          } catch (error) {
            expect(error).toBeInstanceOf(RefusedCall);
          }
          if (sent && path.endsWith('$batch')) {
            const { requests } = JSON.parse(text) as { readonly requests: readonly { readonly method: string }[] };
            expect(requests.every(({ method }) => method === 'GET')).toBe(true);
          }
          expect(sent && path.endsWith('users')).toBe(false);
        },
      ),
  },
  {
    input: "the API's answers, on the page",
    files: ['tab/api/ask.ts'],
    fuzz: () =>
      always(anything, (given) => {
        const texts: string[] = [];
        // Values are other people's text; names are the contract's.
        JSON.parse(JSON.stringify(given), (key, value: unknown) => {
          const shown = readable(key, value);
          if (typeof shown === 'string' && !['cli', 'bicep', 'terraform'].includes(key)) texts.push(shown);
          return shown;
        });
        expect(texts.join('')).not.toMatch(/[\u0000-\u0008\u202e\u2028\u0085]/);
      }),
  },
];

/** A database whose rows somebody changed by hand. */
async function sqliteOf(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'mi-audit-fuzz-'));
  try {
    const table = openSqliteTable(join(dir, 'store.sqlite'));
    await table.close();
    await always(
      fc.uint8Array({ minLength: 0, maxLength: 200 }),
      async (bytes) => {
        writeFileSync(join(dir, 'other.sqlite'), bytes);
        const opened = openSqliteTable(join(dir, 'other.sqlite'));
        await opened.close();
      },
      few,
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Input that is fuzzed where its other tests are. */
export const elsewhere: readonly { readonly input: string; readonly test: string; readonly files: readonly string[] }[] = [
  { input: 'settings', test: 'test/config/read-settings.test.ts', files: ['config/read-settings.ts', 'config/field.ts'] },
  { input: 'the setting CHANNELS', test: 'test/config/channels.test.ts', files: ['config/channels.ts'] },
  {
    input: 'requests to the HTTP API',
    test: 'test/api/fuzz.test.ts',
    files: ['api/auth/verify-token.ts', 'api/http/query.ts', 'api/http/body.ts'],
  },
];

/** Files that parse what this product wrote itself, and why that is nobody else's. */
export const ownInput: Readonly<Record<string, string>> = {
  'cli/run.ts': 'the arguments of the command line, taken apart by commander',
  'config/describe.ts': 'the schema of the settings, asked for its defaults',
};
