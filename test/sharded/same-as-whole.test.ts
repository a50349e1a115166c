import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInRole } from '../../src/access/index.ts';
import { azureEstateSource, azureShardedSource, type AzureClients } from '../../src/azure/index.ts';
import { auditEstate } from '../../src/jobs/audit-estate.ts';
import { writeContoso } from '../../src/sandbox/generate/index.ts';
import { openStore } from '../../src/store/index.ts';
import { noMemory, overWorld } from '../azure/sandboxed.ts';
import { memoryTable } from '../fakes/record-table.ts';
import { auditSharded, messageBox, shardedRequest, stored } from './sharded-world.ts';

/** The real clients and queries over the built-in world, once whole and once in many small shards. */
const folder = await mkdtemp(join(tmpdir(), 'mi-audit-sharded-'));
beforeAll(() => writeContoso(folder));
afterAll(() => rm(folder, { recursive: true }));

describe('an audit in shards', () => {
  it('leaves the same rows in the store as one in a single piece, today and tomorrow', async () => {
    await overWorld(folder, {}, async (azure: AzureClients) => {
      const [whole, sharded] = [memoryTable(), memoryTable()];
      for (const at of ['2026-11-20T08:00:00.000Z', '2026-11-21T08:00:00.000Z']) {
        const clock = { ms: Date.parse(at) };
        const queue = messageBox();
        const stage = { table: sharded, source: azureShardedSource(azure, { builtInRole }), queue, at, clock, shardRows: 100 };
        await auditEstate({
          ...shardedRequest(stage),
          source: azureEstateSource(azure, { builtInRole }),
          store: openStore(whole, { nowMs: () => clock.ms }),
          dryRun: false,
        });
        await auditSharded(stage);
        const [expected, actual] = [await stored(whole), await stored(sharded)];
        expect(actual.map(({ partition, row }) => `${partition} ${row}`)).toEqual(
          expected.map(({ partition, row }) => `${partition} ${row}`),
        );
        expect(actual).toEqual(expected);
        expect(expected.length).toBeGreaterThan(100);
      }
    });
  }, 120_000);

  it('names the subscriptions that a count cut short kept from being read', async () => {
    await overWorld(folder, {}, async (azure: AzureClients, sandbox) => {
      const source = azureShardedSource(azure, { builtInRole });
      const scope = { managementGroups: [], subscriptions: [] };
      const [unread, ...planned] = (await source.count(scope))?.counts.map(({ subscription }) => subscription) ?? [];
      const read = [await source.collectAbove({ scope, progress: () => {} }), await source.collectIn(planned, () => {})];
      const collectFacts = (subscriptions: ReadonlySet<string> | undefined) =>
        source.collectFacts({
          now: sandbox.now,
          scope,
          memory: noMemory,
          progress: () => {},
          collected: {
            about: read.map(({ about }) => about),
            subscriptions,
            async *assignments() {
              for (const { rows } of read) yield* rows.assignments;
            },
            async *resources() {
              for (const { rows } of read) yield rows;
            },
          },
        });
      const { estate } = await collectFacts(new Set(planned));
      const unplanned = estate.gaps.filter(({ why }) => why.includes('turned up after the audit had been cut into shards'));
      expect(new Set(unplanned.map(({ scope: at }) => at))).toEqual(new Set([`/subscriptions/${unread}`]));
      expect(unplanned.map(({ slice, state }) => [slice, state])).toContainEqual(['roleAssignments', 'missing']);
    });
  }, 120_000);
});
