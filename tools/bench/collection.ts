import { presets } from '../../src/sandbox/generate/index.ts';
import { measurement, round, type Measurement } from './result.ts';
import { inWorld } from './world.ts';

const quota = { queries: 15, windowSeconds: 5 };

/** How long collection takes where Resource Graph allows 15 queries in 5 seconds, against the time that those queries take by themselves at best. */
export async function collection(progress: (line: string) => void): Promise<readonly Measurement[]> {
  const size = { ...presets.reference, assignments: 90_000, quota };
  const { collectWallMs, wire } = await inWorld(size, progress, (audit) => audit());
  // The first window opens with the first query; the last of them need not end.
  const floorMs = (Math.ceil(wire.resourceGraph / quota.queries) - 1) * quota.windowSeconds * 1000;
  return [
    measurement(
      `collection of ${size.assignments} assignments under the quota, wall time over the floor of the quota`,
      collectWallMs / floorMs,
      '×',
      {
        wallMs: round(collectWallMs),
        floorMs,
        queries: wire.resourceGraph,
        throttled: wire.throttled,
        credentialsRead: wire.federatedCredentials,
        orphansConfirmed: wire.confirmations,
        otherCalls: wire.other,
      },
      1.1,
    ),
  ];
}
