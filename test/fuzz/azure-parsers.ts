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
import { readTokenCallers } from '../../src/azure/logs/token-callers.ts';
import { conversation, over } from './azure-conversation.ts';
import { anything, damaged } from './foreign.ts';
import { always, few, now, guid, type Fuzzed } from './fuzzed.ts';

/** What services of Azure answer, and what leaves for them. */
export const azureParsers: readonly Fuzzed[] = [
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
      'azure/read-native-roles.ts',
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
            denyAssignmentsAt: [`/subscriptions/${guid}/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/cosmos`],
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
    files: ['azure/logs/activity-log.ts', 'azure/logs/read-changes.ts', 'azure/logs/workspace-list.ts', 'azure/logs/token-callers.ts'],
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
          await readTokenCallers(clients, workspace, ['token'], window);
          await azureActivityLog(clients).read({ scopes: [guid, '/'], ...window });
          await azureWorkspaceList(clients).list({ managementGroups: [], subscriptions: [] });
        },
        few,
      ),
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
];
