import { describe, expect, it } from 'vitest';
import { azureEstateSource, cloud, type CloudName } from '../../src/azure/index.ts';
import { clientsOver, wire } from './wire.ts';
import { noMemory } from './sandboxed.ts';

const request = { now: '2026-11-20T08:00:00Z', scope: { managementGroups: [], subscriptions: [] }, memory: noMemory, progress: () => {} };

describe('azureClients', () => {
  const endpoints: readonly (readonly [CloudName, string, string])[] = [
    ['AzureCloud', 'management.azure.com', 'graph.microsoft.com'],
    ['AzureUSGovernment', 'management.usgovcloudapi.net', 'graph.microsoft.us'],
    ['AzureChinaCloud', 'management.chinacloudapi.cn', 'microsoftgraph.chinacloudapi.cn'],
  ];
  it.each(endpoints)('of %s talk to its endpoints with its tokens, and to nothing else', async (name, arm, graph) => {
    const scopes = new Set<string>();
    const { httpClient, sent } = wire(({ path }) => ({
      body: path.endsWith('/resources') ? { data: [], count: 0, totalRecords: 0, resultTruncated: 'false' } : { value: [] },
    }));
    const credential = {
      getToken: async (given: string | string[]) => {
        for (const scope of [given].flat()) scopes.add(scope);
        return { token: 'x.y.z', expiresOnTimestamp: 4_000_000_000_000 };
      },
    };
    await azureEstateSource(clientsOver(httpClient, { cloud: cloud({ name }), credential }), { builtInRole: () => undefined }).collect(
      request,
    );
    expect([...new Set(sent.map(({ url }) => new URL(url).host))].sort()).toEqual([arm, graph].sort());
    expect([...scopes].sort()).toEqual([`https://${arm}/.default`, `https://${graph}/.default`].sort());
  });

  it('of a custom cloud ask for tokens for its own addresses', () => {
    const custom = cloud({
      name: 'custom',
      resourceManagerUrl: 'https://localhost:1/',
      graphUrl: 'https://localhost:2',
      logsUrl: 'https://localhost:3/logs/',
    });
    expect(custom.scopes).toEqual({
      resourceManager: 'https://localhost:1/.default',
      graph: 'https://localhost:2/.default',
      logs: 'https://localhost:3/logs/.default',
    });
    expect(() => cloud({ name: 'custom', resourceManagerUrl: 'http://localhost:1', graphUrl: 'https://x', logsUrl: 'https://x' })).toThrow(
      'CLOUD_RESOURCE_MANAGER_URL must be an https address',
    );
    expect(() => cloud({ name: 'custom', resourceManagerUrl: 'https://x' })).toThrow('CLOUD_GRAPH_URL');
  });

  it('throw when nobody can sign in, with what to do', async () => {
    const failing = async (getToken: () => Promise<null>) =>
      azureEstateSource(clientsOver(wire(() => ({})).httpClient, { credential: { getToken } }), { builtInRole: () => undefined }).collect(
        request,
      );
    await expect(failing(() => Promise.reject(new Error('endpoint down')))).rejects.toThrow(/could not sign in.*endpoint down.*CLOUD/);
    await expect(failing(async () => null)).rejects.toThrow('could not sign in');
  });

  it('count every attempt, and per collection', async () => {
    let fail = true;
    const { httpClient, sent } = wire(({ path }) => {
      if (path === '/subscriptions' && fail) {
        fail = false;
        return { status: 503, headers: { 'retry-after': '0' } };
      }
      return { body: path.endsWith('/resources') ? { data: [], count: 0, totalRecords: 0 } : { value: [] } };
    });
    const source = azureEstateSource(clientsOver(httpClient), { builtInRole: () => undefined });
    const first = await source.collect(request);
    const second = await source.collect(request);
    expect(first.calls).toEqual({ resourceGraph: 5, arm: 2, graph: 3, logs: 0, tables: 0 });
    expect(second.calls).toEqual({ ...first.calls, arm: 1 });
    expect(sent).toHaveLength(10 + 9);
  });

  it('survive answers of any kind: everything becomes a gap, nothing throws', async () => {
    const bodies = [
      '',
      'null',
      '[]',
      '"x"',
      '3',
      '{}',
      '{"value":null}',
      '{"value":[null,3,"x",{}]}',
      '<html>',
      '{"data":[{"id":"/a"}],"responses":[null]}',
      '{"value":[],"nextLink":"https://example.org/x","@odata.nextLink":"https://example.org/x","$skipToken":"x","data":[]}',
    ];
    for (const body of bodies) {
      for (const status of [200, 204, 302, 401, 404, 418, 501]) {
        const { httpClient, sent } = wire(() => ({ status, body, headers: { location: 'https://example.org/' } }));
        const { estate } = await azureEstateSource(clientsOver(httpClient), { builtInRole: () => undefined }).collect(request);
        expect(estate.gaps.some(({ harmless }) => harmless !== true)).toBe(true);
        expect(sent.every(({ url }) => !url.includes('example.org'))).toBe(true);
      }
    }
  });
});
