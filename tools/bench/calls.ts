import { presets, type TenantSize } from '../../src/sandbox/generate/index.ts';
import { measurement, type Measurement } from './result.ts';
import { inWorld } from './world.ts';

/** Calls of one whole collection, less one per identity whose federated credentials were read and one per orphan that was confirmed. */
export async function calls(progress: (line: string) => void): Promise<readonly Measurement[]> {
  return [await counted('reference', presets.reference, progress), await counted('wide', presets.wide, progress)];
}

async function counted(name: string, { quota: _quota, ...size }: TenantSize, progress: (line: string) => void): Promise<Measurement> {
  const { calls: said, wire } = await inWorld(size, progress, (audit) => audit());
  const seen = wire.resourceGraph + wire.other;
  const told = said.resourceGraph + said.arm + said.graph;
  const detail = {
    ...wire,
    toldByTheRun: told,
    tellsTheTruth: told === seen + wire.federatedCredentials + wire.confirmations ? 'yes' : 'no',
  };
  return measurement(`calls on ${name}, ${size.subscriptions} subscriptions`, seen, 'calls', detail, 45);
}
