import { scopeTree, type Estate, type Identity } from '../../estate/index.ts';
import { remember } from '../../findings/index.ts';
import type { IdentitySheet } from '../../inventory/index.ts';
import { hiddenIn } from '../save-inventory.ts';
import { subscriptionNames } from '../subscription-names.ts';
import { readFacts, rowsIn } from './checkpoint-estate.ts';
import type { Gathered } from './gather-parts.ts';
import type { ShardedRequest, Underway } from './sharded-request.ts';

/** What the next audit is to know of this one, besides findings. */
export async function saveMemory(
  { store, settings }: ShardedRequest,
  { plan, run }: Underway,
  { facts, states, collected, verdicts: { verdicts } }: Gathered,
): Promise<void> {
  const estate: Estate = {
    ...(await readFacts(store, plan.id, states, ['containers', 'gaps', 'asked', 'found', 'deleted', 'unresolved', 'federatedCredentials'])),
    identities: await identitiesIn(rowsIn(store, plan.id, collected)),
  };
  const { remembered } = await store.knownAround(run.id);
  const { within } = scopeTree(facts.containers);
  const memory = remember({ estate, remembered, verdicts, within, area: settings.scope, now: plan.at, runId: run.id });
  await store.apply(run.id, { findings: [], history: [], exceptions: [], memory }, []);
  await store.saveSubscriptionNames(subscriptionNames(facts));
}

/** As much of each as is remembered. */
async function identitiesIn(rows: ReturnType<typeof rowsIn>): Promise<readonly Identity[]> {
  const identities: Identity[] = [];
  for await (const [kind, item] of rows(['identities'])) {
    if (kind !== 'identities') continue;
    const { principalId, resourceId, key, name } = item;
    identities.push({ kind: item.kind, principalId, resourceId, key, name, tags: noTags });
  }
  return identities;
}

const noTags = {};

/** The inventory, from the sheets that the parts left. */
export async function saveSheets({ store, settings }: ShardedRequest, { plan }: Underway, { facts, parts }: Gathered): Promise<void> {
  const hidden = hiddenIn(facts.gaps, scopeTree(facts.containers).within, settings.scope);
  async function* sheets(): AsyncIterable<IdentitySheet> {
    // Put there by `judgeOnePart`.
    for (const part of parts) for await (const sheet of store.readPiece(plan.id, part, 'sheets')) yield sheet as IdentitySheet;
  }
  await store.saveInventory({ at: plan.at, sheets: sheets(), hidden });
}
