import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { presets, writeTenant, type TenantSize } from '../../src/sandbox/generate/index.ts';
import { collectFolder } from './sandboxed.ts';

/** Without the quota: here calls are counted, not waited for. */
async function callsOn(
  size: TenantSize,
): Promise<{ readonly calls: number; readonly refreshed: number; readonly confirmed: number; readonly gaps: number }> {
  const { quota: _, ...unhurried } = size;
  const dir = await mkdtemp(join(tmpdir(), 'mi-audit-calls-'));
  try {
    await writeTenant(dir, unhurried);
    const { estate, calls, requests } = await collectFolder(dir);
    return {
      calls: calls.resourceGraph + calls.arm + calls.graph + calls.logs,
      refreshed: requests.filter((request) => request.endsWith('/federatedIdentityCredentials')).length,
      confirmed: estate.confirmations.size,
      gaps: estate.gaps.filter(({ harmless }) => harmless !== true).length,
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

describe('calls of one collection', () => {
  /**
   * reference: resources 5 pages, assignments 10, containers 5, roles 1, policies 1 = 22 of Resource Graph; subscriptions 1; principals 4, recycle bin
   * 1, groups 3 batches, application permissions 1, directory roles 1 = 10 of Graph. 33 in all; 36 with 2,000 subscriptions, whose own rows fill pages.
   */
  it.each(['reference', 'wide'] as const)(
    'on the tenant "%s" are at most 45, besides one per identity refreshed and one per suspected orphan',
    async (preset) => {
      const { calls, refreshed, confirmed, gaps } = await callsOn(presets[preset]);
      expect(refreshed).toBe(500);
      expect(confirmed).toBeGreaterThan(0);
      expect(calls - refreshed - confirmed).toBeLessThanOrEqual(45);
      expect(gaps).toBe(0);
    },
  );
});
